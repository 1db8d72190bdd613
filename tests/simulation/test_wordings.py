import numpy as np
import pytest

from platform_core.simulation.groups.errand_schema import Wording
from platform_core.simulation.groups.wordings import worded

BRIEF = Wording(
    source="rewrites",
    lines=("[用了|试了]{product}", "[值得|不亏]", "{brand}[可以|不错]", "[回购|囤货]"),
)


def texts(wording: Wording, count: int) -> list[str]:
    rng = np.random.default_rng(1)
    return [worded(wording, "面霜", "白棠里", rng) for _ in range(count)]


def test_a_template_says_one_of_its_lines() -> None:
    wording = Wording(source="template", lines=("{product}好", "{brand}[棒|赞]"))
    assert set(texts(wording, 60)) == {"面霜好", "白棠里棒", "白棠里赞"}


def test_rewrites_say_some_claims_in_any_order() -> None:
    said = texts(BRIEF, 300)
    assert len(set(said)) > 250
    assert all("[" not in text and "{" not in text for text in said)
    assert {text.startswith("白棠里") for text in said} == {True, False}


def test_honest_words_are_not_written_here() -> None:
    with pytest.raises(ValueError, match="honest words"):
        texts(Wording(), 1)


def test_a_file_gives_words_unless_they_are_honest() -> None:
    with pytest.raises(ValueError, match="a template needs lines"):
        Wording(source="template")
    with pytest.raises(ValueError, match="honest words need no lines"):
        Wording(lines=("x",))
