"""Rows in, rows out, as the warehouse's own tests have it."""

from tests.warehouse.conftest import compute

__all__ = ["compute"]
