"""Prints the status of a shop: old data first, then what was refused."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.text import Text

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.quality.failed_checks import in_words as row_in_words
from orchestration.reports.fetch_print import print_stale
from orchestration.reports.landing_print import print_refusals
from orchestration.reports.status import Row, Status
from orchestration.terminal.console import console
from orchestration.terminal.tables import print_table, print_text

_RUN = {"success": "green", "failure": "red", "canceled": "yellow"}
_STATE = {"late": "red", "on time": "green"}


def print_status(settings: Settings, found: Status) -> None:
    """Everything an operator asks in the morning."""
    print_text(f"[bold]home[/] {escape(found.home)}\n")
    _print_runs(found.runs)
    if found.release is None:
        print_refusals(settings)
        print_failed_checks(found.failed_checks)
        _print_failed_messages(found.failed_messages)
        print_stale(found.stale_sources)
        command = escape(full_command("run", settings))
        print_text(f"Nothing is released yet; type\n  [bold]{command}[/]")
        return
    release = found.release
    print_text(
        f"[bold]released[/] {release['generation']}, {_age(release['age_hours'])} old, "
        f"generations kept: {release['generations_kept']}\n"
    )
    _print_feeds(found)
    print_stale(found.stale_sources)
    print_refusals(settings)
    _print_left_out(found.left_out)
    print_failed_checks(found.failed_checks)
    _print_failed_messages(found.failed_messages)


def print_failed_checks(failed: Sequence[Row]) -> None:
    """Each check that did not pass, with the first rows that failed it."""
    rows: list[tuple[Any, ...] | Text] = []
    for one in failed:
        rows.append((one["check"], one["severity"], one["failures"]))
        rows += [Text(f"  {row_in_words(row)}", style="dim") for row in one.get("rows", ())]
    _print_rows("Checks that did not pass", ("check", "severity", "failures"), rows)


def _print_failed_messages(failed: Sequence[Row]) -> None:
    """The places that did not take their last message; nothing where every place did."""
    if failed:
        rows = [(one["place"], one["message"], one["at"], one["why"]) for one in failed]
        _print_rows("Messages not sent · 未送达的消息", ("place", "message", "at", "reason"), rows)
        print_text(f"  {escape(full_command('digest --send'))} sends them again\n")


def _print_left_out(money: Sequence[Row]) -> None:
    rows = [
        (
            f"{one['kind']}: {one['reason']}",
            f"{one['rows']:,}",
            "unknown" if one["amount"] is None else f"{one['amount']:,.2f} {one['currency']}",
            one["first_on"],
            one["last_on"],
        )
        for one in money
    ]
    heads = ("reason", "rows", "amount", "first day", "last day")
    _print_rows("Money in no KPI · 未计入指标的金额", heads, rows)


def _print_runs(runs: Sequence[Row]) -> None:
    rows = [
        (
            run["started_at"],
            Text(run["status"], style=_RUN.get(run["status"], "yellow")),
            None if run["seconds"] is None else round(run["seconds"]),
            run["job"],
        )
        for run in runs
    ]
    _print_rows("Last runs", ("started (UTC)", "status", "seconds", "job"), rows)


def _print_feeds(found: Status) -> None:
    late = [feed for feed in found.feeds if feed["state"] == "late"]
    days = [feed["last_on"] for feed in found.feeds if feed["last_on"]]
    until = f", data until {max(days)}" if days else ""
    verdict = f"[red]{len(late)} of {len(found.feeds)} are late[/]" if late else "[green]none is late[/]"  # fmt: skip
    print_text(f"[bold]Coverage[/] on {found.today}{until}: {verdict}")
    heads = ("source, shop", "last day", "age")
    rows: list[tuple[Any, ...] | Text] = []
    for (code, en, zh), group in groupby(found.feeds, lambda f: (f["feed"], f["en"], f["zh"])):
        feeds = list(group)
        count = sum(feed["row_count"] for feed in feeds)
        rows.append(Text(f"{code} · {en} · {zh}: {count:,} rows", style="bold"))
        rows += [
            (
                f"  {feed['source_system']}, {feed['shop_id']}",
                feed["last_on"],
                Text(in_words(feed), style=_STATE.get(feed["state"], "")),
            )
            for feed in feeds
        ]
    print_table(heads, rows)
    if found.not_connected:
        names = ", ".join(f"{feed['feed']} · {feed['zh']}" for feed in found.not_connected)
        print_text(f" not connected · 未接入: {escape(names)}")
    console.print()


def in_words(feed: Row) -> str:
    """Age and lateness of a feed: `3 days old, late: usually daily`."""
    if feed["state"] == "static":
        return "static list"
    age = feed["age_days"]
    old = "of unknown age" if age is None else f"{age:,} day{'' if age == 1 else 's'} old"
    if feed["age_since"] == "last delivery":
        old = f"no dates, delivery {old}"
    if feed["state"] == "unknown":
        return old
    usually = feed["rhythm"] if feed["rhythm"] == "seldom" else f"usually {feed['rhythm']}"
    return f"{old}, late: {usually}" if feed["state"] == "late" else f"{old}, {usually}"


def _print_rows(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any] | Text]) -> None:
    if not rows:
        print_text(f"{title}: none\n")
        return
    print_table(heads, rows, title=title)
    console.print()


def _age(hours: float) -> str:
    if hours < 1:
        return f"{round(hours * 60)} minutes"
    return f"{round(hours)} hours" if hours < 48 else f"{int(hours // 24)} days"
