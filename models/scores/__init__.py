"""Scores with labels: boosting, probabilities, thresholds, reasons, and models that are kept."""

from typing import Final

CHAMPION: Final = "champion.json"
"""The file of a detector's folder that names the version in use."""
