"""What people write: varied, about what it is about, and in agreement with the stars."""

from collections import Counter
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from platform_core.moderation.precheck import check
from platform_core.simulation.words.grammar import Grammar, GrammarError
from platform_core.simulation.words.texts import Texts
from platform_core.simulation.words.vocabulary import vocabulary
from platform_core.simulation.world.world import World

ALIKE = 0.6


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def grams(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text)}


def share_alike(texts: list[str]) -> float:
    """Of all pairs of texts, those with a Jaccard index of their 2-grams above ``ALIKE``."""
    of_text = [grams(text) for text in texts]
    column = {gram: number for number, gram in enumerate(sorted(set[str]().union(*of_text)))}
    holds = np.zeros((len(texts), len(column)), np.float32)
    for row, held in enumerate(of_text):
        holds[row, [column[gram] for gram in held]] = 1
    common = holds @ holds.T
    size = common.diagonal()
    jaccard = common / np.maximum(1, size[:, None] + size[None, :] - common)
    return float((jaccard[np.triu_indices(len(texts), 1)] > ALIKE).mean())


def reviews(world: World, stars: int, count: int, rng: np.random.Generator) -> list[str]:
    products = world.products["product_id"].to_list()
    chosen = rng.integers(len(products), size=count)
    return [world.texts.review(rng, products[row], stars) for row in chosen]


def test_topics_of_which_nothing_is_sold_are_spoken_of_all_the_same(
    rng: np.random.Generator,
) -> None:
    topics = list(vocabulary("topics"))
    town = Texts(topics, {})
    for row in range(len(topics)):
        assert town.query(rng, row)
        assert town.comment(rng, row)
        assert all(town.note(rng, row))


def test_a_thousand_notes_have_hardly_any_near_duplicates(
    world: World, rng: np.random.Generator
) -> None:
    topics = rng.integers(len(world.topics), size=1_000)
    notes = [world.texts.note(rng, int(topic)) for topic in topics]
    assert share_alike([note.text for note in notes]) < 1e-5
    assert len({note.title for note in notes}) > 700


def test_even_notes_of_one_product_differ(world: World, rng: np.random.Generator) -> None:
    product_id = world.products["product_id"][0]
    texts = [world.texts.note(rng, 0, product_id).text for _ in range(500)]
    assert share_alike(texts) < 1e-4


def test_a_thousand_reviews_have_few_near_duplicates(
    world: World, rng: np.random.Generator
) -> None:
    texts = [text for stars in range(1, 6) for text in reviews(world, stars, 200, rng)]
    assert share_alike(texts) < 1e-3


def test_comments_vary_and_some_are_the_same_short_ones(
    world: World, rng: np.random.Generator
) -> None:
    topics = rng.integers(len(world.topics), size=1_000)
    texts = [world.texts.comment(rng, int(topic)) for topic in topics]
    assert share_alike(texts) < 5e-3
    assert Counter(texts).most_common(1)[0][1] > 1


def test_the_words_of_a_review_tell_its_stars(world: World, rng: np.random.Generator) -> None:
    """A naive Bayes classifier on 2-grams, trained on others, tells bad from good ones."""
    bad, good = (reviews(world, stars, 600, rng) for stars in (1, 5))
    counts = [Counter(gram for text in side[:400] for gram in grams(text)) for side in (bad, good)]
    totals = [sum(count.values()) for count in counts]

    def leans(text: str) -> float:
        rates = [
            [np.log((count[gram] + 0.5) / total) for gram in grams(text)]
            for count, total in zip(counts, totals, strict=True)
        ]
        return float(sum(rates[1]) - sum(rates[0]))

    told = [leans(text) < 0 for text in bad[400:]] + [leans(text) > 0 for text in good[400:]]
    assert np.mean(told) > 0.97


def test_a_note_about_a_product_names_its_kind_or_its_brand(
    world: World, rng: np.random.Generator
) -> None:
    for product in world.products.sample(40, seed=2).iter_rows(named=True):
        notes = [world.texts.note(rng, product["topic"], product["product_id"]) for _ in range(8)]
        said = "".join(note.title + note.text for note in notes)
        assert product["kind"] in said or product["ware"] in said


def test_a_brands_own_note_names_the_brand_or_the_line(
    world: World, rng: np.random.Generator
) -> None:
    product = world.products.row(0, named=True)
    for _ in range(20):
        title, text = world.texts.brand_note(rng, product["topic"], product["product_id"])
        assert product["line"] in title + text or world.brands["name"][0] in title + text


def test_some_people_write_in_english(world: World, rng: np.random.Generator) -> None:
    texts = reviews(world, 5, 1_000, rng)
    english = sum(text.isascii() for text in texts)
    assert 15 < english < 80


def test_searches_repeat_and_name_needs_kinds_and_brands(
    world: World, rng: np.random.Generator
) -> None:
    topics = rng.integers(len(world.topics), size=3_000)
    asked = Counter(world.texts.queries(rng, topics))
    assert asked.most_common(1)[0][1] >= 10
    assert len(asked) > 800
    assert any(brand in asked for brand in world.brands["name"])
    assert any("用什么" in query for query in asked)


def test_honest_words_are_rarely_held_by_the_machine(
    world: World, rng: np.random.Generator
) -> None:
    topics = rng.integers(len(world.topics), size=1_500)
    notes = [world.texts.note(rng, int(topic)) for topic in topics]
    held = sum(check(note.title, note.text, False).verdict == "held" for note in notes)
    assert held < 0.01 * len(notes)


def test_the_same_draws_write_the_same(world: World) -> None:
    first, second = (world.texts.note(np.random.default_rng(5), 3) for _ in range(2))
    assert first == second


def test_a_grammar_says_what_its_rules_allow() -> None:
    grammar = Grammar({"hello": ["{greeting}，{name}"], "greeting": ["你好"]})
    assert grammar.say("hello", {"name": "小满"}, Random(1)) == "你好，小满"


def test_a_rule_without_words_is_named() -> None:
    with pytest.raises(GrammarError, match=r"'hello' names \['nobody'\]"):
        Grammar({"hello": ["{nobody}"]}).check([])


def test_a_vocabulary_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"no vocabulary 'weather'.*cities"):
        vocabulary("weather")
