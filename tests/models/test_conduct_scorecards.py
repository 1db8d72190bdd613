"""Who the scorecards of clicks and people flag, and whom they spare."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

import models
from models.catalog import load_catalog

CARDS = Path(next(iter(models.__path__))) / "scorecards"


def speaks(card: str, detector: str, **conduct: Any) -> bool:
    """Whether the detector flags a subject of this conduct; what is not named is not known."""
    said = yaml.safe_load((CARDS / f"{card}.yaml").read_text())
    (found,) = (d for d in said["detectors"] if d["name"] == detector)
    columns = {c.name: c.type for c in load_catalog()[said["reads"]].table.columns}
    values = ", ".join(
        f"CAST($c{n} AS {kind}) AS {c}" for n, (c, kind) in enumerate(columns.items())
    )
    row = f"(SELECT {values})"
    given = {f"c{n}": conduct.get(c) for n, c in enumerate(columns)}
    tests = ", ".join(f"coalesce({sign['when']}, false)" for sign in found["signs"])
    with duckdb.connect() as connection:
        (answers,) = connection.execute(f"SELECT {tests} FROM {row}", given).fetchall()
    spoken = [sign for sign, yes in zip(found["signs"], answers, strict=True) if yes]
    points = sum(sign["points"] for sign in spoken)
    families = {sign["family"] for sign in spoken}
    needs = found["needs"]
    has_all = {sign["name"] for sign in spoken}.issuperset(needs.get("signs", ()))
    return bool(points >= needs["points"] and len(families) >= needs["families"] and has_all)


HOSTED = {"is_datacentre": True, "click_rate_near": 0.4, "is_search": True}
CLICKER = {"click_rate_near": 0.2, "clicks_per_act_near": 0.2, "component_accounts": 3}
AT_NIGHT = {
    **{"hour": 3, "night_days_near": 4, "night_clicks_per_act_near": 0.07, "is_search": False},
    **{"clicks_near": 5, "visit_clicks": 1, "position": 4, "user_clicks_1d": 1},
    **{"carts_brand_1d": 0, "night_click_share_near": 0.7},
}
DRAIN = {
    **{"search_click_share_near": 1.0, "brand_click_share_near": 0.9},
    **{"ring_members": 6, "ring_similarity": 0.6, "new_addresses_near": 9},
}
ELSEWHERE = {"search_click_share_near": 0.3, "new_addresses_near": 7}
COMPARES = {**DRAIN, "ring_members": 2, "ring_similarity": 0.2, "new_addresses_near": 4}
FAMILY = {"component_devices_per_account": 0.33, "component_accounts": 3, "account_age_days": 9}
FARM = {"component_devices_per_account": 0.25, "component_new_share": 1.0, "account_age_days": 9}
POD = {
    **{"circle_notes_1d": 3, "circle_creators": 7, "mutual_notes_1d": 1},
    **{"hasty_share_near": 0.6, "fresh_share_near": 0.5, "engagements_per_note_near": 2.0},
}
TURNED = {
    **{"top_brand_share_near": 0.7, "top_brand_notes_near": 8, "top_brand_share_before": 0.0},
    **{"ring_members": 3, "engagements_per_note_near": 2.0, "creators_near": 5},
    **{"component_devices_per_account": 0.5, "component_shared_share": 1.0},
    **{"component_common_targets": 4},
}


@pytest.mark.parametrize(
    ("card", "detector", "conduct", "flagged"),
    [
        (
            "click",
            "click_bots",
            {**HOSTED, "brand_click_share_near": 0.9, "new_devices_near": 9},
            True,
        ),
        ("click", "click_bots", {**HOSTED, "brand_click_share_near": 0.15}, False),
        ("click", "click_farm", {**CLICKER, "new_devices_near": 8}, True),
        ("click", "click_farm", {**CLICKER, "new_devices_near": 1}, False),
        ("click", "hijacked_phone", AT_NIGHT, True),
        ("click", "hijacked_phone", {**AT_NIGHT, "night_clicks_per_act_near": 0.01}, False),
        ("click", "hijacked_phone", {**AT_NIGHT, "clicks_near": 20, "visit_clicks": 3}, False),
        ("click", "hijacked_phone", {**AT_NIGHT, "hour": 12}, False),
        ("click", "hijacked_phone", {**AT_NIGHT, "position": 10}, False),
        ("click", "click_drain", DRAIN, True),
        ("click", "click_drain", {**COMPARES, "orders_near": 0}, False),
        (
            "click",
            "click_drain",
            {**DRAIN, "search_click_share_near": 0.3, "new_addresses_near": 7},
            False,
        ),
        ("user", "engagement_pod", POD, True),
        ("user", "engagement_pod", {**POD, "circle_notes_1d": 0}, False),
        ("user", "engagement_pod", {"circle_notes_1d": 3, "circle_creators": 7}, False),
        (
            "user",
            "follower_farm",
            {**FARM, "follow_share_near": 0.3, "component_common_share": 0.2},
            True,
        ),
        (
            "user",
            "follower_farm",
            {**FAMILY, "follow_share_near": 0.3, "component_common_share": 0.0},
            False,
        ),
        (
            "user",
            "account_farm",
            {**FAMILY, "component_shared_share": 1.0, "component_span_days": 4}
            | {"component_common_share": 0.6, "component_common_targets": 1},
            False,
        ),
        (
            "user",
            "account_farm",
            {**FAMILY, "component_shared_share": 1.0, "component_span_days": 2}
            | {"component_common_share": 0.6, "component_common_targets": 4},
            True,
        ),
        ("user", "turned_accounts", {**TURNED, "component_new_share": 0.0}, True),
        ("user", "turned_accounts", {**TURNED, "component_new_share": 1.0}, False),
        (
            "user",
            "turned_accounts",
            {**TURNED, "component_new_share": 0.0, "component_devices_per_account": 1.0}
            | {"component_shared_share": 0.1},
            False,
        ),
        ("user", "reset_devices", {"new_devices_7d": 5, "datacentre_share": 1.0}, True),
        ("user", "reset_devices", {"new_devices_7d": 1, "datacentre_share": 1.0}, False),
    ],
)
def test_fraud_is_flagged_and_its_honest_twin_is_not(
    card: str, detector: str, conduct: dict[str, Any], flagged: bool
) -> None:
    assert speaks(card, detector, **conduct) == flagged
