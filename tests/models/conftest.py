"""Rows in, rows out, as the warehouse's own tests have it."""

from tests.warehouse.conftest import compute, without_audits

__all__ = ["compute", "without_audits"]
