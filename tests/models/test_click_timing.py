"""Trailing counts look back, and see all of one instant alike."""

from datetime import datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from features.click_timing import trailing_counts

START = datetime(2026, 3, 1)


def test_a_click_counts_itself_and_what_shared_its_key_before() -> None:
    minutes = [0, 30, 30, 90, 95]
    clicks = pl.DataFrame(
        {
            "clicked_at": [START + timedelta(minutes=m) for m in minutes],
            "ip": ["a", "a", "a", "a", "b"],
            "app": [1, 1, 2, 1, 1],
        }
    )
    expected = pl.DataFrame({"ip_clicks_1h": [1, 3, 3, 1, 1], "ip_app_clicks_1h": [1, 2, 1, 1, 1]})
    told = trailing_counts(clicks, [["ip"], ["ip", "app"]], "1h")
    assert_frame_equal(told, expected, check_dtypes=False)
    turned = trailing_counts(clicks.reverse(), [["ip"], ["ip", "app"]], "1h")
    assert_frame_equal(turned, expected.reverse(), check_dtypes=False)


def test_no_clicks_have_no_counts() -> None:
    none = pl.DataFrame({"clicked_at": [], "ip": []}, schema={"clicked_at": pl.Datetime, "ip": str})
    assert trailing_counts(none, [["ip"]]).columns == ["ip_clicks_1d"]
    assert trailing_counts(none, [["ip"]]).is_empty()
