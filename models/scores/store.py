"""Models are kept as skops files beside a card that says what they are; one is the champion.

A folder a detector: ``<version>.skops``, ``<version>.yaml`` and ``champion.json``. Nothing in a
file is run by loading it. A file is read only if its bytes are those of which its card speaks, if
it holds no types but those listed here, and if its trees point nowhere outside themselves.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import skops.io
import yaml
from pydantic import ValidationError
from skops.io.exceptions import UntrustedTypesFoundException

from models.scores import CHAMPION
from models.scores.booster import Booster
from models.scores.card import Card

TREE: Final = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"
TRUSTED: Final = (
    "models.scores.booster.Booster",
    "models.scores.calibration.Calibration",
    "models.scores.reasons.Reasons",
    "models.scores.text_score.TermSvm",
    "models.scores.text_score.TextScore",
    TREE,  # skops does not check what its nodes point to; check_trees does
)
BOUND_VERSIONS: Final = ("scikit-learn", "skops")  # a model of another minor version is not read
NOTED_VERSIONS: Final = ("numpy", "polars", "scipy")


class ModelUnreadable(Exception):
    """A kept model cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Kept:
    """A model with its card and the version under which it is kept."""

    version: str
    model: Any
    card: Card


class ModelStore:
    """Models of all detectors, below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, model: Any, card: Card) -> Kept:
        """Write a model and its card; its version is its last training day and its bytes' hash.

        Raises:
            ModelUnreadable: it holds a type that would not be read again.
        """
        data = skops.io.dumps(model)
        _refuse_untrusted(card.detector, data)
        digest = hashlib.sha256(data).hexdigest()
        card = card.model_copy(update={"file_sha256": digest, "versions": installed_versions()})
        name = f"{card.trained_to:%Y-%m-%d}-{digest[:8]}"
        folder = self.folder / card.detector
        _replace(folder / f"{name}.skops", data)
        written = yaml.safe_dump(card.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        _replace(folder / f"{name}.yaml", written.encode())
        return Kept(name, model, card)

    def load(self, detector: str, version: str) -> Kept:
        """Read a model again.

        Raises:
            ModelUnreadable: it is not there, is not what its card says, was made by another
                version of a library, holds other types, or is damaged.
        """
        where = f"model {detector}/{version}"
        card = self.card(detector, version)
        _refuse_versions(where, card)
        data = _read(where, self.folder / detector / f"{version}.skops")
        if hashlib.sha256(data).hexdigest() != card.file_sha256:
            raise ModelUnreadable(f"{where}: the file is not the one that its card describes")
        _refuse_untrusted(where, data)
        model = skops.io.loads(data, trusted=list(TRUSTED))
        if isinstance(model, Booster):
            check_trees(where, model)
        return Kept(version, model, card)

    def card(self, detector: str, version: str) -> Card:
        """What is said of a model, without reading it.

        Raises:
            ModelUnreadable: there is no such card, or it is none.
        """
        where = f"card of model {detector}/{version}"
        text = _read(where, self.folder / detector / f"{version}.yaml")
        try:
            return Card.model_validate(yaml.safe_load(text))
        except (ValidationError, yaml.YAMLError) as error:
            raise ModelUnreadable(f"{where}: {error}") from error

    def versions(self, detector: str) -> list[str]:
        """All versions of a detector's model, oldest training day first."""
        return sorted(path.stem for path in (self.folder / detector).glob("*.skops"))

    def champion(self, detector: str) -> Kept | None:
        """The model in use; None before there is one.

        Raises:
            ModelUnreadable: the pointer or what it points to cannot be read.
        """
        path = self.folder / detector / CHAMPION
        if not path.exists():
            return None
        try:
            version = str(json.loads(path.read_bytes())["version"])
        except (ValueError, KeyError, TypeError) as error:
            raise ModelUnreadable(f"{detector}/{CHAMPION} names no version: {error!r}") from error
        return self.load(detector, version)

    def crown(self, detector: str, version: str) -> None:
        """Make a model the champion; readers see the old one or the new one, nothing between.

        Raises:
            ModelUnreadable: it could not be loaded again, so it does not become champion.
        """
        self.load(detector, version)
        told = json.dumps({"version": version}) + "\n"
        _replace(self.folder / detector / CHAMPION, told.encode())


def installed_versions() -> dict[str, str]:
    """Python and the libraries with which a model is made."""
    libraries = {name: version(name) for name in (*BOUND_VERSIONS, *NOTED_VERSIONS)}
    return {"python": platform.python_version(), **libraries}


def check_trees(where: str, booster: Booster) -> None:
    """Every node's children and column lie within the tree and the model's columns.

    Raises:
        ModelUnreadable: one does not; scoring with it would read foreign memory.
    """
    for nodes in _trees(booster):
        inner = nodes[nodes["is_leaf"] == 0]
        children = np.concatenate([inner["left"], inner["right"]])
        parents = np.concatenate([np.flatnonzero(nodes["is_leaf"] == 0)] * 2)
        columns = inner["feature_idx"]
        is_sound = (
            len(nodes) > 0
            and (children > parents).all()  # so that every way ends
            and (children < len(nodes)).all()
            and (columns >= 0).all()
            and (columns < len(booster.columns_)).all()
            and not inner["is_categorical"].any()
        )
        if not is_sound:
            raise ModelUnreadable(f"{where}: a tree points outside itself; train the model again")


def _trees(booster: Booster) -> Iterator[Any]:
    for iteration in booster.booster_._predictors:
        for tree in iteration:
            yield tree.nodes


def _refuse_versions(where: str, card: Card) -> None:
    installed = installed_versions()
    for library in BOUND_VERSIONS:
        made, here = card.versions.get(library, "unknown"), installed[library]
        if made.split(".")[:2] != here.split(".")[:2]:
            raise ModelUnreadable(
                f"{where}: made with {library} {made}, here is {here}; train the model again"
            )


def _refuse_untrusted(where: str, data: bytes) -> None:
    try:
        unknown = set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED)
    except (BadZipFile, KeyError, ValueError, TypeError, UntrustedTypesFoundException) as error:
        raise ModelUnreadable(f"{where}: is not a skops file ({error})") from error
    if unknown:
        raise ModelUnreadable(f"{where}: holds types that are not trusted: {sorted(unknown)}")


def _read(where: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        there = sorted(p.stem for p in path.parent.glob(f"*{path.suffix}"))
        raise ModelUnreadable(f"{where}: is not kept; there are {there}") from error


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    with passing.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    passing.replace(path)
