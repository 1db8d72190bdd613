"""What people write, put together from a vocabulary."""
