"""The platform's state as its outbox tells it, and as its database has it."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from platform_core.contract.fields import instant_text
from platform_core.tables import metadata

State = dict[str, dict[Any, Any]]

TOLD = {
    "user.changed": "users",
    "brand.changed": "brands",
    "shop.changed": "shops",
    "product.changed": "products",
    "sku.changed": "skus",
    "note.changed": "notes",
    "campaign.changed": "campaigns",
    "unit.changed": "units",
    "creative.changed": "creatives",
    "keyword.changed": "keywords",
    "creator.changed": "creators",
    "ad_account.changed": "ad_accounts",
    "offer.changed": "offers",
    "stock.moved": "stock_moves",
    "note.commented": "comments",
    "order.placed": "orders",
    "payment.requested": "payments",
    "order.shipped": "shipments",
    "return.requested": "returns",
    "order.refunded": "refunds",
    "coupon.claimed": "coupons",
    "review.posted": "reviews",
    "ledger.posted": "ledger_transactions",
    "ad.clicked": "ad_clicks",
    "ad.charged": "ad_charges",
    "ad.credited": "ad_credits",
    "ad.converted": "ad_conversions",
    "content.judged": "content_judgements",
    "moderation.case_opened": "cases",
}
"""Events that make or replace one row, and its table."""

ACTORS = {"orders": "user_id", "comments": "user_id", "reviews": "user_id", "coupons": "user_id"}
"""Rows that belong to whoever acted."""

BORN = {
    "orders": {"status": "placed", "refunded_minor": 0, "payment_id": None, "discount_minor": 0},
    "payments": {"status": "requested", "reason": None},
    "shipments": {"delivered_at": None},
    "returns": {"received_at": None},
    "coupons": {"order_id": None},
    "reviews": {"status": "posted"},
    "comments": {"status": "published"},
}
"""What is true of a new row without being told."""

OMITTED = {
    "creators": {"followers"},  # told when a border is crossed; counted below
    "orders": {"idempotency_key"},
}
NOT_TOLD = {
    "case_versions",  # evidence stays within the platform
    "case_subjects",
    "alembic_version",
    "outbox",
    "relay_segments",
    "secret_keys",
    "campaign_days",
    "note_counts",
    "user_topics",
    "stock",
    "ledger_entries",
    "order_lines",
    "parcel_scans",
}
KNOWN = "known"
"""Stands for an instant that the envelope tells."""

REACTIONS = {"liked": "like", "collected": "collect", "hidden": "hide", "reported": "report"}
TAKEN_BACK = {"unliked": "like", "uncollected": "collect", "unhidden": "hide"}


class Replayed:
    """The state that the events so far make. ``apply`` says whether an event changed it."""

    def __init__(self) -> None:
        self.tables: State = defaultdict(dict)
        self.shares: Counter[str] = Counter()

    def apply(self, line: str) -> bool:
        event = json.loads(line)
        before = json.dumps([self.tables, self.shares], default=str, sort_keys=True)
        self._fold(event, event["data"])
        after = json.dumps([self.tables, self.shares], default=str, sort_keys=True)
        return before != after

    def _fold(self, event: dict[str, Any], data: dict[str, Any]) -> None:
        kind = event["type"]
        if table := TOLD.get(kind):
            self._put(table, event, data)
        if follow_up := FOLLOW_UPS.get(kind):
            follow_up(self.tables, data)
        entity, _, verb = kind.partition(".")
        actor = event.get("actorid")
        if entity == "note" and verb in REACTIONS:
            self.tables["reactions"][f"{actor}/{data['note_id']}/{REACTIONS[verb]}"] = {}
        elif entity == "note" and verb in TAKEN_BACK:
            del self.tables["reactions"][f"{actor}/{data['note_id']}/{TAKEN_BACK[verb]}"]
        elif kind == "note.shared":
            self.shares[data["note_id"]] += 1
        elif kind == "creator.followed":
            self.tables["follows"][f"{actor}/{data['creator_id']}"] = {}
        elif kind == "creator.unfollowed":
            del self.tables["follows"][f"{actor}/{data['creator_id']}"]
        elif kind == "cart.added":
            line = self.tables["cart_lines"].setdefault(
                f"{actor}/{data['sku_id']}", {"quantity": 0}
            )
            line["quantity"] += data["quantity"]
        elif kind == "cart.removed":
            del self.tables["cart_lines"][f"{actor}/{data['sku_id']}"]
        elif kind == "order.placed":
            for ordered in data["lines"]:
                self.tables["cart_lines"].pop(f"{actor}/{ordered['sku_id']}", None)

    def _put(self, table: str, event: dict[str, Any], data: dict[str, Any]) -> None:
        row = BORN.get(table, {}) | data
        if table in ACTORS:
            row[ACTORS[table]] = event["actorid"]
        if table == "ad_clicks":
            row["click_id"] = event["id"]
        self.tables[table][_key(table, row)] = row


def _set(table: str, key: str, **changes: Any) -> Callable[[State, dict[str, Any]], None]:
    def follow_up(state: State, data: dict[str, Any]) -> None:
        state[table][data[key]] |= {
            column: data[value[1:]] if isinstance(value, str) and value[:1] == "$" else value
            for column, value in changes.items()
        }

    return follow_up


def _paid(state: State, data: dict[str, Any]) -> None:
    state["orders"][data["order_id"]]["status"] = "paid"
    state["payments"][data["payment_id"]]["status"] = "charged"


def _refused(state: State, data: dict[str, Any]) -> None:
    state["payments"][data["payment_id"]] |= {"status": "refused", "reason": data["reason"]}
    state["orders"][data["order_id"]]["payment_id"] = None


def _refunded(state: State, data: dict[str, Any]) -> None:
    order = state["orders"][data["order_id"]]
    order["refunded_minor"] += data["amount_minor"]
    if order["refunded_minor"] == order["total_minor"] and order["status"] != "cancelled":
        order["status"] = "refunded"


def _moved(state: State, data: dict[str, Any]) -> None:
    state["stock"][data["sku_id"]] = {n: data[n] for n in ("on_hand", "reserved")}


def _scanned(state: State, data: dict[str, Any]) -> None:
    state["parcel_scans"][len(state["parcel_scans"])] = data


def _linked(state: State, data: dict[str, Any]) -> None:
    state["device_links"][f"{data['user_id']}/{data['linked_device']}"] = {}


def _unlinked(state: State, data: dict[str, Any]) -> None:
    del state["device_links"][f"{data['user_id']}/{data['linked_device']}"]


def _charged(state: State, data: dict[str, Any]) -> None:
    _balance(state, data["brand_id"], -data["amount_minor"])
    day = f"{data['campaign_id']}/{data['budget_day']}"
    spent = state["campaign_days"].setdefault(day, {"spent_minor": 0})
    spent["spent_minor"] += data["amount_minor"]


def _credited(state: State, data: dict[str, Any]) -> None:
    _balance(state, data["brand_id"], data["amount_minor"])


def _balance(state: State, brand_id: str, change_minor: int) -> None:
    (account,) = (a for a in state["ad_accounts"].values() if a["brand_id"] == brand_id)
    account["balance_minor"] += change_minor


FOLLOW_UPS: dict[str, Callable[[State, dict[str, Any]], None]] = {
    "payment.requested": _set("orders", "order_id", payment_id="$payment_id"),
    "payment.refused": _refused,
    "order.paid": _paid,
    "order.shipped": _set("orders", "order_id", status="shipped"),
    "parcel.scanned": _scanned,
    "order.cancelled": _set("orders", "order_id", status="cancelled"),
    "order.refunded": _refunded,
    "coupon.redeemed": _set("coupons", "coupon_id", order_id="$order_id"),
    "coupon.returned": _set("coupons", "coupon_id", order_id=None),
    "review.removed": _set("reviews", "review_id", status="removed"),
    "note.uncommented": _set("comments", "comment_id", status="removed"),
    "stock.moved": _moved,
    "device.linked": _linked,
    "device.unlinked": _unlinked,
    "ad.charged": _charged,
    "ad.credited": _credited,
}
"""What an event changes beyond the row that it makes."""


def _delivered(state: State, data: dict[str, Any]) -> None:
    state["orders"][data["order_id"]]["status"] = "delivered"
    state["shipments"][data["shipment_id"]]["delivered_at"] = KNOWN


def _received(state: State, data: dict[str, Any]) -> None:
    state["returns"][data["return_id"]]["received_at"] = KNOWN


FOLLOW_UPS |= {"order.delivered": _delivered, "return.received": _received}


def _key(table: str, row: Any) -> str:
    columns = metadata.tables[table].primary_key.columns
    if table == "content_judgements":
        return str(row["judgement_id"])
    return "/".join(str(row[c.name]) for c in columns)


def differences(connection: sa.Connection, replayed: Replayed) -> list[str]:
    """Where the database and the events disagree, in words; nothing if they agree."""
    found = list(_counters(connection, replayed))
    for name, table in metadata.tables.items():
        if name in NOT_TOLD:
            continue
        rows = {_key(name, row): row for row in connection.execute(sa.select(table)).mappings()}
        told = replayed.tables[name]
        if rows.keys() != told.keys():
            found.append(f"{name}: {sorted(rows.keys() ^ told.keys())} in one of the two only")
            continue
        for key, row in rows.items():
            found += _row_differences(name, key, row, told[key])
    return found


def _row_differences(table: str, key: str, row: Any, told: dict[str, Any]) -> list[str]:
    omitted = OMITTED.get(table, set())
    return [
        f"{table}/{key}: {column} is {_plain(row[column])!r}, told {told[column]!r}"
        for column in row
        if column in told and column not in omitted and not _agree(row[column], told[column])
    ]


def _agree(stored: Any, told: Any) -> bool:
    return stored is not None if told == KNOWN else bool(_plain(stored) == told)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _counters(connection: sa.Connection, replayed: Replayed) -> list[str]:
    """Sums that no event tells, but all events together."""
    tables = metadata.tables
    state = replayed.tables
    kinds = Counter(tuple(key.split("/")[1:]) for key in state["reactions"])
    shown = Counter(c["note_id"] for c in state["comments"].values() if c["status"] == "published")
    expected: dict[str, Any] = {
        "note_counts": {
            note: (
                kinds[note, "like"],
                kinds[note, "collect"],
                shown[note],
                replayed.shares[note],
                kinds[note, "hide"],
                kinds[note, "report"],
            )
            for note in state["notes"]
        },
        "stock": {k: (s["on_hand"], s["reserved"]) for k, s in state["stock"].items()},
        "campaign_days": {k: (d["spent_minor"],) for k, d in state["campaign_days"].items()},
    }
    lines = connection.execute(sa.select(sa.func.count()).select_from(tables["order_lines"]))
    scans = connection.execute(sa.select(sa.func.count()).select_from(tables["parcel_scans"]))
    found = []
    if lines.scalar_one() != sum(len(o["lines"]) for o in state["orders"].values()):
        found.append("order_lines: not as many as were told")
    if scans.scalar_one() != len(state["parcel_scans"]):
        found.append("parcel_scans: not as many as were told")
    for name, told in expected.items():
        keys = [c.name for c in tables[name].primary_key.columns]
        rows = {
            "/".join(str(_plain(row[k])) for k in keys): tuple(
                v for c, v in row.items() if c not in keys
            )
            for row in connection.execute(sa.select(tables[name])).mappings()
        }
        told = {k: v for k, v in told.items() if k in rows or any(v)}
        rows = {k: v for k, v in rows.items() if k in told or any(v)}
        if rows != told:
            found.append(f"{name}: {rows} in the database, {told} told")
    followers = Counter(key.split("/")[1] for key in state["follows"])
    counted = {
        row.creator_id: row.followers
        for row in connection.execute(sa.select(tables["creators"]))
        if row.followers
    }
    return [*found, *([] if counted == followers else [f"followers: {counted}, told {followers}"])]
