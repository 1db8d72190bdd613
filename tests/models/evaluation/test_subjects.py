"""Every kind of fraud that is packaged can be judged."""

from pathlib import Path

import yaml

from models.evaluation.subjects import SUBJECTS, aimed_at


def test_every_packaged_kind_of_fraud_has_a_subject() -> None:
    files = Path("platform_core/simulation/groups/campaigns").glob("*.yaml")
    kinds = {file.stem for file in files if yaml.safe_load(file.read_text())["is_fraud"]}
    assert aimed_at().keys() == kinds
    assert set(aimed_at().values()) <= set(SUBJECTS)
