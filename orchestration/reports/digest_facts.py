"""The facts of the morning digest: what `digest.py` reads and `digest_document.py` puts into words."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from orchestration.reports.digest_figures import Period


@dataclass(frozen=True)
class Alert:
    """A row of `kpi_alerts` of the last days; new if it was found on the last day of the data."""

    alert_type: str
    en: str
    zh: str
    evidence_en: str | None
    evidence_zh: str | None
    unit: str
    found_on: date
    last_on: date
    is_new: bool
    is_bad: bool
    value: float | None
    expected: float | None
    change: float | None
    main_dimension: str | None
    main_value: str | None
    main_share: float | None


@dataclass(frozen=True)
class GoalDecision:
    """A goal whose pace and forecast call for another target or another end."""

    goal_id: str
    en: str
    zh: str
    owners: str | None
    status: str
    unit: str
    actual: float | None
    target: float | None
    ends_on: date | None
    proposed_target: float | None
    proposed_ends_on: date | None


@dataclass(frozen=True)
class SegmentMove:
    """The members of a segment on the last day, and who entered and left since the first day of the month."""

    segment_code: str
    en: str
    zh: str
    month_on: date
    member_count: int
    entered_count: int
    left_count: int


@dataclass(frozen=True)
class FeedState:
    """A feed of one system that is late today, or that shop.yml maps and no release has ever held."""

    feed: str
    en: str
    zh: str
    source_system: str
    shop_id: str
    last_on: date | None
    age_days: int | None
    rhythm_en: str
    rhythm_zh: str


@dataclass(frozen=True)
class Digest:
    """The state of a shop on the last day of its data. `data_until` is None for a shop without data."""

    shop_id: str
    shop_en: str
    shop_zh: str
    currency: str
    timezone: str
    today: date
    data_until: date | None
    released_at: datetime
    periods: tuple[Period, ...]
    alerts: tuple[Alert, ...]
    goals: tuple[GoalDecision, ...]
    segments: tuple[SegmentMove, ...]
    late: tuple[FeedState, ...]
    missing: tuple[FeedState, ...]
    check_count: int
    failed_check_count: int
    warning_count: int
    labels: Mapping[tuple[str, str], tuple[str, str]]
    """English and Chinese name by kind and code."""

    @property
    def token(self) -> str:
        """What makes a digest due: the last day, and which figures cover which shops on it.

        Restated figures of a day do not make it due again; a shop whose data arrive later does.
        """
        facts = [
            (one.kpi_code, one.value is None, one.is_complete, one.covered)
            for period in self.periods
            for one in period.figures
        ]
        return f"{self.data_until} {hashlib.sha256(repr(facts).encode()).hexdigest()[:12]}"

    def facts(self) -> dict[str, Any]:
        """Everything but the labels, for programs."""
        found = asdict(replace(self, labels={}))
        del found["labels"]
        return found

    def name(self, kind: str, code: str, language: str) -> str:
        """The name of a code, else the code."""
        names = self.labels.get((kind, code), (code, code))
        return names[language == "zh"]
