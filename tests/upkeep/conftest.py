"""Audits take most of a small run's time, and change no row."""

from collections.abc import Iterator

import pytest

from pipelines.warehouse import audit
from pipelines.warehouse.findings import AuditReport


@pytest.fixture(scope="module")
def without_audits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "audit", lambda model, *_: AuditReport(model.name, ()))
        yield
