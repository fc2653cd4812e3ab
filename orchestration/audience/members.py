"""The members of a segment, from the released mart `segment_members`."""

from collections.abc import Sequence

import duckdb

from orchestration.audience.platforms import AudienceError
from orchestration.config.settings import Settings
from orchestration.config.yaml_file import near


def members(
    con: duckdb.DuckDBPyConnection, segment: str, *, may_be_gone: bool = False
) -> list[str]:
    """Customer ids of the current members.

    Raises AudienceError if there is no such segment, unless it may be gone: then it has no members.
    """
    _require(con)
    known = con.execute(
        "select distinct segment_code from marts.segment_members order by 1"
    ).fetchall()
    codes = [code for (code,) in known]
    if segment not in codes and not may_be_gone:
        raise AudienceError(f"There is no segment {segment!r}; {near(segment, codes)}")
    rows = con.execute(
        "select distinct customer_id from marts.segment_members "
        "where segment_code = $1 and left_on is null order by 1",
        [segment],
    ).fetchall()
    return [customer for (customer,) in rows]


def sizes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Number of current members by segment."""
    _require(con)
    rows: Sequence[tuple[str, int]] = con.execute(
        "select segment_code, count(distinct customer_id) filter (where left_on is null) "
        "from marts.segment_members group by 1 order by 1"
    ).fetchall()
    return dict(rows)


def open_release(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The released file. Raises AudienceError where nothing was released."""
    if not settings.released.exists():
        raise AudienceError("Nothing is released yet. Type `shop360 run` first.")
    return duckdb.connect(str(settings.released), read_only=True)


def _require(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select 1 from duckdb_columns() where schema_name = 'marts' and table_name = 'segment_members'"
    ).fetchone()
    if not found:
        raise AudienceError(
            "The release has no table marts.segment_members. Type `shop360 run` to build the segments."
        )
