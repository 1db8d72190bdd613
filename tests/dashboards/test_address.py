from datetime import date

import pytest

from dashboards.address import BrandRefused, Filters, brand, filters


def test_an_empty_query_means_the_defaults_and_the_defaults_write_no_query() -> None:
    assert filters({}) == Filters(28, "previous", None)
    assert Filters().codes() == {}


def test_codes_lead_back_to_the_same_filters() -> None:
    chosen = Filters(7, "year", date(2026, 8, 29))
    assert chosen.codes() == {"period": "7", "compare": "year", "end": "2026-08-29"}
    assert filters({name: [code] for name, code in chosen.codes().items()}) == chosen


def test_values_that_a_page_does_not_know_fall_back() -> None:
    query = {"period": ["30"], "compare": ["上一周期"], "end": ["yesterday"], "other": ["x"]}
    assert filters(query) == Filters()


def test_a_brand_account_sees_its_own_brands_and_the_first_unless_it_asks() -> None:
    assert brand({}, ("a", "b")) == "a"
    assert brand({"brand": ["b"]}, ("a", "b")) == "b"
    assert brand({}, ()) is None


@pytest.mark.parametrize(
    "query",
    [
        {"brand": ["c"]},
        {"brand": ["a", "c"]},
        {"brand": ["c", "a"]},
        {"brand": [""]},
        {"brand_id": ["c"]},
        {"Brand": ["c"]},
        {"brand": ["a"], "brands": ["c"]},
        {"brand": ["a' OR '1'='1"]},
    ],
)
def test_any_parameter_that_names_another_brand_is_refused(query: dict[str, list[str]]) -> None:
    with pytest.raises(BrandRefused):
        brand(query, ("a", "b"))
