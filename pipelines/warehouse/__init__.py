"""The lake: catalog, tables, engines, audits. Knows no Dagster."""

import warnings

warnings.filterwarnings(  # Great Expectations imports PySpark if it is there
    "ignore", "PySpark does not yet fully support pandas", FutureWarning
)
