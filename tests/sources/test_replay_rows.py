"""What the replay does with any file: broken rows, equal rows, second replays, large files."""

import gzip

import pytest

from pipelines.sources import export, replay
from pipelines.sources.export import ExportRefused

HEADER = b"ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"
GOOD = b"87540,12,1,13,497,2017-11-07 09:30:38,,0"
WHEN = b"2017-11-07 09:30:38"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"", "holds 1 cells where the header has 8"),
        (b"87540,12,1,13", "holds 4 cells where the header has 8"),
        (GOOD + b",more", "holds 9 cells where the header has 8"),
        (GOOD[:-1] + b"2", "unknown is_attributed '2' (known: 0, 1)"),
        (b",12,1,13,497,2017-11-07 09:30:38,,0", "ip is empty"),
        (b"1," + b"9" * 257 + b",1,13,497,2017-11-07 09:30:38,,0", "app is too long"),
        (GOOD.replace(WHEN, b"2017-02-30 09:30:38"), "click_time '2017-02-30 09:30:38' is not a"),
        (GOOD.replace(WHEN, b"infinity"), "click_time 'infinity' is not a"),
        (GOOD.replace(WHEN, b"0000-01-01 00:00:00"), "click_time '0000-01-01 00:00:00' is not a"),
        (GOOD.replace(b"12", b"\xe5\xb1"), "not UTF-8"),
        (b"\xff,short", "not UTF-8"),
        (GOOD.replace(b"12", b"1\x002"), "holds a control character"),
        (GOOD.replace(b"12", b"1\r2"), "holds a control character"),
        (GOOD.replace(b"12", b'"12'), "its quotes do not match"),
        (GOOD.replace(b"12", b'"1"2'), "its quotes do not match"),
        (b"x" * 70_000, "longer than 65536 bytes"),
        (b"x" * 9_000_000, "longer than 65536 bytes"),
    ],
)
def test_a_broken_row_lands_with_its_line_and_harms_no_neighbour(land, row, reason):
    landed = land("talkingdata", HEADER + GOOD + b"\n" + row + b"\n" + GOOD + b"\n")
    assert [event["id"] for event in landed.of("ad.clicked")] == [
        "export:2:clicked",
        "export:4:clicked",
    ]
    rejected = landed.of("replay.row_rejected")[0]
    assert rejected["id"] == "export:3:rejected"
    assert (rejected["data"]["file"], rejected["data"]["line"]) == ("export.csv", 3)
    assert rejected["data"]["reason"].startswith(reason)
    assert landed.report.rows == 3
    assert landed.report.rejected == 1
    assert landed.report.first_rejections[0].line == 3


def test_a_rejected_row_keeps_its_text(land):
    landed = land("talkingdata", HEADER + '山,"茶'.encode() + b"\n\xe5,\\\n")
    rows = [event["data"]["row"] for event in landed.of("replay.row_rejected")]
    assert rows == ['山,"茶', "\\xE5,\\x5C"]


def test_the_report_counts_all_rejections_and_shows_the_first(land):
    landed = land("talkingdata", HEADER + b"broken\n" * 30 + GOOD)
    assert (landed.report.rows, landed.report.events, landed.report.rejected) == (31, 2, 30)
    assert [rejection.line for rejection in landed.report.first_rejections] == [2, 3, 4, 5, 6]


def test_quoted_cells_may_hold_commas_and_quotes(land):
    landed = land("talkingdata", HEADER + GOOD.replace(b"12", b'"spring, ""new"""'))
    assert landed.of("ad.clicked")[0]["data"]["campaign_id"] == 'spring, "new"'


def test_a_quote_inside_an_unquoted_cell_is_itself(land):
    landed = land("talkingdata", HEADER + GOOD.replace(b"12", b'5" phone'))
    assert landed.of("ad.clicked")[0]["data"]["campaign_id"] == '5" phone'


def test_line_ends_of_windows_a_byte_order_mark_and_a_missing_last_newline_are_fine(land):
    file = b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + GOOD + b"\r\n" + GOOD
    assert len(land("talkingdata", file).of("ad.clicked")) == 2


def test_columns_may_stand_in_any_order_among_others(land):
    file = b"x,is_attributed,attributed_time,click_time,channel,os,device,app,ip\n"
    landed = land("talkingdata", file + b"?,0,,2017-11-07 09:30:38,497,13,1,12,87540\n")
    assert landed.of("ad.clicked")[0]["data"]["campaign_id"] == "12"


def test_equal_rows_are_two_events(land):
    landed = land("talkingdata", HEADER + GOOD + b"\n" + GOOD + b"\n")
    first, second = landed.of("ad.clicked")
    assert first["id"] != second["id"]
    assert first | {"id": ""} == second | {"id": ""}


def test_a_second_replay_lands_the_same_lines_again(land):
    file = HEADER + GOOD + b"\nbroken\n" + GOOD[:-2] + b"2017-11-07 10:00:00,1\n"
    first = land("talkingdata", file).lines
    assert land("talkingdata", file).lines == first + first


def test_compressed_and_plain_files_give_the_same_lines(land):
    plain = land("talkingdata", HEADER + GOOD, name="clicks.csv")
    both = land("talkingdata", gzip.compress(HEADER + GOOD, mtime=0), name="clicks.csv.gz")
    assert both.lines == plain.lines * 2


def test_a_file_read_in_many_blocks_gives_the_same_lines_in_more_segments(land, monkeypatch):
    rows = [GOOD.replace(b"12", b"%d" % number) for number in range(500)]
    rows[77], rows[400] = b"broken", b"x" * 70_000
    whole = land("talkingdata", HEADER + b"\n".join(rows), name="a.csv")
    monkeypatch.setattr(export, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(replay, "SEGMENT_LINES", 100)
    pieces = land("talkingdata", HEADER + b"\n".join(rows), name="a.csv")
    assert pieces.lines == whole.lines * 2
    assert whole.report.segments == 1
    assert pieces.report.segments == 5


def test_a_replay_that_was_killed_half_way_is_finished_by_the_next(land, monkeypatch):
    file = HEADER + b"\n".join([GOOD] * 300)
    monkeypatch.setattr(export, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(replay, "SEGMENT_LINES", 100)
    appended = []

    def dying_append(*arguments):
        if len(appended) == 2:
            raise KeyboardInterrupt
        appended.append(append_segment(*arguments))

    append_segment = replay.append_segment
    monkeypatch.setattr(replay, "append_segment", dying_append)
    with pytest.raises(KeyboardInterrupt):
        land("talkingdata", file)
    monkeypatch.setattr(replay, "append_segment", append_segment)
    landed = land("talkingdata", file)
    assert len(appended) == 2
    assert len(landed.lines) > 301
    assert len(set(landed.lines)) == len(set(landed.ids)) == 301


def test_a_file_without_rows_lands_nothing(land):
    landed = land("talkingdata", HEADER)
    assert (landed.report.rows, landed.report.segments, landed.lines) == (0, 0, [])


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"ip,app,device\n1,2,3\n", "lacks the column 'os' that source 'talkingdata' needs"),
        (b"", "lacks the column 'ip'.*holds: nothing"),
        (b"\xff\xfei\x00p\x00", "line 1: not a CSV header in UTF-8"),
        (gzip.compress(HEADER + GOOD, mtime=0)[:-20], "the gzip data is cut or damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(land, file, message):
    with pytest.raises(ExportRefused, match=message):
        land("talkingdata", file)


def test_a_missing_file_is_refused(land, tmp_path):
    with pytest.raises(ExportRefused, match=r"nothing\.csv: there is no such file"):
        replay.replay(None, tmp_path / "nothing.csv", tmp_path, closed_on=None)
