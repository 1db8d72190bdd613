"""People become users when they join."""

from datetime import datetime
from typing import Any, Final

import polars as pl

from platform_core.outbox import Origin
from platform_core.simulation.people.people import Townspeople, chosen_interests
from platform_core.users import Device, sign_up
from platform_core.work import Work

BY: Final = ("device_id", "session_id", "ip", "user_agent")


class Registry:
    """The people of the town with the user ids of those who have joined."""

    def __init__(self, people: Townspeople, topics: tuple[str, ...]) -> None:
        self._frame = people.frame
        self._chosen = chosen_interests(people.interests, topics)
        self._ids: list[str | None] = people.frame["user_id"].to_list()
        known = pl.col("user_id").is_not_null()
        waiting = people.frame.filter(~known).sort("joins_at", "person", descending=True)
        self._waiting: list[tuple[datetime, int]] = waiting.select("joins_at", "person").rows()
        self.interests = people.interests

    @property
    def users(self) -> pl.Series:
        """User ids by person; null until they have joined."""
        return pl.Series("user_id", self._ids, pl.String)

    @property
    def people(self) -> Townspeople:
        """Everybody as they are now."""
        return Townspeople(self._frame.with_columns(user_id=self.users), self.interests)

    def joining(self, until: datetime) -> list[int]:
        """Who joins before ``until`` and has not yet, in the order of time."""
        joining = []
        while self._waiting and self._waiting[-1][0] < until:
            joining.append(self._waiting.pop()[1])
        return joining

    def sign_up(self, work: Work, person: int, origin: dict[str, Any]) -> None:
        """Let a person sign up when they join; ``origin`` has ``BY`` and what the device is."""
        row = self._frame.row(person, named=True)
        self._ids[person] = self._signed_up(work.at(row["joins_at"]), row, origin)

    def _signed_up(self, work: Work, row: dict[str, Any], origin: dict[str, Any]) -> str:
        return sign_up(
            work,
            **{name: row[name] for name in ("city", "city_tier", "gender", "birth_year")},
            has_avatar=row["has_avatar"],
            has_bio=row["has_bio"],
            interests=self._chosen[row["person"]],
            device=Device(origin["device_id"], origin["device_model"], origin["os"]),
            by=Origin(**{name: origin[name] for name in BY}),
        )
