"""What has drifted far is listed by the status, a few lines of it for people."""

from datetime import date

from pipelines.defs.status_text import drift_text


def row(name: str) -> dict[str, object]:
    said = {"subject": "ad_click", "measure": "conduct", "event_date": str(date(2026, 8, 3))}
    return {**said, "name": name, "psi": 0.4567, "deviations": None}


def test_no_drift_is_said_in_words() -> None:
    assert drift_text([]) == "large drift: none"


def test_the_furthest_are_shown_and_the_rest_counted() -> None:
    lines = drift_text([row(f"column_{n}") for n in range(12)]).splitlines()
    assert lines[1].split() == ["column_0", "ad_click", "conduct", "2026-08-03", "0.46", "-"]
    assert (len(lines), lines[-1]) == (12, "2 more: see risk.drift_daily")
