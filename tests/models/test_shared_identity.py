"""Accounts that share devices, cards or parcels; offices and carriers join nobody."""

from typing import Any

from tests.features.literal_conduct import Rows, at, day, one, rows_of


def used(who: str, n: int = 10, *, device: str = "", address: str = "", acts: int = 10) -> Any:
    return {
        "actor_id": who,
        "device_id": device or f"phone of {who}",
        "address": address or f"home of {who}",
        "event_date": day(n),
        "acts": acts,
    }


def components(seen: Rows, first: int = 10, **tables: Rows) -> list[dict[str, Any]]:
    given = {name.replace("__", "."): rows for name, rows in tables.items()}
    return rows_of("features.identity_components", {"silver.identity_days": seen, **given}, first)


def test_a_shared_device_joins_and_the_eldest_names() -> None:
    states = [
        {
            "user_id": who,
            "event_date": day(n),
            "registered_on": day(n),
            "changed_at": at(f"{n:02} 12:00:00"),
        }
        for who, n in (("ann", 9), ("bob", 2))
    ]
    found = components(
        [used("ann", device="tablet"), used("bob", 3, device="tablet"), used("cat")],
        silver__user_states=states,
    )
    assert [(row["user_id"], row["component_id"]) for row in found] == [
        ("ann", "bob"),
        ("bob", "bob"),
    ]
    ann = one(found, user_id="ann")
    assert (ann["accounts"], ann["shared_devices"], ann["largest_device"]) == (2, 1, 2)
    assert (ann["registration_span_days"], ann["new_share"]) == (7, 1.0)


def test_after_four_weeks_a_device_is_not_shared_any_more() -> None:
    seen = [used("ann", 28, device="tablet"), used("bob", 1, device="tablet")]
    assert len(components(seen, 28)) == 2
    assert components([*seen, used("ann", 29, device="tablet")], 29) == []


def test_offices_campuses_carriers_and_kiosks_join_nobody() -> None:
    assert components([used(f"u{n}", address="office") for n in range(3)]) == []
    assert components([used(f"u{n:02}", device="kiosk") for n in range(13)]) == []


def test_an_address_is_counted_where_a_device_joins() -> None:
    row = components([used(who, device="tablet", address="flat") for who in ("ann", "bob")])[0]
    assert (row["accounts"], row["shared_addresses"]) == (2, 1)


def test_a_farm_has_fewer_devices_than_accounts_and_lives_on_them() -> None:
    farm = [used(who, device="phone") for who in ("ann", "bob", "cat")]
    household = [
        *(used(who, device="tablet", acts=2) for who in ("dan", "eve")),
        *(used(who, acts=8) for who in ("dan", "eve")),
    ]
    found = components(farm + household)
    ann, dan = one(found, user_id="ann"), one(found, user_id="dan")
    assert (ann["devices_per_account"], ann["shared_share"]) == (1 / 3, 1.0)
    assert (dan["devices_per_account"], dan["shared_share"]) == (1.5, 0.2)


def test_a_card_and_a_parcel_join_those_who_ordered() -> None:
    orders = [
        {"order_id": f"o-{who}", "actor_id": who, "event_date": day(9), "ship_to": "door"}
        for who in ("ann", "bob")
    ]
    payments = [
        {"order_id": f"o-{who}", "event_date": day(9), "instrument": "card"}
        for who in ("ann", "bob")
    ]
    found = components([used("ann"), used("bob")], silver__orders=orders, silver__payments=payments)
    assert (found[0]["shared_cards"], found[0]["shared_parcels"]) == (1, 1)
    assert found[0]["shared_share"] == 0.0


def test_what_most_accounts_act_on_tells_a_farm_from_a_family() -> None:
    acts = [
        {"user_id": who, "act": "follow", "target_id": target, "span": 0, "event_date": day(10)}
        for who, target in (("ann", "star"), ("bob", "star"), ("cat", "star"), ("ann", "own"))
    ]
    seen = [used(who, device="tablet") for who in ("ann", "bob", "cat")]
    row = components(seen, features__target_acts=acts)[0]
    assert (row["targets"], row["common_targets"], row["common_share"]) == (2, 1, 0.75)
