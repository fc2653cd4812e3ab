"""The last runs of a home, read from Dagster's own history without starting Dagster."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from urllib.parse import quote

from orchestration.config.settings import Settings

_RUNS = """
select run_id, pipeline_name, status, start_time, end_time from runs order by id desc limit ?"""
_ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


def last_runs(settings: Settings, count: int) -> list[dict[str, object]]:
    """The last runs, the latest first, of the CLI, the schedule and the sensor.

    Times are UTC, `seconds` is None until a run ends. Empty where there is no history that can be read.
    """
    file = settings.dagster_home / "history" / "runs.db"
    if not file.exists():
        return []
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_opened(str(file))) as con:
        return [
            {
                "run_id": run_id,
                "job": job,
                "status": status.lower(),
                "started_at": _utc(started),
                "seconds": round(ended - started, 1)
                if started and ended and status in _ENDED
                else None,
            }
            for run_id, job, status, started, ended in con.execute(_RUNS, [count])
        ]
    return []


def _opened(file: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True, timeout=1)


def _utc(seconds: float | None) -> datetime | None:
    return (
        datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0)
        if seconds
        else None
    )
