"""What happens in a small town, as Hypothesis draws it; events arrive in any order."""

from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.events import clicked, event, viewed
from tests.warehouse.acts import carted, converted, decided, line, local, paid, placed

Event = dict[str, Any]
Arrival = tuple[int, Event]
FIRST_MINUTE: Final = datetime(2026, 7, 30)  # so that a month ends within the days
DAYS: Final = 5
NIGHTS: Final = 2

minutes = st.one_of(
    st.integers(0, DAYS * 1440),
    st.sampled_from(
        [n * 1440 + offset for n in range(1, DAYS) for offset in (-20, -1, 0, 9, 235, 245)]
    ),
)
nights = st.integers(1, NIGHTS)
actors = st.sampled_from(["ann", "bob"])
brands = st.sampled_from(["b1", "b2"])
notes = st.sampled_from(["n1", "n2"])
verdicts = st.sampled_from(["confirmed", "dismissed"])


def clock(minute: int) -> str:
    return local((FIRST_MINUTE + timedelta(minutes=minute)).isoformat())


def day_of(minute: int) -> str:
    return (FIRST_MINUTE + timedelta(minutes=minute)).date().isoformat()


@st.composite
def shop_acts(draw: st.DrawFn, name: str) -> list[Arrival]:
    """A view, or a cart."""
    make = draw(st.sampled_from([viewed, carted]))
    act = make(name, clock(draw(minutes)), actor=draw(actors), brand=draw(brands))
    return [(draw(nights), act)]


@st.composite
def orders(draw: st.DrawFn, name: str) -> list[Arrival]:
    """An order, perhaps paid days later, or heard of first by its payment; perhaps refunded."""
    minute = draw(minutes)
    order_id = draw(st.sampled_from([name, "o-sent-again"]))
    items = [line(draw(brands)) for _ in range(draw(st.integers(1, 2)))]
    order = placed(order_id, clock(minute), *items, actor=draw(actors), id_=f"{name}-placed")
    arrivals = [(draw(nights), order)]
    if draw(st.booleans()):
        later = minute + draw(st.integers(0, 3 * 1440))
        payment = paid(order_id, clock(later), placed_at=clock(minute), id_=f"{name}-paid")
        arrivals.append((draw(nights), payment))
        if draw(st.booleans()):
            arrivals.append((draw(nights), refunded(name, order_id, minute, later + 60)))
    return arrivals


def refunded(name: str, order_id: str, minute: int, later: int) -> Event:
    return event(
        "order.refunded",
        f"{name}-refunded",
        clock(later),
        refund_id=f"{name}-refund",
        order_id=order_id,
        placed_at=clock(minute),
        amount_minor=300,
        currency="CNY",
        reason="broken",
    )


@st.composite
def clicks(draw: st.DrawFn, name: str) -> list[Arrival]:
    """Two clicks minutes apart, their price, perhaps an install, perhaps decisions."""
    minute = draw(minutes)
    apart = draw(st.sampled_from([0, 1, 10, 11, 1440]))
    pair = [
        clicked(f"{name}-{n}", clock(minute + n * apart), actorid=draw(actors)) for n in range(2)
    ]
    arrivals = [(draw(nights), click) for click in pair]
    arrivals.append((draw(nights), charged(name, pair[0])))
    if draw(st.booleans()):
        at = clock(minute + apart + draw(st.integers(0, 2 * 1440)))
        arrivals.append((draw(nights), converted(f"{name}-install", at, pair[1])))
    for version, verdict in enumerate(draw(st.lists(verdicts, max_size=2)), start=1):
        decision = decided(
            f"{name}-decision-{version}",
            clock(DAYS * 1440 + version),
            verdict,
            *pair,
            days=sorted({day_of(minute), day_of(minute + apart)}),
            case=name,
            version=version,
        )
        arrivals.append((draw(nights), decision))
    return arrivals


def charged(name: str, click: Event) -> Event:
    return event(
        "ad.charged",
        f"{name}-charged",
        click["time"],
        charge_id=f"{name}-charge",
        click_id=click["id"],
        clicked_at=click["time"],
        campaign_id="c1",
        unit_id="u1",
        brand_id="b1",
        amount_minor=70,
        currency="CNY",
    )


@st.composite
def readings(draw: st.DrawFn, name: str) -> list[Arrival]:
    """A note is shown, read, and liked or no longer liked."""
    minute, actor, note = draw(minutes), draw(actors), draw(notes)
    shown: dict[str, Any] = {"note_id": note, "request_id": f"{name}-r", "surface": draw(surfaces)}
    liking = draw(st.lists(st.sampled_from(["note.liked", "note.unliked"]), max_size=2))
    told = [
        event("note.impressed", f"{name}-i", clock(minute), actorid=actor, position=1, **shown),
        event("note.read", f"{name}-d", clock(minute + 1), actorid=actor, dwell_ms=9000, **shown),
        *(
            event(type_, f"{name}-{n}", clock(minute + 2 + n * 700), actorid=actor, note_id=note)
            for n, type_ in enumerate(liking)
        ),
    ]
    return [(draw(nights), one) for one in told]


surfaces = st.sampled_from(["feed", "search", "follow"])


@st.composite
def states(draw: st.DrawFn, name: str) -> list[Arrival]:
    """A note, a product or a person is another from now on."""
    make = draw(st.sampled_from([note_changed, product_changed, user_changed]))
    return [(draw(nights), make(name, clock(draw(minutes)), draw(brands)))]


def note_changed(name: str, time: str, brand: str) -> Event:
    return event(
        "note.changed",
        name,
        time,
        note_id="n1",
        creator_id="cat",
        status="published",
        title="Tea",
        text="tea",
        topics=["tea"],
        products=[{"product_id": f"{brand}-p1", "brand_id": brand}],
        mentions=[],
        is_disclosed_ad=brand == "b2",
    )


def product_changed(name: str, time: str, brand: str) -> Event:
    return event(
        "product.changed",
        name,
        time,
        product_id="b1-p1",
        brand_id="b1",
        name="Cup",
        category=f"home.{brand}",
        price_minor=1000,
        currency="CNY",
        shop_id="h1",
        status="listed",
    )


def user_changed(name: str, time: str, brand: str) -> Event:
    return event(
        "user.changed",
        name,
        time,
        user_id="ann",
        status="active",
        registered_on="2026-07-01",
        city_tier=1 if brand == "b1" else 2,
        has_avatar=True,
        has_bio=False,
        interests=[],
    )


@st.composite
def searches(draw: st.DrawFn, name: str) -> list[Arrival]:
    """A search, and what it showed of a brand."""
    minute, actor = draw(minutes), draw(actors)
    asked: dict[str, Any] = {"request_id": f"{name}-r"}
    card: dict[str, Any] = {
        "product_id": f"{draw(brands)}-p1",
        "surface": "search",
        "position": 1,
        **asked,
    }
    told = [
        event(
            "search.queried",
            f"{name}-q",
            clock(minute),
            actorid=actor,
            query="tea",
            results=3,
            **asked,
        ),
        event("product_card.impressed", f"{name}-i", clock(minute), actorid=actor, **card),
        event("product_card.clicked", f"{name}-c", clock(minute + 1), actorid=actor, **card),
    ]
    return [(draw(nights), one) for one in told]


STORIES: Final = [shop_acts, orders, clicks, readings, states, searches]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Event]]:
    """What lands before each night; some of it a second time."""
    stories = draw(st.lists(st.sampled_from(STORIES), min_size=12, max_size=20))
    arrivals = [a for n, story in enumerate(stories) for a in draw(story(f"e{n}"))]
    again = draw(st.lists(st.tuples(nights, st.sampled_from([e for _, e in arrivals])), max_size=2))
    return [[e for on, e in [*arrivals, *again] if on == n] for n in range(1, NIGHTS + 1)]
