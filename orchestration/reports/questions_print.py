"""Saved questions and their answers on the page: tables and records, CSV, JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape

from orchestration.config.hints import full_command
from orchestration.reports.question_answer import Answer
from orchestration.reports.questions import Question
from orchestration.reports.sql_query import show
from orchestration.terminal.console import console, errors
from orchestration.terminal.json_output import print_json
from orchestration.terminal.tables import print_table, print_text, text_of

_DIGITS = 4
_REASONS = ("reason_en", "reason_zh")


def print_questions(found: Sequence[Question], form: str) -> None:
    """The names and titles of all questions."""
    if form == "json":
        print_json([{k: v for k, v in asdict(one).items() if k != "sql"} for one in found])
    elif form == "csv":
        show(["name", "zh", "en"], [[one.name, one.zh, one.en] for one in found], form, 0)
    else:
        print_table(["question", "zh", "en"], [[one.name, one.zh, one.en] for one in found])
        command = escape(full_command("questions NAME"))
        console.print(f"\n[dim]{command} answers one of them.[/]", soft_wrap=True)


def print_answer(answer: Answer, form: str, limit: int) -> None:
    """The rows, or why there are none; in CSV the reason goes to stderr."""
    if form == "json":
        print_json(answer.facts())
    elif form == "csv":
        if answer.missing:
            _print_missing(answer, is_alone=False)
        else:
            show(list(answer.names), answer.rows, form, limit)
    else:
        _print_head(answer.question)
        if answer.missing:
            _print_missing(answer, is_alone=True)
        else:
            _print_rows(answer, limit)


def _print_head(question: Question) -> None:
    print_text(f"[bold]{escape(question.zh)}  {escape(question.en)}[/]")
    print_text(f"[dim]{escape(question.answers)}[/]")
    for name, text in question.parameters.items():
        print_text(f"[dim]--set {name}: {escape(text)}[/]", hang=2)
    console.print()


def _print_missing(answer: Answer, *, is_alone: bool) -> None:
    page = console if is_alone else errors
    for text in answer.no_answer():
        page.print(f"[yellow]![/] {escape(text)}", soft_wrap=True)
    for feed in answer.missing:
        text = f"  {feed.feed}: {feed.reason_zh} · {feed.reason_en}"
        page.print(escape(text), soft_wrap=True)


def _print_rows(answer: Answer, limit: int) -> None:
    """The table; leading columns that hold one value, such as the month, stand above it."""
    names, rows = _shown(answer)
    common = 0
    while len(rows) > 1 and len({row[common] for row in rows}) == 1 and common < len(names) - 1:
        common += 1
    for name, value in zip(names[:common], rows[0] if rows else [], strict=False):
        print_text(f"{name}: {escape(text_of(value))}")
    show(names[common:], [row[common:] for row in rows], "table", limit)


def _shown(answer: Answer) -> tuple[list[str], list[list[Any]]]:
    """The answer for people: ratios rounded, and no column of reasons where every figure is known."""
    kept = [
        number
        for number, name in enumerate(answer.names)
        if name not in _REASONS or any(row[number] is not None for row in answer.rows)
    ]
    rows = [[_rounded(row[number]) for number in kept] for row in answer.rows]
    return [answer.names[number] for number in kept], rows


def _rounded(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value
