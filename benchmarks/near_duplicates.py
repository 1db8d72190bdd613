"""Near-duplicates among a million short texts, with planted rewrites of 10 % and 20 %.

Texts are of 20 to 60 Chinese characters, put together from words whose frequencies fall as in
language, so that strangers share common words but not more. A twentieth of the texts are copies of
others with every tenth character replaced, as many with every fifth, wherever these stand. Beside
Meadow, on a sample, a MinHash in Python and numpy (``datasketch``'s way) and scikit-learn's
exhaustive search; what they would take for all texts is reckoned from the sample, and marked so:
at least that, since a bucket's pairs grow faster than its texts.
Then floods: one text a million times, a million variants of one.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from processes import CHILD, Measured, bench_folder, measure, tell

MILLION: Final = 1_000_000
SECONDS_AIM: Final = 25
RECALL_AIMS: Final = {0.1: 0.99, 0.2: 0.9}
PLANTED: Final = 0.05
"""Of all texts, for each share of rewriting."""
LENGTHS: Final = (20, 61)
WORDS, CHARACTERS = 40_000, 3_500
FIRST_CHARACTER: Final = 0x4E00
WORD_LENGTHS: Final = {1: 0.15, 2: 0.6, 3: 0.25}
MANDELBROT: Final = 2.7
"""Of Zipf's law, frequency = 1 / (rank + 2.7): the commonest word is one in 37."""
SAMPLE: Final = 100
"""A reference reads one in so many of the texts."""
SIMILARITY: Final = 0.4
SEED: Final = 11
WRITE: Final = "write"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sizes", default="1", help="millions of texts, such as 0.1,1,10")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--alone", action="store_true", help="without references and floods")
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    for size in options.sizes.split(","):
        for line in measured(round(float(size) * MILLION), options.runs, alone=options.alone):
            print(line, flush=True)


def measured(texts: int, runs: int, *, alone: bool) -> Iterator[str]:
    """A line a way of finding near-duplicates, each run a process of its own."""
    yield f"\n{texts:,} texts, {runs} runs, medians; a run reads the texts too, code is compiled"
    yield (
        f"{'':26}{'seconds':>9}{'CPU s':>8}{'search CPU':>12}{'peak MiB':>10}{'pairs':>12}"
        f"{'found 10 %':>12}{'20 %':>8}{'not planted':>13}"
    )
    with tempfile.TemporaryDirectory(prefix="texts-", dir=bench_folder()) as folder:
        file = Path(folder) / "texts.parquet"
        measure(__file__, WRITE, file, str(texts))
        measure(__file__, "meadow", file)  # compiles, the first time
        yield _line("meadow", turns := [measure(__file__, "meadow", file) for _ in range(runs)])
        if not alone:
            for way, exponent in (("python", 1), ("scikit-learn", 2)):
                yield _line(way, [measure(__file__, way, file)], factor=SAMPLE**exponent)
            for flood in FLOODS:
                FLOODS[flood](texts).write_parquet(file)
                yield _line(flood, [measure(__file__, "meadow", file)])
    yield from _judged(turns)


def _line(way: str, turns: Sequence[Measured], factor: int = 1) -> str:
    told = turns[0].told
    search = statistics.median(t.told["cpu_seconds"] for t in turns)
    cpu = statistics.median(t.cpu_seconds for t in turns)
    seconds = statistics.median(t.seconds for t in turns)
    peak = max(t.peak_mebibytes for t in turns)
    shares = "".join(
        f"{'' if told[share] is None else format(told[share], '.4f'):>{width}}"
        for share, width in (("0.1", 12), ("0.2", 8))
    )
    line = f"{way:26}{seconds:9.1f}{cpu:8.1f}{search:12.1f}{peak:10,.0f}{told['pairs']:12,}{shares}"
    line += f"{'' if told['strangers'] is None else told['strangers']:>13}"
    if factor > 1:
        line += f"  (1 in {SAMPLE}; all: reckoned {search * factor:,.0f} CPU s or more)"
    return line


def _judged(turns: Sequence[Measured]) -> Iterator[str]:
    seconds = statistics.median(t.seconds for t in turns)
    yield f"time: {seconds:.1f} s (aim for a million: under {SECONDS_AIM})"
    for share, aim in RECALL_AIMS.items():
        found = turns[0].told[str(share)]
        yield f"recall at {share:.0%} rewritten: {found:.4f} (aim: at least {aim})"


def _child(way: str, file: str, texts: str = "") -> Any:
    if way == WRITE:
        town_of_texts(int(texts)).write_parquet(file)
        return None
    frame = pl.read_parquet(file)
    if way != "meadow":
        frame = sampled(frame)
    started = time.process_time()
    pairs = WAYS[way](frame)
    cpu_seconds = time.process_time() - started
    return {"cpu_seconds": cpu_seconds, "pairs": len(pairs), **found(frame, pairs)}


def found(frame: pl.DataFrame, pairs: pl.DataFrame) -> dict[str, float | int | None]:
    """Of planted pairs the share found, by how much was rewritten; and pairs not planted."""
    planted = frame.filter(pl.col("of").is_not_null()).select("share", id_a="of", id_b="id")
    if planted.is_empty():
        return {"0.1": None, "0.2": None, "strangers": None}
    met = planted.join(pairs, on=["id_a", "id_b"], how="left").with_columns(
        is_found=pl.col("similarity").is_not_null()
    )
    recalls = dict(met.group_by("share").agg(pl.col("is_found").mean()).rows())
    strangers = len(pairs) - int(met["is_found"].sum())
    return {"0.1": recalls[0.1], "0.2": recalls[0.2], "strangers": strangers}


def town_of_texts(count: int) -> pl.DataFrame:
    """``id``, ``text``, and of a rewritten copy what it is ``of`` and the ``share`` replaced."""
    random = np.random.default_rng(SEED)
    copies = round(PLANTED * count)
    originals = list(_drawn(count - 2 * copies, random))
    chosen = random.choice(len(originals), 2 * copies, replace=False)
    shares = np.repeat(list(RECALL_AIMS), copies)
    said = [
        _rewritten(originals[o], share, random) for o, share in zip(chosen, shares, strict=True)
    ]
    nothing = [None] * len(originals)
    frame = pl.DataFrame(
        {
            "text": originals + said,
            "of": [*nothing, *chosen.tolist()],
            "share": [*nothing, *shares.tolist()],
        }
    )
    return frame.with_row_index("id").with_columns(pl.col("id").cast(pl.Int64))


def _drawn(count: int, random: np.random.Generator) -> Iterator[str]:
    """Texts of words by their frequency, cut at a length of their own."""
    sizes = random.choice(list(WORD_LENGTHS), WORDS, p=list(WORD_LENGTHS.values()))
    words = np.array(["".join(map(chr, _characters(n, random))) for n in sizes])
    weights = 1 / (np.arange(WORDS) + 1 + MANDELBROT)
    edges = np.cumsum(weights / weights.sum())
    for length in random.integers(*LENGTHS, count).tolist():
        places = np.minimum(np.searchsorted(edges, random.random(length)), WORDS - 1)
        yield "".join(words[places])[:length]


def _characters(count: int, random: np.random.Generator) -> list[int]:
    """Code points; some characters are in many words."""
    points = FIRST_CHARACTER + CHARACTERS * random.random(count) ** 2
    return list(map(int, points))


def _rewritten(text: str, share: float, random: np.random.Generator) -> str:
    characters = list(text)
    places = random.choice(len(text), round(share * len(text)), replace=False)
    for place, point in zip(places, _characters(len(places), random), strict=True):
        characters[place] = chr(point)
    return "".join(characters)


def sampled(frame: pl.DataFrame) -> pl.DataFrame:
    """Originals drawn from all, with their copies."""
    kept = pl.coalesce("of", "id").hash(SEED) % SAMPLE == 0
    return frame.filter(kept)


def by_meadow(frame: pl.DataFrame) -> pl.DataFrame:
    from features.near_duplicates import near_duplicates

    return near_duplicates(frame, similarity=SIMILARITY)


def by_python(frame: pl.DataFrame) -> pl.DataFrame:
    """MinHash as ``datasketch`` does it: text by text, with the same bands, then exactly."""
    random = np.random.default_rng(0)
    prime, places = np.uint64((1 << 61) - 1), 40
    factors, summands = random.integers(1, prime, (2, places), dtype=np.uint64)
    sets: dict[int, set[str]] = {}
    buckets: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for name, text in frame.select("id", "text").rows():
        sets[name] = {text[place : place + 2] for place in range(len(text) - 1)}
        codes = np.array([hash(shingle) & 0xFFFFFFFF for shingle in sets[name]], np.uint64)
        values = (codes[:, None] * factors + summands) % prime & np.uint64(0xFFFFFFFF)
        least = values.min(axis=0).tolist()
        for band in range(0, places, 2):
            buckets[band, least[band], least[band + 1]].append(name)
    seen = {pair for names in buckets.values() for pair in combinations(names, 2)}
    return _pairs((a, b, len(sets[a] & sets[b]) / len(sets[a] | sets[b])) for a, b in seen)


def by_scikit_learn(frame: pl.DataFrame) -> pl.DataFrame:
    """All with all: cosine of the same shingles; of equal sets J is c / (2 - c)."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.neighbors import NearestNeighbors

    hashing = HashingVectorizer(
        analyzer="char", ngram_range=(2, 2), binary=True, n_features=1 << 20, alternate_sign=False
    )
    vectors = hashing.transform(frame["text"].to_list())
    radius = 1 - 2 * SIMILARITY / (1 + SIMILARITY)
    near = NearestNeighbors(radius=radius, metric="cosine", algorithm="brute").fit(vectors)
    names = frame["id"].to_list()
    distances, places = near.radius_neighbors(vectors)
    return _pairs(
        (names[one], names[other], (1 - distance) / (1 + distance))
        for one, (others, far) in enumerate(zip(places, distances, strict=True))
        for other, distance in zip(others, far, strict=True)
        if one < other
    )


def _pairs(rows: Iterator[tuple[int, int, float]]) -> pl.DataFrame:
    kept = [(min(a, b), max(a, b), score) for a, b, score in rows if score >= SIMILARITY]
    columns = {"id_a": pl.Int64, "id_b": pl.Int64, "similarity": pl.Float64}
    return pl.DataFrame(kept, columns, orient="row")


def one_text(count: int) -> pl.DataFrame:
    return _flood(["这款面霜质地清爽不油腻，冬天用着刚刚好"] * count)


def variants(count: int) -> pl.DataFrame:
    return _flood([f"加我微信领红包，优惠券号码是{number}，先到先得" for number in range(count)])


def _flood(said: list[str]) -> pl.DataFrame:
    nothing = pl.Series([None] * len(said), dtype=pl.Int64)
    return pl.DataFrame({"text": said, "of": nothing, "share": nothing}).with_row_index("id")


WAYS: Final[dict[str, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "meadow": by_meadow,
    "python": by_python,
    "scikit-learn": by_scikit_learn,
}
FLOODS: Final[dict[str, Callable[[int], pl.DataFrame]]] = {
    "one text, all the same": one_text,
    "variants of one text": variants,
}


if __name__ == "__main__":
    main()
