"""What Dagster runs, and what the commands do by themselves."""

import warnings

warnings.filterwarnings("ignore", ".* is currently in beta")  # Dagster's backfill policies
