"""What a campaign file may say of an errand: what is done, to what, in which words and how fast."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from platform_core.simulation.plan import Verb

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Whose = Literal["beneficiary", "victim", "members", "others", "anyone"]
Picked = Literal[
    "note",
    "product",
    "creator",
    "brand",
    "ad_campaign",
    "coupon",
    "topic",
    "keyword",
    "name",
]
"""What a step is aimed at; a keyword and a name are words to search for."""

NEEDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        (
            "read_note",
            "like",
            "unlike",
            "collect",
            "uncollect",
            "comment",
            "share",
            "hide",
            "report",
        ),
        frozenset({"note"}),
    ),
    **dict.fromkeys(("follow", "unfollow"), frozenset({"creator"})),
    **dict.fromkeys(("view_product", "add_to_cart", "order", "review"), frozenset({"product"})),
    "claim_coupon": frozenset({"coupon"}),
    "click_ad": frozenset({"ad_campaign"}),
    "view_brand_page": frozenset({"brand"}),
    "view_topic": frozenset({"topic"}),
    "search": frozenset({"keyword", "name"}),
    "publish_note": frozenset({"product", "topic"}),
}
"""What each verb can be aimed at."""


class Said(BaseModel):
    """A part of a campaign file; what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pick(Said):
    """What a step is aimed at."""

    what: Picked
    whose: Whose = "beneficiary"
    focus: Annotated[int, Field(ge=1)] | None = None
    """Only so many different ones, chosen once, are aimed at; none: any of them."""
    newest: bool = False
    """The newest of those that exist that day."""


class Wording(Said):
    """Where the words of a step come from."""

    source: Literal["template", "rewrites", "honest"] = "honest"
    lines: tuple[str, ...] = ()
    """Lines with ``{product}`` and ``{brand}``, and words to choose from as ``[so|or so]``. A text
    of a template is one of them; of rewrites some of them, the claims of a brief, in any order."""

    @model_validator(mode="after")
    def _lines_are_there(self) -> "Wording":
        if self.source != "honest" and not self.lines:
            raise ValueError(f"a {self.source} needs lines")
        if self.source == "honest" and self.lines:
            raise ValueError("honest words need no lines")
        return self


class Purchase(Said):
    """How an order is paid, sent and taken back."""

    quantity: tuple[int, int] = (1, 1)
    ship_to: Literal["own", "few", "many"] = "own"
    """``few``: the group shares a handful of addresses; ``many``: another one for every order."""
    instrument: Literal["own", "shared"] = "own"
    """``shared``: one card pays for several buyers."""
    empty_parcel: bool = False
    cancel: Share = 0.0
    refund: Share = 0.0
    refund_after_days: Annotated[int, Field(ge=1)] = 3
    stars: dict[Annotated[int, Field(ge=1, le=5)], Positive] | None = None
    """A review follows the delivery: weights of the stars."""
    review_chance: Share = 1.0
    wording: Wording = Wording()


class Through(Said):
    """How a product's page is come upon: the shares of notes that show it and of searches for it.

    The rest goes straight to the shop. People of the town mostly come through notes.
    """

    note: Share = 0.75
    search: Share = 0.15

    @model_validator(mode="after")
    def _shares(self) -> "Through":
        if self.note + self.search > 1:
            raise ValueError(f"{self.note} and {self.search} are more than the whole")
        return self


class Step(Said):
    """One act of the errand, in order."""

    do: Verb
    aim: Pick | None = None
    """None: what a step before it was aimed at."""
    chance: Share = 1.0
    after_s: Positive = 8.0
    """Median seconds after the step before."""
    spread: Annotated[float, Field(ge=0, le=3)] = 0.7
    """Sigma of the logarithm of those seconds."""
    first: bool = False
    dwell_s: Positive | None = None
    through: Through = Through()
    stars: dict[Annotated[int, Field(ge=1, le=5)], Positive] | None = None
    disclosed: bool = False
    wording: Wording = Wording()
    purchase: Purchase = Purchase()

    @model_validator(mode="after")
    def _verb_and_aim_agree(self) -> "Step":
        if self.aim and self.aim.what not in NEEDS[self.do]:
            known = " or ".join(sorted(NEEDS[self.do]))
            raise ValueError(f"`{self.do}` is aimed at a {known}, not at a {self.aim.what}")
        if self.do == "review" and not self.stars:
            raise ValueError("a review needs `stars`")
        return self


class Errand(Said):
    """What members come for. Without steps they only live, in the group's circumstances."""

    pages: Annotated[float, Field(ge=0, le=20)] = 1.0
    """Pages of cards looked at beside the errand, on average."""
    surface: Literal["feed", "search", "topic", "follow"] = "feed"
    query: Pick | None = None
    """What is searched for, or the topic that is opened, when the pages are asked for."""
    rounds: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1, le=50)]] = (1, 1)
    """How often the steps are gone through in one visit; every round aims anew."""
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _aims_are_there(self) -> "Errand":
        aimed: set[str] = set()
        for number, step in enumerate(self.steps):
            if step.aim is not None:
                aimed.add(step.aim.what)
            elif not aimed & NEEDS[step.do]:
                needed = " or ".join(sorted(NEEDS[step.do]))
                raise ValueError(f"steps.{number}: no step before it is aimed at a {needed}")
        if (self.surface in ("search", "topic")) != (self.query is not None):
            raise ValueError("`query` belongs to the surfaces search and topic")
        if self.rounds[0] > self.rounds[1]:
            raise ValueError(f"rounds {list(self.rounds)}: the fewest come first")
        return self
