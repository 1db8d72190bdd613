"""What each detector flags by itself, and how much of that is fraud."""

from collections.abc import Iterator

from models.evaluation.formats import percent, prose, table
from models.evaluation.measured import Judged


def lines(judged: Judged) -> Iterator[str]:
    yield from prose(
        "Each alone. What only *waits* for a person lies below the threshold and accuses nobody; a",
        "*shadow* counts only itself. Wilson's interval takes subjects as independent, which they",
        "are not.",
    )
    if not judged.detectors:
        yield from prose("No detector has flagged anything.")
        return
    yield from table(
        ("subject", "detector", "state", "flagged", "precision", "Wilson", "finds most", "wrongly"),
        [
            (
                *(d.subject, f"`{d.name}` {d.version}", d.state, f"{d.flagged:,}"),
                *(percent(d.precision), percent(d.wilson), d.kinds, d.wrongly),
            )
            for d in judged.detectors
        ],
    )
