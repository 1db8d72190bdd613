"""The SQL of a replay: a batch of raw lines in, lines of contract events out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.sources.export import MAX_ROW_BYTES
from pipelines.sources.mapping import Event, Source, literal, quoted
from platform_core.contract.events.model import EventData
from platform_core.contract.events.replay import RowRejected

CONTROL: Final = r"[\x00-\x08\x0B-\x1F\x7F]"  # all but the tab
CELL: Final = ',("(?:[^"]|"")*"|[^",][^,]*|)'  # RFC 4180, and quotes inside an unquoted cell
UNQUOTED: Final = f"""list_transform(
      regexp_extract_all(',' || _text, '{CELL}', 1),
      lambda c: CASE WHEN starts_with(c, '"') THEN replace(c[2:-2], '""', '"') ELSE c END
    )"""

KNOWN_STATES: Final = """
CREATE TEMP TABLE known_states (
  suffix VARCHAR, key VARCHAR, data VARCHAR, PRIMARY KEY (suffix, key)
)
"""
SHOWN_REJECTIONS: Final = 5
REJECTIONS: Final = f"""
SELECT
  count(*),
  coalesce(list({{'line': _line, 'reason': _reason}} ORDER BY _line)[:{SHOWN_REJECTIONS}], [])
FROM rows WHERE _reason IS NOT NULL
"""


@dataclass(frozen=True)
class Statements:
    """How the rows of one file are mapped; ``header`` holds the names in its first line."""

    source: Source
    header: Sequence[str]
    file: str
    closed_on: date

    @property
    def stem(self) -> str:
        """What event ids start with: the file's name without ``.csv`` and ``.gz``."""
        return self.file.removesuffix(".gz").removesuffix(".csv")

    def rows(self) -> str:
        """``rows`` from ``batch``: cells by name, derived fields, what is wrong with the row."""
        places = {name: self.header.index(name) + 1 for name in self.source.columns}
        cells = _listed(
            f"coalesce(_cells[{place}], '') AS {quoted(name)}" for name, place in places.items()
        )
        fields = _listed(f"{sql} AS {quoted(name)}" for name, sql in self.source.fields.items())
        return f"""
CREATE OR REPLACE TEMP TABLE rows AS
WITH decoded AS (
  SELECT
    line AS _line,
    octet_length(raw) - 1 AS _width,
    raw[1:least(_width, {MAX_ROW_BYTES})] AS _bytes,
    rtrim(try(decode(_bytes)), chr(13)) AS _text,
    CASE WHEN _text IS NULL THEN _bytes::VARCHAR ELSE _text END AS _row,
    CASE
      WHEN _width > {MAX_ROW_BYTES} THEN 'longer than {MAX_ROW_BYTES} bytes'
      WHEN _text IS NULL THEN 'not UTF-8'
      WHEN regexp_matches(_text, '{CONTROL}') THEN 'holds a control character'
    END AS _unreadable
  FROM batch
), split AS (
  SELECT *, CASE
    WHEN _unreadable IS NOT NULL THEN NULL
    WHEN NOT contains(_text, '"') THEN string_split(_text, ',')
    WHEN regexp_full_match(',' || _text, '({CELL})+') THEN {UNQUOTED}
  END AS _cells
  FROM decoded
), named AS (
  SELECT
    _line, _row, _unreadable, len(_cells) AS _count,
    {literal(self.stem + ":")} || _line AS row_id{cells}
  FROM split
), mapped AS (
  SELECT *{fields} FROM named
)
SELECT *, {self._reason()} AS _reason FROM mapped
"""

    def events(self) -> str:
        """The lines in the order of the file; a row's own events in the order of the mapping."""
        branches = [self._rejected(), *map(self._event, self.source.events)]
        numbered = (
            f"SELECT _line, {place} AS _place, event FROM ({branch})"
            for place, branch in enumerate(branches)
        )
        return f"SELECT event FROM ({' UNION ALL '.join(numbered)}) ORDER BY _line, _place"

    def states(self) -> list[str]:
        """What brings ``known_states`` up to the end of the batch."""
        return [
            f"""
INSERT OR REPLACE INTO known_states
SELECT {literal(event.suffix)}, _key, arg_max(_data, _line)
FROM ({_candidates(event)})
GROUP BY _key
"""
            for event in self.source.events
            if event.state_of
        ]

    def _reason(self) -> str:
        most = len(self.header)
        least = 1 + max(n for n, name in enumerate(self.header) if name not in self.source.optional)
        checks = "\n  ".join(
            f"WHEN ({check.holds}) IS NOT TRUE THEN {check.reason}" for check in self.source.checks
        )
        return f"""CASE
  WHEN _unreadable IS NOT NULL THEN _unreadable
  WHEN _count IS NULL THEN 'its quotes do not match'
  WHEN _count NOT BETWEEN {least} AND {most}
    THEN 'holds ' || _count || ' cells where the header has {most}'
  {checks}
END"""

    def _event(self, event: Event) -> str:
        line = self._line(
            event.kind,
            suffix=event.suffix,
            time=event.time,
            extensions={"actorid": event.actor, "sessionid": event.session, "ip": event.ip},
        )
        if event.state_of is None:
            return f"SELECT _line, {line} AS event FROM ({_candidates(event)})"
        return f"""
SELECT _line, {line} AS event
FROM ({_candidates(event)}) AS candidates
LEFT JOIN known_states AS known
  ON known.suffix = {literal(event.suffix)} AND known.key = candidates._key
QUALIFY candidates._data IS DISTINCT FROM coalesce(
  lag(candidates._data) OVER (PARTITION BY candidates._key ORDER BY _line), known.data
)"""

    def _rejected(self) -> str:
        data = _object(
            {"file": literal(self.file), "line": "_line", "reason": "_reason", "row": "_row"}
        )
        time = literal(f"{self.closed_on.isoformat()}T00:00:00.000000Z")
        line = self._line(RowRejected, suffix="rejected", time=time, extensions={})
        return f"""
SELECT _line, {line} AS event FROM (
  SELECT *, {data} AS _data FROM rows WHERE _reason IS NOT NULL
)"""

    def _line(
        self,
        kind: type[EventData],
        *,
        suffix: str,
        time: str,
        extensions: Mapping[str, str | None],
    ) -> str:
        envelope = _object(
            {
                "specversion": "'1.0'",
                "id": f"row_id || {literal(':' + suffix)}",
                "source": literal(self.source.name),
                "type": literal(kind.type),
                "time": time,
                "dataschema": literal(kind.dataschema()),
            }
            | {name: sql for name, sql in extensions.items() if sql},
            {"data": "_data"},
        )
        return f"{envelope} || chr(10)"


def _candidates(event: Event) -> str:
    """Rows for which the event may be made, with its ``_data`` and, for a state, its ``_key``."""
    key = event.state_of or "NULL"
    return f"""
SELECT *, {_object(event.data)} AS _data, {key} AS _key
FROM rows WHERE _reason IS NULL AND ({event.when})"""


def _object(values: Mapping[str, str], documents: Mapping[str, str] | None = None) -> str:
    """A JSON object of SQL values and of ready-made JSON documents; NULL is left out."""
    members = [f"""'"{name}":' || to_json({sql})""" for name, sql in values.items()]
    members += [f"""'"{name}":' || {sql}""" for name, sql in (documents or {}).items()]
    return f"concat('{{', concat_ws(',', {', '.join(members)}), '}}')"


def _listed(columns: Iterable[str]) -> str:
    return "".join(f", {column}" for column in columns)
