"""Who is who: names of the tests' people behind the lake's pseudonyms."""

from pipelines.defs.house import House
from platform_core.keys import key
from platform_core.pseudonyms import namespace_key, pseudonym


def called(meadow: House, name: str) -> str:
    """What this Meadow's lake calls a person."""
    return pseudonym(name, namespace_key(key(meadow.platform, "pseudonym"), "person"))
