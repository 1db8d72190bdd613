"""Write the page and its pictures."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from models.evaluation import recall
from models.evaluation.document import write
from models.evaluation.formats import percent
from models.evaluation.measured import Judged
from models.evaluation.pool import Pool


def write_page(judged: Judged, pool: Pool, to: Path) -> Iterator[str]:
    """Write ``evaluation.md`` and ``images/evaluation-*.png``; yields what to tell the user."""
    to.mkdir(parents=True, exist_ok=True)
    if find_spec("vl_convert"):
        from models.evaluation.plots import draw

        pictures = draw(judged, recall.by_day(pool.subjects), to / "images")
        judged = replace(judged, plots=pictures)
    else:
        yield "no pictures: vl-convert-python, of the extra `dev`, is not installed"
    page = to / "evaluation.md"
    page.write_text(write(judged), encoding="utf-8")
    yield f"precision {percent(judged.precision)} of what is flagged"
    for found in judged.kinds:
        yield f"{found.kind:26} recall {percent(found.subjects)}"
    for crowd in judged.crowds:
        yield f"{crowd.name:26} accused {percent(crowd.people, 2)}"
    yield f"written: {page.name} and {len(judged.plots)} pictures"
