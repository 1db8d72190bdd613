"""Parcels: a paid order is shipped, scanned on its way, and delivered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.catalog import ship_out
from platform_core.commerce.orders import Status, locked
from platform_core.contract.events.commerce import OrderDelivered, OrderShipped, ParcelScanned
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.orders import orders
from platform_core.tables.parcels import parcel_scans, shipments
from platform_core.work import Refusal, Work

ScanStatus = Literal["collected", "in_transit", "out_for_delivery", "delivered"]

_SHIPMENT: Final = sa.select(shipments).where(
    shipments.c.shipment_id == sa.bindparam("of_shipment")
)
_OF_ORDER: Final = sa.select(shipments).where(shipments.c.order_id == sa.bindparam("of_order"))
_SCANS: Final = (
    sa.select(*parcel_scans.c["place", "status", "scanned_at"])
    .where(parcel_scans.c.shipment_id == sa.bindparam("of_shipment"))
    .order_by(parcel_scans.c.scanned_at, parcel_scans.c.position)
)
_ADD_SHIPMENT: Final = sa.insert(shipments)
_ADD_SCAN: Final = sa.insert(parcel_scans)
_DELIVERED: Final = (
    sa.update(shipments)
    .where(shipments.c.shipment_id == sa.bindparam("of_shipment"))
    .values(delivered_at=sa.bindparam("delivered_at"))
)
_SET_STATUS: Final = (
    sa.update(orders)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .values(status=sa.bindparam("status"))
)


class OrderNotShippable(Refusal):
    """The order is not in state ``paid``."""


class OrderNotDeliverable(Refusal):
    """The order is not in state ``shipped``."""


class ShipmentUnknown(Refusal):
    """There is no shipment with this id."""


@dataclass(frozen=True)
class Shipment:
    """The parcel of an order; ``weight_grams`` is what the carrier weighed."""

    shipment_id: str
    order_id: str
    carrier: str
    weight_grams: int
    shipped_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True)
class Scan:
    """Where a carrier saw a parcel, and when."""

    place: str
    status: ScanStatus
    scanned_at: datetime


def ship(work: Work, order_id: str, *, carrier: str, weight_grams: int, by: Origin) -> str:
    """The parcel of a paid order leaves the shop; returns the shipment's id.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotShippable: it is not paid, or was shipped already.
        ValueError: the weight is negative.
    """
    order = locked(work, order_id)
    if order.status != "paid":
        raise OrderNotShippable(f"order {order_id!r} is {order.status}: only paid ones are shipped")
    event = OrderShipped(
        order_id=order_id,
        shipment_id=work.ids("shipment"),
        carrier=carrier,
        weight_grams=weight_grams,
    )
    work.connection.execute(_ADD_SHIPMENT, {**event.model_dump(), "shipped_at": work.now})
    _set_status(work, order_id, "shipped")
    work.tell(event, by)
    ship_out(work, order_id, by=by)
    return event.shipment_id


def scan(
    work: Work, shipment_id: str, *, place: str, status: ScanStatus, by: Origin = NOBODY
) -> None:
    """The carrier saw the parcel; every scan counts, whenever it is told.

    Raises:
        ShipmentUnknown: there is no such shipment.
    """
    shipment = _one(work.connection.execute(_SHIPMENT, {"of_shipment": shipment_id}), shipment_id)
    event = ParcelScanned(
        shipment_id=shipment_id, order_id=shipment.order_id, place=place, status=status
    )
    seen = {"shipment_id": shipment_id, "place": place, "status": status}
    work.connection.execute(_ADD_SCAN, {**seen, "scanned_at": work.now})
    work.tell(event, by)


def deliver(work: Work, order_id: str, *, by: Origin = NOBODY) -> None:
    """The parcel arrived; a delivered order stays as it is.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotDeliverable: it was not shipped, or refunded meanwhile.
    """
    order = locked(work, order_id)
    if order.status == "delivered":
        return
    if order.status != "shipped":
        raise OrderNotDeliverable(
            f"order {order_id!r} is {order.status}: only shipped ones are delivered"
        )
    parcel = work.connection.execute(_OF_ORDER, {"of_order": order_id}).one()
    arrived = {"of_shipment": parcel.shipment_id, "delivered_at": work.now}
    work.connection.execute(_DELIVERED, arrived)
    _set_status(work, order_id, "delivered")
    work.tell(OrderDelivered(order_id=order_id, shipment_id=parcel.shipment_id), by)


def shipment(connection: sa.Connection, shipment_id: str) -> Shipment:
    """The shipment as it stands.

    Raises:
        ShipmentUnknown: there is no such shipment.
    """
    rows = connection.execute(_SHIPMENT, {"of_shipment": shipment_id})
    return Shipment(**_one(rows, shipment_id)._mapping)


def scans(connection: sa.Connection, shipment_id: str) -> list[Scan]:
    """Where the parcel was seen, the oldest scan first."""
    rows = connection.execute(_SCANS, {"of_shipment": shipment_id}).mappings()
    return [Scan(**row) for row in rows]


def _one(rows: sa.CursorResult[Any], shipment_id: str) -> Any:
    row = rows.one_or_none()
    if row is None:
        raise ShipmentUnknown(f"there is no shipment {shipment_id!r}")
    return row


def _set_status(work: Work, order_id: str, status: Status) -> None:
    work.connection.execute(_SET_STATUS, {"of_order": order_id, "status": status})
