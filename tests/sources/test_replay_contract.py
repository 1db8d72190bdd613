"""Whatever an export holds, what lands is a line of the contract."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.contract import EVENTS, Envelope
from platform_core.contract.envelope import MAX_LINE_BYTES
from platform_core.contract.events.replay import RowRejected

SHOP_HEADER = (
    b"event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
)
ADS_HEADER = b"ip,app,device,os,channel,click_time,attributed_time,is_attributed"
MODELS = EVENTS | {RowRejected.dataschema(): RowRejected}

text = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["", "山野护肤", "a.b_c", '"', '""', "\\", "\x00", "NaN", "-1", "\u2028", "𠮷"]
)
times = st.datetimes().map(lambda at: at.strftime("%Y-%m-%d %H:%M:%S")) | text
prices = st.decimals(0, 10**9, places=2).map(str) | text


def cells(*columns):
    return st.tuples(*columns).map(lambda row: ",".join(row).encode())


shop_rows = cells(
    times.map(lambda at: f"{at} UTC"),
    st.sampled_from(["view", "cart", "purchase"]) | text,
    text,
    text,
    text,
    text,
    prices,
    text,
    text,
)
ad_rows = cells(text, text, text, text, text, times, times, st.sampled_from(["0", "1"]) | text)


def check(landed, *, rows):
    """Every line is of the contract; every row has left at least one, in the order of the file."""
    for line in landed.lines:
        envelope = Envelope.model_validate_json(line)
        data = MODELS[envelope.dataschema].model_validate_json(json.dumps(envelope.data))
        assert data.dataschema() == f"{envelope.type}/1"
        assert len(line) < MAX_LINE_BYTES
    assert len(landed.ids) == len(set(landed.ids))
    numbers = [int(event_id.split(":")[1]) for event_id in landed.ids]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(2, rows + 2))


@pytest.mark.parametrize(
    ("source", "header", "row"),
    [("rees46", SHOP_HEADER, shop_rows), ("talkingdata", ADS_HEADER, ad_rows)],
)
def test_every_line_that_lands_is_of_the_contract(source, header, row, land_anew):
    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(st.lists(row | st.binary(max_size=80), max_size=30))
    def holds(rows):
        file = b"\n".join([header, *rows, b""])
        check(land_anew(source, file), rows=file.count(b"\n") - 1)

    holds()
