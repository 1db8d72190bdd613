"""Order concentration as its text says it: a window at every second, all orders in each."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

DAY: Final = 17
"""Seconds of a day here, so few that every second can be tried."""


class Placed(NamedTuple):
    """An order: its shop and buyer, and the whole second."""

    order_id: str
    shop_id: str
    actor_id: str
    second: int

    @property
    def day(self) -> int:
        return self.second // DAY


class Concentrated(NamedTuple):
    """A row of ``risk.order_concentration``, times as whole seconds."""

    order_id: str
    day: int
    shop_id: str
    actor_id: str
    windows_from: int
    windows_to: int
    actor_orders: int
    union_orders: int
    union_buyers: int
    suspects: int


def concentrated(orders: Iterable[Placed], *, span: int, least: int) -> set[Concentrated]:
    """Orders of suspects; a window spans ``span`` seconds and one more, both ends included.

    Args:
        least: orders per distinct buyer from which a window is suspicious.
    """
    rows = list(orders)
    found: set[Concentrated] = set()
    for shop, day in {(order.shop_id, order.day) for order in rows}:
        own = [order for order in rows if order.shop_id == shop]
        found.update(_of_shop_and_day(own, day, span, least))
    return found


def _of_shop_and_day(
    orders: list[Placed], day: int, span: int, least: int
) -> Iterator[Concentrated]:
    runs = _runs(_windows(orders, day, span, least))
    within = [o for o in orders if any(start <= o.second <= end for start, end in runs)]
    counts = Counter(order.actor_id for order in within)
    most = max(counts.values(), default=0)
    suspects = [actor for actor, count in counts.items() if count == most]
    for o in within:
        if o.day == day and o.actor_id in suspects:
            ((start, end),) = [run for run in runs if run[0] <= o.second <= run[1]]
            yield Concentrated(
                *(o.order_id, day, o.shop_id, o.actor_id, start, end, most),
                *(len(within), len(counts), len(suspects)),
            )


def _windows(orders: list[Placed], day: int, span: int, least: int) -> Iterator[tuple[int, int]]:
    """Suspicious windows that hold an order of the day, in order of time."""
    seconds = [order.second for order in orders]
    for start in range(min(seconds) - span, max(seconds) + 1):
        held = [order for order in orders if start <= order.second <= start + span]
        buyers = {order.actor_id for order in held}
        if any(order.day == day for order in held) and len(held) >= least * len(buyers):
            yield start, start + span


def _runs(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping windows as one."""
    runs: list[tuple[int, int]] = []
    for start, end in windows:
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
