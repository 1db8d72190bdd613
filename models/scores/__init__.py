"""Scores with labels: boosting, probabilities, thresholds, reasons, and models that are kept."""
