"""What is kept can be read again as it was, or not at all."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from sklearn.base import BaseEstimator

from models.scores.booster import Booster
from models.scores.card import Card, Labels, Metric, data_sha256
from models.scores.operating_point import operating_point
from models.scores.reasons import Reasons
from models.scores.store import Kept, ModelStore, ModelUnreadable
from models.scores.text_score import TextScore

RNG = np.random.default_rng(0)
FRAME = pl.DataFrame({"likes_1d": RNG.poisson(3, 800), "gap_s": RNG.exponential(9, 800)})
TRUTH = FRAME.select(l=pl.col("likes_1d") > 4)["l"]
BOOSTER = Booster(max_iter=10).fit(FRAME, TRUTH)
DETECTOR = "false_reviews"


class Foreign(BaseEstimator):
    """A type that no list of ours names."""


def card() -> Card:
    decided = pl.DataFrame({"score": BOOSTER.probability(FRAME), "label": TRUTH})
    scored = decided.select("score", event_date=pl.lit(date(2026, 3, 1)))
    return Card(
        detector=DETECTOR,
        purpose="how likely a person would confirm that a review is false; not for ranking people",
        columns=BOOSTER.columns_,
        trained_from=date(2026, 2, 1),
        trained_to=date(2026, 3, 1),
        labels=Labels(
            confirmed=250, dismissed=550, decided_by={"r1": 800}, selected_by={"random": 800}
        ),
        metrics={"average_precision": Metric(value=0.9, low=0.8, high=1, measured_on="a test")},
        data_sha256=data_sha256(FRAME),
        notes=BOOSTER.notes_,
    ).at(operating_point(decided, scored, capacity_per_day=5))


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def kept(store: ModelStore) -> Kept:
    return store.keep(BOOSTER, card())


def rewrite_card(store: ModelStore, kept: Kept, **changed: object) -> None:
    path = store.folder / DETECTOR / f"{kept.version}.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changed))


def test_a_model_reads_back_as_it_was_with_its_card(store: ModelStore, kept: Kept) -> None:
    again = store.load(DETECTOR, kept.version)
    assert (again.model.probability(FRAME) == BOOSTER.probability(FRAME)).all()
    assert again.card == kept.card
    assert again.card.versions["scikit-learn"]
    assert again.model.get_params() == BOOSTER.get_params()
    assert store.versions(DETECTOR) == [kept.version]
    assert kept.version.startswith("2026-03-01-")


def test_reasons_and_scores_of_texts_are_kept_too(store: ModelStore) -> None:
    reasons = Reasons().fit(FRAME)
    told = store.load(DETECTOR, store.keep(reasons, card()).version).model
    assert told.codes(BOOSTER, FRAME[:9], FRAME).equals(reasons.codes(BOOSTER, FRAME[:9], FRAME))
    texts = pl.Series(["so lovely a stay", "the room was small"] * 16)
    score = TextScore(folds=2).fit(texts, pl.Series([True, False] * 16))
    told = store.load(DETECTOR, store.keep(score, card()).version).model
    assert (told.probability(texts) == score.probability(texts)).all()


def test_the_champion_is_whom_the_pointer_names(store: ModelStore, kept: Kept) -> None:
    assert store.champion(DETECTOR) is None
    store.crown(DETECTOR, kept.version)
    champion = store.champion(DETECTOR)
    assert champion is not None
    assert champion.version == kept.version
    names = {path.name for path in (store.folder / DETECTOR).iterdir()}
    assert names == {f"{kept.version}.skops", f"{kept.version}.yaml", "champion.json"}


def test_what_cannot_be_loaded_is_not_crowned(store: ModelStore, kept: Kept) -> None:
    store.crown(DETECTOR, kept.version)
    with pytest.raises(ModelUnreadable, match="is not kept; there are"):
        store.crown(DETECTOR, "2026-04-01-00000000")
    pointer = json.loads((store.folder / DETECTOR / "champion.json").read_text())
    assert pointer == {"version": kept.version}


def test_a_pointer_that_names_nothing_says_so(store: ModelStore, kept: Kept) -> None:
    (store.folder / DETECTOR / "champion.json").write_text("{}")
    with pytest.raises(ModelUnreadable, match=r"champion.json names no version"):
        store.champion(DETECTOR)


def test_a_changed_file_is_refused(store: ModelStore, kept: Kept) -> None:
    path = store.folder / DETECTOR / f"{kept.version}.skops"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelUnreadable, match="is not the one that its card describes"):
        store.load(DETECTOR, kept.version)


def test_a_file_that_is_no_model_is_refused(store: ModelStore, kept: Kept) -> None:
    import hashlib

    path = store.folder / DETECTOR / f"{kept.version}.skops"
    path.write_bytes(b"no model")
    rewrite_card(store, kept, file_sha256=hashlib.sha256(b"no model").hexdigest())
    with pytest.raises(ModelUnreadable, match="is not a skops file"):
        store.load(DETECTOR, kept.version)


def test_a_model_of_another_version_of_a_library_is_refused(store: ModelStore, kept: Kept) -> None:
    rewrite_card(store, kept, versions=kept.card.versions | {"scikit-learn": "1.2.3"})
    with pytest.raises(ModelUnreadable, match=r"made with scikit-learn 1\.2\.3, here is"):
        store.load(DETECTOR, kept.version)


def test_a_card_that_lacks_something_is_refused(store: ModelStore, kept: Kept) -> None:
    path = store.folder / DETECTOR / f"{kept.version}.yaml"
    path.write_text("detector: false_reviews\n")
    with pytest.raises(ModelUnreadable, match="trained_to"):
        store.load(DETECTOR, kept.version)


def test_other_types_are_neither_kept_nor_read(store: ModelStore) -> None:
    with pytest.raises(ModelUnreadable, match=r"not trusted: .*Foreign"):
        store.keep(Foreign(), card())


@pytest.mark.parametrize(
    ("field", "value"), [("left", 10_000), ("left", 0), ("feature_idx", 2), ("feature_idx", -1)]
)
def test_trees_that_point_outside_themselves_are_refused(
    store: ModelStore, field: str, value: int
) -> None:
    crafted = Booster(max_iter=2).fit(FRAME, TRUTH)
    crafted.booster_._predictors[1][0].nodes[field][0] = value
    kept = store.keep(crafted, card())
    with pytest.raises(ModelUnreadable, match="a tree points outside itself"):
        store.load(DETECTOR, kept.version)


def test_the_hash_of_the_data_knows_values_and_names_but_no_order() -> None:
    assert data_sha256(FRAME) == data_sha256(FRAME.reverse().select("gap_s", "likes_1d"))
    assert data_sha256(FRAME) != data_sha256(FRAME[1:])
    assert data_sha256(FRAME) != data_sha256(FRAME.rename({"gap_s": "gaps"}))
