"""What is frozen with a case that a scorecard opened."""

from datetime import date

import polars as pl

from models.evidence import described, evidence_of


def test_signs_that_gave_the_most_points_come_first() -> None:
    reasons = [
        ["light_parcels_of_product=12@99", "light_parcel=0.2@1", "opened_once=1@40"],
        ["light_parcel=0.3@2", "opened_once=1@40"],
        ["opened_once=1@40", "of_an_older_version=1@1"],
    ]
    group = pl.DataFrame(
        {
            "subject_id": ["o1", "o2", "o3"],
            "event_date": [date(2026, 8, 3)] * 3,
            "probability": [0.8, 0.7, 0.6],
            "reason_codes": reasons,
        }
    )
    evidence = evidence_of(described()["brushed_parcels"], group)
    assert [(s["sign"], s["subjects"], s["of"]) for s in evidence["signs"]] == [
        ("light_parcel", 2, 3),
        ("light_parcels_of_product", 1, 3),
        ("opened_once", 3, 3),
        ("of_an_older_version", 1, 3),
    ]
    assert evidence["signs"][0]["words"]["en"] == "The parcel weighs far less than it should"
    assert evidence["signs"][3]["words"] == {}
