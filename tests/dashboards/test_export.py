import polars as pl

from dashboards.export import to_csv


def test_a_spreadsheet_reads_utf8_and_runs_no_formula() -> None:
    rows = pl.DataFrame(
        {"name": ["=1+1", "-2", "@x", "面霜, 50ml", None], "units": [1, -2, 3, 4, 5]}
    )
    written = to_csv(rows, ["商品", "+units"])
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").split("\r\n") == [
        "商品,'+units",
        "'=1+1,1",
        "'-2,-2",
        "'@x,3",
        '"面霜, 50ml",4',
        ",5",
        "",
    ]
