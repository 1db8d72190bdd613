"""The ``meadow`` command. Imports stand inside the commands, so that ``--help`` answers at once."""

import os
import sys

import typer

from pipelines.cli import batch, bench, demo, evaluate, events, town, upkeep

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Meadow: what a brand's notes and money really did, net of fraud, with the evidence.",
)
for part in (demo, town, events, batch, upkeep, evaluate, bench):
    app.add_typer(part.app)


def main() -> None:
    """Run the command; errors that Meadow knows are one line, not a traceback."""
    status: object = 0
    try:
        app()
    except SystemExit as ended:
        status = ended.code
    except (ValueError, LookupError, OSError) as error:
        known = ("pipelines", "platform_core", "models")
        if not isinstance(error, OSError) and not type(error).__module__.startswith(known):
            raise
        typer.echo(f"meadow: {error}", err=True)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: DuckDB's binding would then print that other libraries still refer to it.
    os._exit(status if isinstance(status, int) else int(status is not None))
