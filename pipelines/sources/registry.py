"""The sources that Meadow knows: every module beside this one that declares a ``SOURCE``."""

import pkgutil
from difflib import get_close_matches
from importlib import import_module

from pipelines import sources
from pipelines.sources.mapping import Source


class UnknownSource(LookupError):
    """No module declares a source of that name."""


def known_sources() -> dict[str, Source]:
    """Every source by its name."""
    modules = (
        import_module(f"{sources.__name__}.{module.name}")
        for module in pkgutil.iter_modules(sources.__path__)
    )
    declared = (getattr(module, "SOURCE", None) for module in modules)
    return {source.name: source for source in declared if isinstance(source, Source)}


def find_source(name: str) -> Source:
    """The source of that name.

    Raises:
        UnknownSource: there is none; the message lists those there are.
    """
    known = known_sources()
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise UnknownSource(f"unknown source {name!r}{hint}; known: {', '.join(sorted(known))}")
    return known[name]
