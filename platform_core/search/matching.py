"""From words to full-text queries: exact, by need, and with typos, weighed by where they stand.

What a match is worth is fixed and not a matter of how rare a word is (as in BM25): a rare word for
a need never outdoes the word that was asked for, and an index that grew answers as a new one does,
whatever its segments still count.
"""

from typing import Final

import tantivy

from platform_core.search.queries import Wish, wishes
from platform_core.search.words import is_chinese, pairs, runs

FIELDS: Final = {"title": 2.0, "topics": 1.5, "text": 1.0}
"""What a match is worth, by where it stands."""
MEANT: Final = 0.6  # a word that answers the need, against the word itself
PART: Final = 1.0  # all parts of a longer word that nobody knows, wherever they stand
THING: Final = 1.8  # what is asked for, against for whom, when, where and what for
TYPO: Final = 0.7  # a word that is nearly the same
ALSO: Final = 0.2  # whatever else meets the same wish, beside the best
ONE_TYPO_FROM: Final = 4  # letters
TWO_TYPOS_FROM: Final = 8


def matching(schema: tantivy.Schema, text: str) -> tantivy.Query:
    """What finds documents for the query; the more of its wishes they meet, the better.

    A wish is met by its word or by one that answers it; the best of them counts.
    """
    wanted = [(tantivy.Occur.Should, _wish(schema, wish)) for wish in wishes(text)]
    return tantivy.Query.boolean_query(wanted) if wanted else tantivy.Query.empty_query()


def _wish(schema: tantivy.Schema, wish: Wish) -> tantivy.Query:
    ways = _word(schema, wish.word, 1.0)
    for word in wish.meant:
        ways += _word(schema, word, MEANT)
    if not wish.known:
        ways += _loosely(schema, wish.word)
    met = tantivy.Query.disjunction_max_query(ways, tie_breaker=ALSO)
    return met if wish.is_scene else tantivy.Query.boost_query(met, THING)


def _word(schema: tantivy.Schema, word: str, worth: float) -> list[tantivy.Query]:
    """The whole word within one field; of a long Chinese one, all its pairs of characters."""
    parts = [part for run in runs(word) for part in (pairs(run) if is_chinese(run) else [run])]
    ways = []
    for field, weight in FIELDS.items():
        terms = [tantivy.Query.term_query(schema, field, part) for part in parts]
        all_of = tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])
        ways.append(tantivy.Query.const_score_query(all_of, worth * weight))
    return ways


def _loosely(schema: tantivy.Schema, word: str) -> list[tantivy.Query]:
    """An unknown Chinese word by its parts, an unknown other one as if mistyped."""
    if is_chinese(word):
        return [_in_parts(schema, word)]
    if len(word) < ONE_TYPO_FROM or word.isdigit():
        return []
    distance = 2 if len(word) >= TWO_TYPOS_FROM else 1
    return [
        tantivy.Query.const_score_query(
            tantivy.Query.fuzzy_term_query(schema, field, word, distance), TYPO * weight
        )
        for field, weight in FIELDS.items()
    ]


def _in_parts(schema: tantivy.Schema, word: str) -> tantivy.Query:
    """The more pairs of characters, the better: words that follow each other are not told apart."""
    parts = pairs(word)
    ways = [_word(schema, part, PART / len(parts)) for part in parts]
    each = [tantivy.Query.disjunction_max_query(way, tie_breaker=ALSO) for way in ways]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in each])
