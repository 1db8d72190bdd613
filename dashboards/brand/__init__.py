"""What a brand sees: pure functions from mart rows to cards, charts and tables."""
