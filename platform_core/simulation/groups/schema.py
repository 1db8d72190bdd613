"""What a campaign file may say: a group of people, why they act, when, from where and how.

Fraud campaigns and the honest groups that look like them are written in the same words, so that
nothing but the cause differs. Counts are per 1,000 users of the town, times are shares of the run:
the same file fits a town of 300 people over a week and one of 50,000 over a season.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from platform_core.simulation.groups.errand_schema import Errand, Positive, Said, Share

Origin = Literal["new", "aged", "ordinary"]
"""Accounts made for it, accounts made long before it, or people who live here anyway."""


class Party(Said):
    """Somebody who gains or loses: chosen once for the whole run."""

    what: Literal["brand", "creator", "members", "outsider"]
    which: Literal["any", "large", "small", "rival"] = "any"
    name: str = ""
    """Who it is when nobody of the town is meant."""

    @model_validator(mode="after")
    def _an_outsider_has_a_name(self) -> "Party":
        if self.what == "outsider" and not self.name:
            raise ValueError("an outsider needs a name")
        if self.which == "rival" and self.what != "brand":
            raise ValueError("only a brand has a rival")
        return self


class Budget(Said):
    """What the operator may spend; the group falls silent when it is gone."""

    minor_per_1000: Annotated[int, Field(gt=0)]
    """Minor units of the town's currency in a town of 1,000 users."""
    visit_costs_minor: Annotated[int, Field(gt=0)]


class Devices(Said):
    """What the accounts act on; ordinary people keep their own."""

    accounts_each: Annotated[int, Field(ge=1)] = 1
    """How many accounts share one device."""
    rotate: Literal["never", "once", "daily"] = "never"
    """The identifier is new every day, as on emulators, or once, as after a re-installation."""
    models: Literal["any", "cheap"] = "any"


class Network(Said):
    """Where the accounts come from; ``own`` is what any person of the town would have."""

    pool: Literal["own", "household", "office", "campus", "carrier", "datacentre"] = "own"
    accounts_each: Annotated[int, Field(ge=1)] = 1
    """How many accounts share one address."""
    rotate: Literal["never", "daily", "visit"] = "never"


class Profile(Said):
    """How the accounts of a group differ from ordinary people, as factors on drawn values."""

    has_avatar: Share | None = None
    has_bio: Share | None = None
    patience: Positive = 1.0
    read_rate: Positive = 1.0
    engage_rate: Positive = 1.0
    buy_rate: Positive = 1.0
    return_rate: Positive = 1.0
    review_rate: Positive = 1.0
    price_sense: Share | None = None
    visits_a_day: Positive = 1.0


class Actors(Said):
    """Who takes part."""

    per_1000: Positive
    at_least: Annotated[int, Field(ge=1)] = 2
    origin: Origin
    hijacked: bool = False
    """Ordinary people who do not know: somebody else acts on their devices."""
    joins: tuple[Share, Share] = (0.0, 0.5)
    """When new and aged accounts sign up: shares of the campaign, or of the time before it."""
    creators: bool = False
    """Whether they publish notes: of ordinary people, only creators are taken."""
    camouflage: Share = 0.5
    """How much of an ordinary life the accounts lead beside the errand."""
    bond: Literal["none", "household", "workplace", "city", "interest"] = "none"
    """What the ordinary people who are taken have in common."""
    labels: Literal["person", "errand"] | None = None
    """Whether all that a member does belongs to the group, or only its errands."""
    devices: Devices = Devices()
    network: Network = Network()
    profile: Profile = Profile()

    @property
    def whole(self) -> bool:
        """Whether the cause covers the member's whole life."""
        return (self.labels or ("errand" if self.origin == "ordinary" else "person")) == "person"


class Schedule(Said):
    """When the group acts."""

    starts: tuple[Share, Share] = (0.1, 0.4)
    """Somewhen between these two."""
    lasts: Annotated[float, Field(gt=0, le=1)] = 0.5
    at_least_days: Annotated[int, Field(ge=1)] = 2
    shape: Literal["steady", "burst", "waves", "ramp"] = "steady"
    visits_a_day: Annotated[float, Field(ge=0)] = 1.0
    """Errands of one member on a day, on average, at strength 1."""
    once: bool = False
    """Every member runs the errand once in the whole campaign."""
    hours: Literal["ordinary", "evening", "night", "office", "morning", "anytime"] = "ordinary"
    within_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    """A day's errands fall within so many minutes, around one moment of the hours."""


class Group(Said):
    """One fraud campaign or one honest group, as its file describes it; ``id`` is its name."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    about: Annotated[str, Field(min_length=1)]
    is_fraud: bool
    twin_of: tuple[str, ...] = ()
    goal: Literal["rank", "sales", "money", "harm", "none"]
    strength: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Multiplies the number of members and their errands (each by its square root)."""
    budget: Budget | None = None
    beneficiary: Party | None = None
    victim: Party | None = None
    actors: Actors
    schedule: Schedule = Schedule()
    errand: Errand = Errand()

    @model_validator(mode="after")
    def _fraud_says_why(self) -> "Group":
        if self.is_fraud and not (self.budget and self.beneficiary and self.victim):
            raise ValueError("fraud has a budget, a beneficiary and a victim")
        if self.is_fraud and self.goal == "none":
            raise ValueError("fraud has a goal")
        if self.is_fraud and self.twin_of:
            raise ValueError("only an honest group is the twin of others")
        return self
