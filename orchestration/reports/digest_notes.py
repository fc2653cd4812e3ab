"""The lines below a table of the digest: provisional or final, why figures are missing, which shops they cover."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from orchestration.reports.digest_facts import Digest
from orchestration.reports.digest_figures import Figure, Period
from orchestration.reports.digest_words import NONE, change, listed

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "compared_day": "Compared with the day before and the same weekday a year before.",
        "compared_week": "Compared with the week before and the same week a year before.",
        "compared_month": "Compared with the month before and the same month a year before.",
        "all_final": "All figures are final.",
        "all_provisional": "All figures are provisional: they may still change.",
        "provisional": "Provisional, may still change: {figures}",
        "incomplete": "Data of the period are not complete: {figures}",
        "only": "Only {shops}: {figures}", "without": "Without {shops}: {figures}",
        "festival": "{festival}, compared with {day}: {changes}", "joint": ", ",
        "unknown": "{none} {figures}: {why}",
    },
    "zh": {
        "compared_day": "与前一日及去年同一星期几比较。",
        "compared_week": "与上周及去年同周比较。",
        "compared_month": "与上月及去年同月比较。",
        "all_final": "全部指标已定稿。",
        "all_provisional": "全部指标为暂定，仍可能变化。",
        "provisional": "暂定，仍可能变化：{figures}",
        "incomplete": "该期数据不完整：{figures}",
        "only": "仅 {shops}：{figures}", "without": "不含 {shops}：{figures}",
        "festival": "{festival}，较 {day}：{changes}", "joint": "，",
        "unknown": "{none} {figures}：{why}",
    },
}  # fmt: skip


def notes(digest: Digest, period: Period, language: str) -> list[str]:
    """Every note that the figures of a period need."""
    words = _WORDS[language]
    known = [figure for figure in period.figures if figure.value is not None]
    found = [words[f"compared_{period.period}"], *_state(known, language)] if known else []
    cut = [figure for figure in known if not figure.is_complete]
    if cut:
        found.append(words["incomplete"].format(figures=_names(cut, language)))
    unknown = [figure for figure in period.figures if figure.value is None]
    reason = (lambda one: one.gap_zh) if language == "zh" else (lambda one: one.gap_en)
    for gap, figures in _grouped(unknown, reason):
        names = _names(figures, language)
        found.append(words["unknown"].format(none=NONE, figures=names, why=gap))
    partial = [figure for figure in known if figure.left_out]
    for (covered, left_out), figures in _grouped(partial, lambda one: (one.covered, one.left_out)):
        # The shorter list is easier to read.
        key, codes = ("without", left_out) if len(left_out) <= len(covered) else ("only", covered)
        shops = listed([digest.name("shop", code, language) for code in codes], language)
        found.append(words[key].format(shops=shops, figures=_names(figures, language)))
    return found + _festival(digest, period, language)


def _state(known: list[Figure], language: str) -> list[str]:
    words = _WORDS[language]
    changing = [figure for figure in known if not figure.is_final]
    if not changing:
        return [words["all_final"]]
    if len(changing) == len(known):
        return [words["all_provisional"]]
    return [words["provisional"].format(figures=_names(changing, language))]


def _festival(digest: Digest, period: Period, language: str) -> list[str]:
    """Changes since the same day of the festival a year before, which has another weekday."""
    words = _WORDS[language]
    changes = [
        f"{_name(one, language)} {change(one.festival_change, language, in_points=one.is_rate)}"
        for one in period.figures
        if one.festival_change is not None
    ]
    if not (period.festival and period.festival_twin_on and changes):
        return []
    name = digest.name("festival", period.festival, language)
    return [
        words["festival"].format(
            festival=name, day=period.festival_twin_on, changes=words["joint"].join(changes)
        )
    ]


def _grouped(
    figures: Iterable[Figure], key: Callable[[Figure], Any]
) -> list[tuple[Any, list[Figure]]]:
    groups: dict[Any, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key(figure), []).append(figure)
    return list(groups.items())


def _names(figures: Iterable[Figure], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(_name(figure, language) for figure in figures)


def _name(figure: Figure, language: str) -> str:
    return figure.zh if language == "zh" else figure.en
