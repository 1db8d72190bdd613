"""What an audit found of staged rows, and the error that keeps them from being published."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What one expectation found; ``error`` when it could not be evaluated at all."""

    expectation: str
    severity: Literal["critical", "warning"]
    passed: bool
    detail: str
    error: str = ""


@dataclass(frozen=True)
class AuditReport:
    """All findings about the staged rows of one table."""

    table: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """No critical expectation failed and every one could be evaluated."""
        return all(f.passed or (f.severity == "warning" and not f.error) for f in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.passed)


class AuditFailed(ValueError):
    """Staged rows are not fit to be published; the published table is unchanged."""

    def __init__(self, report: AuditReport) -> None:
        self.report = report
        lines = "\n".join(f"  {f.expectation}: {f.error or f.detail}" for f in report.failures)
        super().__init__(f"{report.table}: staged rows were not published:\n{lines}")
