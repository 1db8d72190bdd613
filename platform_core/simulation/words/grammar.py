"""A small grammar: sentences that are put together from rules, differently each time."""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

_SYMBOL: Final = re.compile(r"\{(\w+)(\??)\}")
DEPTH: Final = 12  # rules that call each other more deeply than this call themselves


class _Symbol(NamedTuple):
    name: str
    is_optional: bool


_Parts = tuple[str | _Symbol, ...]


class GrammarError(ValueError):
    """A rule names another one that nobody knows, or calls itself for ever."""


class Grammar:
    """Rules by name: each is a list of templates, one of which is chosen at every use.

    ``{name}`` in a template is replaced by that rule's choice, ``{name?}`` every other time by
    nothing. Words that are given to ``say`` stand before rules of the same name.
    """

    def __init__(self, *rules: Mapping[str, Sequence[str]]) -> None:
        self._rules: dict[str, list[_Parts]] = {}
        for more in rules:
            self._rules |= {name: [_parse(str(t)) for t in said] for name, said in more.items()}

    def say(self, name: str, words: Mapping[str, str], draw: Random) -> str:
        """One sentence of the rule ``name``.

        Raises:
            GrammarError: a name has neither a rule nor a word.
        """
        return self._say(name, words, draw, 0)

    def check(self, words: Sequence[str]) -> None:
        """Refuse a grammar of which some sentence could not be said with words of these names.

        Raises:
            GrammarError: names the rule and what it lacks.
        """
        for rule, templates in self._rules.items():
            named = {p.name for parts in templates for p in parts if isinstance(p, _Symbol)}
            if missing := sorted(named - self._rules.keys() - set(words)):
                raise GrammarError(f"rule {rule!r} names {missing}, which have no rule: add them")

    def _say(self, name: str, words: Mapping[str, str], draw: Random, depth: int) -> str:
        if (word := words.get(name)) is not None:
            return word
        if (templates := self._rules.get(name)) is None:
            raise GrammarError(f"no rule and no word is called {name!r}")
        if depth > DEPTH:
            raise GrammarError(f"rule {name!r} calls itself")
        parts = templates[int(draw.random() * len(templates))]
        return "".join(
            part if isinstance(part, str) else self._say(part.name, words, draw, depth + 1)
            for part in parts
            if isinstance(part, str) or not part.is_optional or draw.random() < 0.5
        )


def _parse(template: str) -> _Parts:
    parts: list[str | _Symbol] = []
    end = 0
    for found in _SYMBOL.finditer(template):
        parts += [template[end : found.start()], _Symbol(found[1], bool(found[2]))]
        end = found.end()
    return tuple(part for part in [*parts, template[end:]] if part != "")
