"""Near-duplicates are found, whatever their order; floods and empty texts stay sane."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.bands import ENOUGH
from features.near_duplicates import clusters, near_duplicates
from features.shingles import plain, shingles

COMMON = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
PRAISE = "这款面霜质地清爽不油腻，冬天用着刚刚好，会推荐给朋友"


def texts(*said: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"id": range(len(said)), "text": said}, schema_overrides={"text": pl.String}
    )


def pairs(*said: str | None, similarity: float = 0.4) -> list[tuple[int, int, float]]:
    return near_duplicates(texts(*said), similarity=similarity).rows()


def rewritten(text: str, share: float, random: np.random.Generator) -> str:
    """The text with a share of its characters replaced, wherever they stand."""
    characters = list(text)
    for place in random.choice(len(text), round(share * len(text)), replace=False):
        characters[place] = COMMON[random.integers(len(COMMON))]
    return "".join(characters)


def drawn(count: int, random: np.random.Generator) -> list[str]:
    """Texts of 20 to 60 characters that have nothing to do with each other."""
    return ["".join(random.choice(COMMON, random.integers(20, 61))) for _ in range(count)]


@pytest.mark.parametrize(
    "other",
    [
        "这款面霜质地清爽，不油腻。冬天用着刚刚好！会推荐给朋友👍🏽",
        "  这款面霜 质地清爽不油腻\n冬天用着刚刚好 会推荐给朋友",
        "❤️这款面霜质地清爽不油腻，❤冬天用着刚刚好，会推荐给朋友",
    ],
)
def test_spaces_punctuation_and_emoji_change_nothing(other: str) -> None:
    assert pairs(PRAISE, other) == [(0, 1, 1.0)]


def test_case_and_width_change_nothing() -> None:
    assert pairs("Ｔｈｅ ｂｅｓｔ Ｃｒｅａｍ, by far", "the best cream by far") == [(0, 1, 1.0)]


def test_similarity_is_the_share_of_pairs_of_characters_in_common() -> None:
    assert pairs("一二三四五六", "一二三四五七") == [(0, 1, 4 / 6)]


def test_a_threshold_includes_its_own_value() -> None:
    assert pairs("一二三四五六", "一二三四五七", similarity=4 / 6) == [(0, 1, 4 / 6)]
    assert pairs("一二三四五六", "一二三四五七", similarity=0.67) == []


def test_english_texts_are_not_alike_for_their_letters() -> None:
    ours = "the cream sinks in fast and my skin felt soft for the rest of the day"
    assert pairs(ours, "delivery was late and the box had a dent, still the phone works fine") == []
    ((_, _, score),) = pairs(ours, ours.replace("soft", "smooth"))
    assert score > 0.7


def test_texts_without_a_letter_have_no_duplicates() -> None:
    assert pairs("", "", None, None, "！！！", "！！！", "👍", "👍", "  ") == []
    assert pairs() == []


def test_a_text_of_one_character_is_like_itself_only() -> None:
    assert pairs("好", "好", "坏", "好的") == [(0, 1, 1.0)]


def test_ids_may_be_words() -> None:
    frame = pl.DataFrame({"id": ["b", "a"], "text": [PRAISE, PRAISE]})
    assert near_duplicates(frame).rows() == [("a", "b", 1.0)]


def test_clusters_hold_together_what_pairs_chain() -> None:
    found = clusters(pl.DataFrame({"id_a": ["a", "b", "x"], "id_b": ["b", "c", "y"]}))
    assert found.rows() == [("a", "a"), ("b", "a"), ("c", "a"), ("x", "x"), ("y", "x")]


def test_clusters_of_nothing_are_none() -> None:
    assert clusters(near_duplicates(texts())).is_empty()


def test_a_million_equal_texts_are_a_star_not_their_square() -> None:
    found = near_duplicates(texts(*[PRAISE] * 1_000_000))
    assert len(found) == 999_999
    assert found["id_a"].unique().to_list() == [0]


def test_a_flood_of_variants_is_one_cluster_of_a_bounded_number_of_pairs() -> None:
    flood = [f"加我微信领红包领优惠券{number:04}号" for number in range(5000)]
    found = near_duplicates(texts(*flood))
    assert len(found) < 20 * ENOUGH * len(flood)
    assert clusters(found)["cluster"].to_list() == [0] * len(flood)


@pytest.mark.parametrize(("share", "recall"), [(0.1, 0.99), (0.2, 0.9)])
def test_rewritten_texts_are_found(share: float, recall: float) -> None:
    random = np.random.default_rng(5)
    originals = drawn(4000, random)
    copies = [rewritten(text, share, random) for text in originals]
    found = near_duplicates(texts(*originals, *copies))
    planted = (found["id_b"] - found["id_a"] == len(originals)).sum()
    assert planted >= recall * len(originals)
    assert planted == len(found)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("好用推荐ab 。", max_size=12), max_size=8))
def test_equal_texts_are_always_in_one_cluster(said: list[str]) -> None:
    cluster = dict(clusters(near_duplicates(texts(*said))).rows())
    plainly = texts(*said).select(plain(pl.col("text")))["text"].to_list()
    for one, other in combinations(range(len(said)), 2):
        if plainly[one] == plainly[other] != "":
            assert cluster[one] == cluster[other]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("好用推荐买吧", max_size=12), max_size=8), st.integers(0, 99))
def test_the_order_of_texts_says_nothing(said: list[str], seed: int) -> None:
    shuffled = texts(*said).sample(fraction=1, shuffle=True, seed=seed)
    assert near_duplicates(texts(*said)).equals(near_duplicates(shuffled))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("好用推荐买吧", min_size=1, max_size=12), max_size=8, unique=True))
def test_every_pair_found_is_as_similar_as_it_says(said: list[str]) -> None:
    sets = shingles(pl.Series(said, dtype=pl.String))
    of = [set(sets.codes[a:b].tolist()) for a, b in zip(sets.starts, sets.starts[1:], strict=False)]
    for one, other, score in pairs(*said):
        assert score == len(of[one] & of[other]) / len(of[one] | of[other]) >= 0.4


@settings(deadline=None)
@given(st.lists(st.text("好用ａＢ12"), max_size=6), st.text(" ，！👍🏽\n❤️~"))
def test_what_stands_between_words_is_not_compared(words: list[str], between: str) -> None:
    said = texts("".join(words), between.join(words)).select(plain(pl.col("text")))
    assert said["text"].n_unique() == 1
