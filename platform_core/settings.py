"""Everything that the environment may say, read once."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from ``MEADOW_*`` variables and ``.env``; every one has a working default."""

    model_config = SettingsConfigDict(
        env_prefix="MEADOW_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(Path("var"), description="where all state lives")
    database_url: str = Field(
        "", description="the platform's database; empty: SQLite under MEADOW_HOME"
    )
    timezone: str = Field("Asia/Shanghai", description="reporting time zone of a new lake")
    engine: Literal["duckdb", "spark"] = Field(
        "duckdb", description="the engine that computes the tables"
    )
    spark_master: str = Field(
        "local[2]", description="where Spark computes: local[N], spark://HOST:PORT, sc://HOST:PORT"
    )
    parameters: dict[str, int | float | str] = Field(
        default_factory=dict, description="other values for names in parameters.yaml, as JSON"
    )
    memory_limit: str = Field("2GB", description="what one engine connection may use")
    threads: int = Field(2, ge=1, description="threads of one engine connection")
    host: str = Field("127.0.0.1", description="address that the servers listen on")
    dashboard_port: int = Field(8501, description="port of the dashboards")
    dagster_port: int = Field(3000, description="port of the Dagster UI")
    collector_port: int = Field(8600, description="port of the collector")
    collector_segment_seconds: float = Field(
        10, gt=0, description="how long what the collector took waits to become a segment"
    )
    secure_cookies: bool = Field(False, description="mark cookies Secure (behind TLS)")
    max_quarantine_rate: float = Field(
        0.05, ge=0, le=1, description="share of broken lines above which an ingest fails loudly"
    )
    crash_at: str = Field("", description="fault injection: the boundary at which to die")

    @property
    def chosen(self) -> tuple[tuple[str, int | float | str], ...]:
        """The chosen parameters, in order."""
        return tuple(sorted(self.parameters.items()))

    @property
    def landing(self) -> Path:
        return self.home.resolve() / "landing"

    @property
    def lake(self) -> Path:
        return self.home.resolve() / "lake"

    @property
    def models(self) -> Path:
        return self.home.resolve() / "models"

    @property
    def platform_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'platform.db'}"


class SettingsError(ValueError):
    """A ``MEADOW_*`` variable does not hold what it should."""


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable is wrong; the message names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(map(_worded, error.errors()))) from error


def _worded(wrong: ErrorDetails) -> str:
    return f"MEADOW_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}"
