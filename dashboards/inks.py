"""The palette: one meaning, one ink, on every page and in both themes."""

from dataclasses import dataclass
from typing import Final

FONT: Final = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


@dataclass(frozen=True)
class Inks:
    """Colours by meaning; ``net`` is also the primary colour."""

    net: str
    gross: str
    pending: str
    removed: str
    text: str
    muted: str
    grid: str
    ground: str


LIGHT: Final = Inks(
    net="#0B6E4F",
    gross="#66736D",
    pending="#C77700",
    removed="#B3261E",
    text="#1B2420",
    muted="#5A6761",
    grid="#E8ECEA",
    ground="#FFFFFF",
)
DARK: Final = Inks(
    net="#3FBF8F",
    gross="#95A39D",
    pending="#F0B24A",
    removed="#F2857C",
    text="#E6ECE9",
    muted="#A9B6B0",
    grid="#2A3530",
    ground="#121815",
)


def inks(dark: bool) -> Inks:
    """The palette of a theme."""
    return DARK if dark else LIGHT


def wash(ink: str, ground: str, strength: float) -> str:
    """``ink`` laid thinly over ``ground``, as one opaque colour that a legend can show too."""
    mixed = (
        round(strength * a + (1 - strength) * b)
        for a, b in zip(_rgb(ink), _rgb(ground), strict=True)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
