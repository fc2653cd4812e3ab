"""How old the data of a feed are, and whether that is late for this feed: the rule is here alone.

The rhythm of a feed is measured by the gaps between its own days (`gap_count`, `usual_gap_days` and
`long_gap_days` of `meta.coverage`), else by the dates of its deliveries, else it is the one that
the list `feeds` declares.
"""

import csv
import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from orchestration.config.settings import seeds_folder

ENOUGH_GAPS = 5
"""Gaps from which a rhythm is read; of fewer, the declared rhythm counts."""
_SLACK = 1.5
"""How much longer than a long gap a silence has to be before it is late."""
_NAMES = (
    (1.5, "daily", "每日"), (4, "every few days", "每隔几日"), (10, "weekly", "每周"),
    (20, "every two weeks", "每两周"), (45, "monthly", "每月"), (math.inf, "seldom", "不定期"),
)  # fmt: skip


@dataclass(frozen=True)
class Rhythm:
    """How often a feed has data, and from what age in days on it is late; None: it is never late."""

    name: str
    zh: str
    late_after_days: int | None

    def is_late(self, age_days: int | None) -> bool:
        """Whether data of this age are later than the rhythm allows."""
        late = self.late_after_days
        return age_days is not None and late is not None and age_days > late


STATIC = Rhythm("static", "静态", None)
UNKNOWN = Rhythm("unknown", "未知", None)


def rhythm_of(
    cadence: str,
    grace_days: int = 0,
    *,
    gap_count: int = 0,
    usual_gap_days: float | None = None,
    long_gap_days: float | None = None,
    delivery_gap_days: float | None = None,
) -> Rhythm:
    """The rhythm of a feed that is declared as `cadence` and had these gaps, in days.

    A daily feed of which yesterday's data are due today may lack `grace_days` more. Data that come in
    deliveries some days apart are late when a delivery is. Lists that are declared static never are.
    """
    if cadence == "static":
        return STATIC
    usual = usual_gap_days or 1
    # Deliveries widen a rhythm only where they are further apart than the days that they bring.
    delivered = delivery_gap_days if delivery_gap_days and delivery_gap_days > usual else 0
    if gap_count >= ENOUGH_GAPS and usual_gap_days is not None and long_gap_days is not None:
        late = max(math.ceil(long_gap_days * _SLACK), 2)
        if cadence == "daily":
            late = max(late, 1 + grace_days)
        return _named(max(usual_gap_days, delivered), max(late, math.ceil(delivered * _SLACK) + 1))
    if cadence == "daily":
        late = max(1 + grace_days, 2, math.ceil(delivered * _SLACK) + 1 if delivered else 0)
        return _named(max(1, delivered), late)
    if delivery_gap_days:
        delivered = delivery_gap_days
        return _named(delivered, math.ceil(delivered * _SLACK) + 1)
    return UNKNOWN


def declared_rhythms() -> dict[str, Rhythm]:
    """The rhythm of every feed by its code, as the seed declares it: all that is known before a run."""
    return {row["feed"]: rhythm_of(row["cadence"], int(row["grace_days"])) for row in _declared()}


def grace_days() -> dict[str, int]:
    """By feed the days that its seed grants beyond the usual."""
    return {row["feed"]: int(row["grace_days"]) for row in _declared()}


def _declared() -> list[dict[str, str]]:
    return _rows(seeds_folder() / "feeds.csv")


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def age_in_days(last_on: date | None, today: date) -> int | None:
    """Days from the last day of the data to today; a day in the future is 0 days old."""
    return None if last_on is None else max((today - last_on).days, 0)


def _named(usual_gap_days: float, late_after_days: int) -> Rhythm:
    name, zh = next((name, zh) for most, name, zh in _NAMES if usual_gap_days <= most)
    return Rhythm(name, zh, late_after_days)
