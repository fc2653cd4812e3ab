"""The digest as a message in one language; `digest_notes.py` has the lines below its tables."""

from collections.abc import Sequence

from orchestration.messages.document import Cell, Document, Message, Mood, Section, Table
from orchestration.messages.text import as_text
from orchestration.reports.digest import ALERT_DAYS
from orchestration.reports.digest_facts import Alert, Digest, FeedState, GoalDecision
from orchestration.reports.digest_figures import Figure, Period
from orchestration.reports.digest_notes import notes
from orchestration.reports.digest_texts import TEXTS
from orchestration.reports.digest_words import NONE, change, day, listed, number

_MOST_ITEMS = 6


def digest_message(digest: Digest) -> Message:
    """The digest in both languages, with its facts."""
    documents = {language: digest_document(digest, language) for language in TEXTS}
    bad = digest.failed_check_count or any(one.is_bad and one.is_new for one in digest.alerts)
    texts = {language: as_text(document) for language, document in documents.items()}
    facts = {"digest": digest.facts(), "text": texts}
    return Message("digest", documents, facts, "bad" if bad else "")


def digest_document(digest: Digest, language: str) -> Document:
    """The digest in one language."""
    words = TEXTS[language]
    name = digest.shop_zh if language == "zh" else digest.shop_en
    title = words["no_data"].format(shop=name)
    if digest.data_until:
        title = words["title"].format(shop=name, day=day(digest.data_until, language))
    released = f"{digest.released_at:%Y-%m-%d %H:%M}"
    intro = [words["released"].format(time=released, zone=digest.timezone)]
    age = (digest.today - digest.data_until).days if digest.data_until else 0
    if age > 1:
        intro.append(words["old"].format(count=age))
    sections: list[Section | None] = [
        _figures(digest, period, language) for period in digest.periods
    ]
    sections += [
        _alerts(digest, language),
        _goals(digest, language),
        _segments(digest, language),
        *_feeds(digest, language),
    ]
    checks = words["checks"].format(
        all=digest.check_count, failed=digest.failed_check_count, warned=digest.warning_count
    )
    found = [section for section in sections if section is not None]
    return Document(language, title, tuple(intro), (*found, Section(checks)))


def _figures(digest: Digest, period: Period, language: str) -> Section:
    words = TEXTS[language]
    title = words[period.period].format(
        day=day(period.start_on, language),
        start=period.start_on,
        end=period.end_on,
        month=f"{period.start_on:%Y-%m}",
    )
    heads = [words["previous"], words["year_ago"]]
    for i, start_on in enumerate((period.previous_on, period.year_ago_on)):
        if start_on:
            shown = f"{start_on:%Y-%m}" if period.period == "month" else start_on
            heads[i] = words["against"].format(day=shown)
    rows = tuple(
        (
            Cell(_label(figure, digest.currency, language)),
            Cell(number(figure.value, figure.unit, language)),
            _change(figure, figure.previous_change, language),
            _change(figure, figure.year_ago_change, language),
        )
        for figure in period.figures
    )
    table = Table(("", words["value"], *heads), rows)
    return Section(title, table, tuple(notes(digest, period, language)))


def _label(figure: Figure, currency: str, language: str) -> str:
    name = figure.zh if language == "zh" else figure.en
    return f"{name} ({currency})" if figure.unit == "currency" else name


def _change(figure: Figure, value: float | None, language: str) -> Cell:
    mood: Mood = ""
    if value and figure.direction in ("higher", "lower"):
        mood = "good" if (value > 0) == (figure.direction == "higher") else "bad"
    return Cell(change(value, language, in_points=figure.is_rate), mood)


def _alerts(digest: Digest, language: str) -> Section:
    words = TEXTS[language]
    if not digest.alerts:
        return Section(words["no_alerts"].format(days=ALERT_DAYS))
    ordered = sorted(digest.alerts, key=lambda one: (not one.is_new, not one.is_bad))
    items = [_alert(digest, one, language) for one in ordered]
    return Section(words["alerts"].format(days=ALERT_DAYS), items=_some(items, "alerts", language))


def _alert(digest: Digest, alert: Alert, language: str) -> str:
    words, is_zh = TEXTS[language], language == "zh"
    said = alert.evidence_zh if is_zh else alert.evidence_en
    if alert.alert_type != "divergence":
        said = words["instead"].format(
            value=number(alert.value, alert.unit, language),
            expected=number(alert.expected, alert.unit, language),
        )
        if alert.change is not None:
            said += f" ({change(alert.change, language, in_points=False)})"
    if alert.main_dimension and alert.main_value is not None:
        dimension = digest.name("dimension", alert.main_dimension, language)
        value = digest.name(alert.main_dimension, alert.main_value, language)
        share = NONE if alert.main_share is None else f"{alert.main_share:.0%}"
        main = words["main"].format(what=f"{dimension} {value}", share=share)
        said = f"{said}{words['then']}{main}"
    days = f"{alert.found_on}"
    if alert.last_on != alert.found_on:
        days += f" – {alert.last_on}"
    mark = "▼" if alert.is_bad else "▲"
    name = alert.zh if is_zh else alert.en
    return f"{mark} {words['new'] if alert.is_new else ''}{name} ({days}){words['is']}{said}"


def _goals(digest: Digest, language: str) -> Section | None:
    items = [_goal(goal, language) for goal in digest.goals]
    if not items:
        return None
    return Section(TEXTS[language]["goals"], items=_some(items, "goals", language))


def _goal(goal: GoalDecision, language: str) -> str:
    words = TEXTS[language]
    name = goal.zh if language == "zh" else goal.en
    owners = f" ({listed(goal.owners.split(';'), language)})" if goal.owners else ""
    said = words["goal"].format(
        status=words.get(goal.status, goal.status),
        actual=number(goal.actual, goal.unit, language),
        target=number(goal.target, goal.unit, language),
        end=goal.ends_on or NONE,
    )
    options = []
    if goal.proposed_target is not None:
        target = number(goal.proposed_target, goal.unit, language)
        options.append(words["to_target"].format(value=target))
    if goal.proposed_ends_on:
        options.append(words["to_end"].format(day=goal.proposed_ends_on))
    if options:
        said += words["then"] + words["proposed"].format(what=words["or"].join(options))
    return f"{name}{owners}{words['is']}{said}"


def _segments(digest: Digest, language: str) -> Section | None:
    words = TEXTS[language]
    items = [
        words["segment"].format(
            name=one.zh if language == "zh" else one.en,
            count=f"{one.member_count:,}",
            entered=f"{one.entered_count:,}",
            left=f"{one.left_count:,}",
        )
        for one in digest.segments
    ]
    if not items:
        return None
    title = words["segments"].format(day=digest.segments[0].month_on)
    return Section(title, items=tuple(items))


def _feeds(digest: Digest, language: str) -> list[Section]:
    words = TEXTS[language]
    # Feeds of several shops that stopped on the same day are one line.
    groups: dict[tuple[object, ...], list[FeedState]] = {}
    for feed in sorted(digest.late, key=lambda feed: -(feed.age_days or 0)):
        groups.setdefault((feed.feed, feed.last_on, feed.rhythm_en), []).append(feed)
    items = [
        _feed(feeds, digest, language) + words["is"] + _late(feeds[0], language)
        for feeds in groups.values()
    ]
    found = [Section(words["no_late"])]
    if items:
        found = [Section(words["late"], items=_some(items, "status", language))]
    if digest.missing:
        names = [_feed([one], digest, language) for one in digest.missing]
        found.append(Section(words["missing"], items=_some(names, "status", language)))
    return found


def _late(feed: FeedState, language: str) -> str:
    return TEXTS[language]["late_feed"].format(
        day=feed.last_on or NONE,
        count=feed.age_days,
        rhythm=feed.rhythm_zh if language == "zh" else feed.rhythm_en,
    )


def _feed(feeds: Sequence[FeedState], digest: Digest, language: str) -> str:
    """A feed with its sources: `Refunds (erp.refunds: jd_flagship jd, pdd_store wangdiantong)`."""
    name = feeds[0].zh if language == "zh" else feeds[0].en
    sources = [
        f"{digest.name('shop', one.shop_id, language)} {one.source_system}".strip() for one in feeds
    ]
    return f"{name} ({feeds[0].feed}: {listed(sources, language)})"


def _some(items: list[str], command: str, language: str) -> tuple[str, ...]:
    """The first items, and the command that shows the others."""
    if len(items) <= _MOST_ITEMS:
        return tuple(items)
    more = TEXTS[language]["more"].format(
        count=len(items) - _MOST_ITEMS, command=f"shop360 {command}"
    )
    return (*items[:_MOST_ITEMS], more)
