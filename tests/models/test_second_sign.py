"""A dense block accuses nobody without a second sign."""

import polars as pl

from models.rings.second_sign import with_second_sign

POPULATION = pl.DataFrame(
    {"user_id": [f"u{i:03}" for i in range(100)], "newness": list(range(100))}
)


def accused(members: list[str], signs: pl.DataFrame = POPULATION) -> list[str]:
    found = with_second_sign(pl.Series(members, dtype=pl.String), signs, key="user_id")
    return found["user_id"].sort().to_list()


def test_only_members_against_whom_a_sign_speaks_are_accused() -> None:
    assert accused(["u000", "u050", "u097", "u099"]) == ["u097", "u099"]


def test_prolific_people_like_all_others_are_not_accused() -> None:
    assert accused([f"u{i:03}" for i in range(90)]) == []


def test_any_one_of_several_signs_is_enough() -> None:
    signs = POPULATION.with_columns(text=-pl.col("newness"))
    assert accused(["u001", "u050", "u098"], signs) == ["u001", "u098"]


def test_what_is_missing_or_the_same_for_all_speaks_against_nobody() -> None:
    same = POPULATION.with_columns(newness=pl.lit(3))
    assert accused(["u001", "u099"], same) == []
    unknown = POPULATION.with_columns(newness=pl.lit(None, pl.Int64))
    assert accused(["u001", "u099"], unknown) == []


def test_an_empty_block_or_population_accuses_nobody() -> None:
    assert accused([]) == []
    assert accused(["u001"], POPULATION.clear()) == []
