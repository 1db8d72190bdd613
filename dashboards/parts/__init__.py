"""The parts that pages are drawn from."""
