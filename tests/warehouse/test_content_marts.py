"""What notes, creators, sources and terms brought a day, and how the community fared."""

import pytest

from pipelines.defs.house import House
from tests.events import event, viewed
from tests.warehouse.acts import Event, carted, line, local, paid, placed
from tests.warehouse.community import (
    ad_clicked,
    ad_shown,
    card,
    carded,
    creative,
    engaged,
    followed,
    impressed,
    noted,
    opened,
    searched,
)
from tests.warehouse.nightly import deliver, house, night, read
from tests.warehouse.shop_acts import ruled

MONDAY, TUESDAY, NEXT_MONDAY = "2026-08-03", "2026-08-04", "2026-08-10"


def at(clock: str, day: str = MONDAY) -> str:
    return local(f"{day} {clock}:00")


def viewed_from(id_: str, time: str, surface: str, note: str = "", actor: str = "ann") -> Event:
    led: Event = {"note_id": note} if note else {}
    return viewed(id_, time, actor=actor, surface=surface, **led)


TABLES = [
    "gold.community_balance_daily",
    "gold.creator_daily",
    "gold.note_daily",
    "gold.search_term_daily",
    "gold.traffic_source_daily",
    "silver.note_reads",
    "silver.note_states",
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A Monday with a farm of one account, which a reviewer confirms, and what came of it."""
    meadow = house(tmp_path_factory.mktemp("meadow"), tables=TABLES)
    deliver(
        meadow,
        event(
            "creator.changed",
            "carl",
            at("09:00"),
            source="platform",
            creator_id="carl",
            tier="nano",
            followers=10,
        ),
        creative("cr1-a", at("08:00"), "n-ad"),
        event(
            "product.changed", "p", at("08:00"), product_id="b1-p1", brand_id="b1", name="lipstick"
        ),
        noted("n1-a", at("08:00"), "n1", products=[card("b1-p1", "b1")], mentions=["b2"]),
        noted("n1-b", at("08:00", TUESDAY), "n1", creator="cleo", mentions=["b2"]),
        noted("n-ad-a", at("08:00"), "n-ad", mentions=["b1"], is_disclosed_ad=True),
        noted("plain-a", at("08:00"), "plain"),
        impressed("i1", at("10:00")),
        impressed("i2", at("10:00"), request="r2"),
        impressed("i3", at("10:00"), actor="bob", request="r3"),
        impressed("i4", at("10:00"), actor="farm", request="r4"),
        impressed("i5", at("10:00"), "plain", request="r5"),
        impressed("i6", at("10:00"), "n-ad", request="r6"),
        impressed("i7", at("10:00", TUESDAY), actor="bob"),
        opened("o1", at("10:01"), dwell_ms=3000),
        opened("o2", at("10:02"), actor="farm", request="r4", dwell_ms=10),
        opened("o3", at("10:03"), "stateless", actor="bob"),
        engaged("liked", "e1", at("10:04")),
        engaged("liked", "e2", at("10:04"), actorid="farm"),
        engaged("unliked", "e3", at("10:04", TUESDAY), actorid="ann"),
        engaged("hidden", "e4", at("10:04"), actorid="bob"),
        engaged("reported", "e5", at("10:04"), actorid="bob", reason="spam"),
        carded("impressed", "c1", at("10:05"), note_id="n1"),
        carded("clicked", "c2", at("10:06"), note_id="n1"),
        carded("clicked", "c3", at("10:06"), note_id="n1", actor="farm"),
        followed("followed", "f0", at("08:30"), actor="bob"),
        followed("followed", "f1", at("10:07")),
        followed("followed", "f2", at("10:07"), actor="farm"),
        followed("unfollowed", "f3", at("10:07", TUESDAY)),
        viewed_from("v1", at("10:08"), "note", "n1"),
        carted("a1", at("10:09"), actor="ann", surface="note", note_id="n1"),
        placed("ord1", at("10:10", TUESDAY), line("b1", price=700), actor="ann"),
        paid("ord1", at("10:11", TUESDAY), placed_at=at("10:10", TUESDAY)),
        ad_shown("ad1", at("11:00"), actor="bob", request="r7"),
        ad_clicked("k1", at("11:01"), actor="bob", request="r7"),
        opened("o4", at("11:02"), "n-ad", actor="bob", request="r7"),
        viewed_from("v2", at("11:03"), "note", "n-ad", actor="bob"),
        viewed_from("v3", at("11:04"), "shop", actor="bob"),
        carted("a2", at("11:05"), actor="bob"),
        carted("a3", at("11:06"), actor="dan", surface="search"),
        placed("ord2", at("11:07"), line("b1", price=50), actor="farm"),
        paid("ord2", at("11:08"), placed_at=at("11:07")),
        placed("unpaid", at("11:09"), line("b1"), actor="ann"),
        searched("s1", at("12:00"), request="q1"),
        searched("s2", at("12:00"), request="q2", actor="bob"),
        searched("s3", at("12:00"), "latte", request="q3", actor="bob"),
        impressed("q1-n", at("12:01"), request="q1", surface="search"),
        impressed("q1-p", at("12:01"), "plain", request="q1", surface="search", position=2),
        carded("impressed", "q2-c", at("12:01"), actor="bob", surface="search", request_id="q2"),
        carded("clicked", "q2-k", at("12:02"), actor="bob", surface="search", request_id="q2"),
        ad_shown("q2-ad", at("12:01"), actor="bob", request="q2", placement="search", brand="b3"),
        carted("a4", at("12:03"), actor="bob"),
        carted("a5", at("12:04"), actor="bob", brand="b2"),
        placed("ord3", at("12:05"), line("b1", price=900), line("b1", price=1), actor="ann"),
        paid("ord3", at("12:06"), placed_at=at("12:05")),
        event(
            "ad.charged",
            "charge",
            at("11:01"),
            charge_id="ch1",
            click_id="k1",
            clicked_at=at("11:01"),
            campaign_id="c1",
            unit_id="u1",
            brand_id="b1",
            amount_minor=80,
            currency="CNY",
        ),
        event("topic.viewed", "back", at("12:00", NEXT_MONDAY), actorid="bob", topic="tea"),
    )
    night(meadow)
    ((farm,),) = [read(meadow, "SELECT actor_id FROM silver.note_reads WHERE read_id = 'shop:o2'")]
    deliver(meadow, ruled("d1", at("09:00", TUESDAY), "confirmed", "user", *farm, days=[MONDAY]))
    night(meadow, "r2")
    return meadow


def test_a_notes_day_counts_acts_and_people_and_what_of_it_is_invalid(town: House) -> None:
    found = read(
        town,
        "SELECT impressions, impressions_sivt, reach, reads, reads_sivt, readers, dwell_ms, likes, "
        "likes_sivt, hides, reports, product_card_impressions, product_card_clicks, "
        "product_card_clicks_sivt, product_card_clicks_givt "
        f"FROM gold.note_daily WHERE note_id = 'n1' AND event_date = DATE '{MONDAY}'",
    )
    assert found == [(5, 1, 3, 2, 1, 2, 3010, 2, 1, 1, 1, 1, 2, 1, 0)]


def test_a_like_that_is_taken_back_counts_against_the_day_it_was(town: House) -> None:
    assert read(
        town,
        "SELECT impressions, likes, collects FROM gold.note_daily "
        f"WHERE note_id = 'n1' AND event_date = DATE '{TUESDAY}'",
    ) == [(1, -1, 0)]


def test_a_notes_brands_are_those_of_the_day(town: House) -> None:
    found = read(
        town,
        "SELECT CAST(event_date AS VARCHAR), brand_ids FROM gold.note_daily "
        "WHERE note_id = 'n1' ORDER BY 1",
    )
    assert found == [(MONDAY, ["b1", "b2"]), (TUESDAY, ["b2"])]


def test_a_note_whose_state_nobody_told_belongs_to_nobody(town: House) -> None:
    found = read(
        town, "SELECT creator_id, brand_ids, reads FROM gold.note_daily WHERE note_id = 'stateless'"
    )
    assert found == [("(unknown)", [], 1)]


def creator_days(town: House, note: str, day: str) -> list[tuple[object, ...]]:
    """Days of the creator whose note it was on that day."""
    return read(
        town,
        "SELECT CAST(d.event_date AS VARCHAR), notes_published, impressions, impressions_sivt, "
        "reads, likes, follows, follows_sivt, followers FROM gold.creator_daily AS d "
        "JOIN silver.note_states AS n ON n.creator_id = d.creator_id "
        "WHERE n.note_id = $note AND n.event_date = CAST($day AS DATE) ORDER BY 1",
        note=note,
        day=day,
    )


def test_a_creators_followers_are_the_last_count_and_the_net_follows_since(town: House) -> None:
    assert creator_days(town, "plain", MONDAY) == [
        (MONDAY, 3, 8, 1, 3, 2, 3, 1, 12),
        (TUESDAY, 0, 0, 0, 0, 0, -1, 0, 11),
    ]


def test_a_note_counts_for_who_was_its_creator_on_the_day(town: House) -> None:
    assert creator_days(town, "n1", TUESDAY) == [(TUESDAY, 0, 1, 0, 0, -1, 0, 0, 0)]


def test_what_a_brand_got_is_split_by_where_it_came_from(town: House) -> None:
    found = read(
        town,
        "SELECT source, impressions, impressions_sivt, reads, reads_sivt, ad_clicks, "
        "product_views, cart_adds, orders, orders_sivt, gmv_minor, gmv_minor_sivt "
        "FROM gold.traffic_source_daily "
        f"WHERE brand_id = 'b1' AND event_date = DATE '{MONDAY}' ORDER BY source",
    )
    assert found == [
        ("feed", 5, 1, 2, 1, 0, 1, 1, 1, 0, 901, 0),
        ("feed_ad", 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0),
        ("other", 0, 0, 0, 0, 0, 1, 2, 1, 1, 50, 50),
        ("search", 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
    ]


def test_an_order_comes_from_the_last_view_of_the_days_before(town: House) -> None:
    found = read(
        town,
        "SELECT source, orders, gmv_minor, currency FROM gold.traffic_source_daily "
        f"WHERE brand_id = 'b1' AND event_date = DATE '{TUESDAY}'",
    )
    assert found == [("feed", 1, 700, "CNY")]


def test_a_note_of_two_brands_and_an_ad_count_for_theirs(town: House) -> None:
    found = read(
        town,
        "SELECT brand_id, source, impressions, reads, cart_adds FROM gold.traffic_source_daily "
        f"WHERE brand_id IN ('b2', 'b3') AND event_date = DATE '{MONDAY}' ORDER BY 1, 2",
    )
    assert found == [
        ("b2", "feed", 4, 2, 0),
        ("b2", "other", 0, 0, 1),
        ("b2", "search", 1, 0, 0),
        ("b3", "search_ad", 1, 0, 0),
    ]


def test_a_brands_part_of_a_term_stands_beside_the_whole(town: House) -> None:
    found = read(
        town,
        "SELECT term, brand_id, searches, searchers, term_impressions, impressions, term_clicks, "
        "clicks, term_cart_adds, cart_adds, term_purchases, purchases "
        "FROM gold.search_term_daily ORDER BY term, brand_id",
    )
    assert found == [
        ("latte", "(unknown)", 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        ("lipstick", "(unknown)", 2, 2, 4, 1, 1, 0, 1, 0, 1, 0),
        ("lipstick", "b1", 2, 2, 4, 2, 1, 1, 1, 1, 1, 1),
        ("lipstick", "b2", 2, 2, 4, 1, 1, 0, 1, 0, 1, 0),
        ("lipstick", "b3", 2, 2, 4, 1, 1, 0, 1, 0, 1, 0),
    ]


def test_the_balance_of_a_day_holds_advertising_complaints_and_money(town: House) -> None:
    found = read(
        town,
        "SELECT impressions, ad_impressions, disclosed_impressions, undisclosed_impressions, "
        "hides, reports, ad_charged_minor, ad_credited_minor, gmv_minor, gmv_minor_sivt, currency "
        f"FROM gold.community_balance_daily WHERE event_date = DATE '{MONDAY}'",
    )
    assert found == [(8, 2, 1, 5, 1, 1, 80, 0, 951, 50, "CNY")]


def test_people_come_back_after_a_day_and_after_a_week(town: House) -> None:
    found = read(
        town,
        "SELECT CAST(event_date AS VARCHAR), active_people, active_people_1d_before, "
        "returned_after_1d, active_people_7d_before, returned_after_7d "
        "FROM gold.community_balance_daily ORDER BY 1",
    )
    assert found == [
        (MONDAY, 4, 0, 0, 0, 0),
        (TUESDAY, 2, 4, 2, 0, 0),
        ("2026-08-05", 0, 2, 0, 0, 0),
        (NEXT_MONDAY, 1, 0, 0, 4, 1),
    ]
