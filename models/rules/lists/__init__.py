"""Lists that rules look things up in, each as texts that a query can use as parameters."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, Literal, NamedTuple

import yaml

ListName = Literal["crawler_user_agents", "datacentre_ranges"]

PARTS: Final = 6
"""As one expression the list's automaton outgrows the engines' memory: a hundred times slower."""


class Form(NamedTuple):
    """How addresses of a version are written: bits a group, and the groups' formats."""

    bits: int
    between: str
    of_head: str
    of_third: str


FORMS: Final = {4: Form(8, ".", "d", "03d"), 6: Form(16, ":", "04x", "04x")}


def parameters_of(name: ListName) -> dict[str, str]:
    """What a query may use of a list, without the rule's name before it."""
    if name == "datacentre_ranges":
        return {"blocks": "|".join(blocks(_datacentre_ranges()))}
    return {f"pattern_{n}": part for n, part in enumerate(crawler_patterns(), start=1)}


def crawler_patterns() -> list[str]:
    """Regular expressions of the package crawler-user-agents; one of them finds any known bot."""
    import crawleruseragents  # a megabyte of JSON

    known = [entry["pattern"] for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA]
    return ["|".join(known[part::PARTS]) for part in range(PARTS)]


def blocks(ranges: Mapping[str, list[str]]) -> Iterator[str]:
    """Each range as ``operator,head,first,last``: blocks that begin so and end between.

    A block of an address is its first three groups; ``head`` is the first two of them, ``first``
    and ``last`` bound the third as padded text. Ranges narrower than a block are left out.

    Raises:
        ValueError: a range is no network.
    """
    for operator, written in ranges.items():
        for network in map(ip_network, written):
            yield from (f"{operator},{bounds}" for bounds in _bounds(network))


def _bounds(network: IPv4Network | IPv6Network) -> Iterator[str]:
    form = FORMS[network.version]
    spare = network.max_prefixlen - 3 * form.bits
    if network.max_prefixlen - network.prefixlen < spare:
        return
    first, last = (int(end) >> spare for end in (network[0], network[-1]))
    whole = (1 << form.bits) - 1
    for head in range(first >> form.bits, (last >> form.bits) + 1):
        start = max(first, head << form.bits) & whole
        end = min(last, head << form.bits | whole) & whole
        named = form.between.join(format(group, form.of_head) for group in divmod(head, whole + 1))
        yield f"{named},{start:{form.of_third}},{end:{form.of_third}}"


def _datacentre_ranges() -> dict[str, list[str]]:
    file = Path(__file__).with_name("datacentre_ranges.yaml")
    ranges: dict[str, list[str]] = yaml.safe_load(file.read_text())
    return ranges
