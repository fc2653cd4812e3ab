"""The answer to a saved question: its rows from the released file, or the feeds that it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestration.config.settings import Settings
from orchestration.reports.metrics_errors import near
from orchestration.reports.questions import Question, QuestionError
from orchestration.reports.sql_query import Rows, fetch
from orchestration.system.sql import among

ALL_SHOPS = "all"
_MONDAY = 0


@dataclass(frozen=True)
class MissingFeed:
    """A feed that the question needs and the shop lacks, with the reason that the coverage states."""

    feed: str
    reason_en: str
    reason_zh: str


@dataclass(frozen=True)
class Answer:
    """Names of the columns and rows; both are empty if feeds are missing."""

    question: Question
    values: Mapping[str, str]
    missing: Sequence[MissingFeed] = ()
    names: Sequence[str] = ()
    rows: Rows = field(default_factory=list)

    def no_answer(self) -> tuple[str, str]:
        """Why there is no answer, in Chinese and in English."""
        feeds = ", ".join(feed.feed for feed in self.missing)
        return f"无法回答：未接入：{feeds}", f"no answer: not connected: {feeds}"

    def facts(self) -> dict[str, Any]:
        """The answer for programs; `missing_feeds` holds names of feeds and is empty if there is an answer."""
        zh, en = self.no_answer() if self.missing else (None, None)
        return {
            "question": self.question.name,
            "zh": self.question.zh,
            "en": self.question.en,
            "parameters": dict(self.values),
            "missing_feeds": [feed.feed for feed in self.missing],
            "no_answer_zh": zh,
            "no_answer_en": en,
            "rows": [dict(zip(self.names, row, strict=True)) for row in self.rows],
        }


def answer(
    settings: Settings, question: Question, values: Mapping[str, str], limit: int | None = None
) -> Answer:
    """Ask the released file; `values` are those of `parsed_values`.

    Raises QuestionError for a shop that does not exist, QueryError where there is no release.
    """
    shop = values.get("shop", ALL_SHOPS)
    if shop != ALL_SHOPS:
        _check_shop(settings, shop)
    if missing := missing_feeds(settings, question.needs, shop):
        return Answer(question, values, missing)
    names, rows = fetch(settings, question.sql, limit, values)
    return Answer(question, values, names=names, rows=rows)


def missing_feeds(
    settings: Settings, needs: Sequence[str], shop: str = ALL_SHOPS
) -> list[MissingFeed]:
    """The needed feeds that are not connected: for any shop, or for this one or the brand."""
    if not needs:
        return []
    _, rows = fetch(
        settings,
        f"""select feed, state = 'not connected', reason_en, reason_zh from meta.coverage
            where {among("feed", needs)} and (getvariable('shop') in ('{ALL_SHOPS}', shop_id)
            or shop_id = (select shop_id from meta.shop)) order by feed, reason_en""",
        variables={"shop": shop},
    )
    known = {feed for feed, is_missing, *_ in rows if not is_missing}
    reasons = {feed: reasons for feed, _, *reasons in reversed(rows)}
    unknown = ("no export of this feed has landed", "没有该数据的导出文件")
    return [MissingFeed(feed, *reasons.get(feed, unknown)) for feed in needs if feed not in known]


def parsed_values(question: Question, settings_of: Sequence[str]) -> dict[str, str]:
    """By parameter the values of `name=value` texts; raises QuestionError that says what is expected.

    The end of a parameter's name says what it holds: `_on` a day, `_days` and `_count` a whole number.
    """
    values: dict[str, str] = {}
    for text in settings_of:
        name, is_given, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not is_given or not value:
            raise QuestionError(f"--set {text}: write a name and a value, such as shop=all.")
        if name not in question.parameters:
            known = ", ".join(question.parameters) or "none"
            raise QuestionError(
                f"--set {name}: {question.name} has no such parameter; its parameters: {known}."
            )
        _check_value(name, value)
        values[name] = value
    return values


def _check_value(name: str, value: str) -> None:
    if name.endswith("_on"):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise QuestionError(
                f"--set {name}={value}: expected a day such as 2026-10-01."
            ) from None
        if name == "month_on" and day.day != 1:
            raise QuestionError(
                f"--set {name}={value}: expected the first day of a month: {day.replace(day=1)}."
            )
        if name == "week_on" and day.weekday() != _MONDAY:
            raise QuestionError(f"--set {name}={value}: expected a Monday.")
    elif name.endswith(("_days", "_count")) and not (value.isdecimal() and 0 < int(value) < 10**6):
        raise QuestionError(f"--set {name}={value}: expected a whole number above 0.")


def _check_shop(settings: Settings, shop: str) -> None:
    _, rows = fetch(settings, "select shop_id from meta.shops order by shop_id")
    shops = [str(row[0]) for row in rows]
    if shop not in shops:
        command = 'shop360 query "select shop_id from meta.shops"'
        raise QuestionError(f"--set shop={shop}: there is no such shop{near(shop, shops, command)}")
