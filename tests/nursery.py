"""What every child process has behind it when it is born: imports, and all tables' files as read.

Nothing here asks for the settings: each child has its own.
"""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would call home

import great_expectations as gx
import great_expectations.expectations.metrics
from dagster._core.storage import sqlite_storage  # noqa: F401
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource  # noqa: F401
from great_expectations.validator.v1_validator import Validator  # noqa: F401

import tests.crashes.day  # noqa: F401
from models.catalog import load_catalog

gx.get_context(mode="ephemeral")
load_catalog(())
