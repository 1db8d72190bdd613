"""What a reviewer sees: pure functions from a case to facts, a timeline and a table."""
