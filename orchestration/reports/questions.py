"""Saved questions: the SQL files of `questions/`, what their headers state, and one of them by name.

A header is the comment that opens the file, in this order: `zh:` and `en:` (titles), `answers:` (what a row is and how
to read it), `needs:` (feeds, or none), and one `set NAME:` for each parameter. A line that begins with three spaces
continues the line before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.config.settings import PROJECT
from orchestration.reports.metrics_errors import near
from orchestration.system.errors import OperatorError

FOLDER = PROJECT / "questions"
_TITLES = ("zh", "en", "answers", "needs")
_ENTRY = re.compile(r"-- (zh|en|answers|needs|set ([a-z][a-z0-9_]*)): (\S.*)")
_CONTINUED = "--   "
_NO_FEEDS = "none"


class QuestionError(OperatorError):
    """No question has this name, or what is asked of it or stated in its file means nothing."""

    exit_code = 2


@dataclass(frozen=True)
class Question:
    """A question, its titles, the feeds that it needs, and by name what its parameters mean."""

    name: str
    zh: str
    en: str
    answers: str
    needs: tuple[str, ...]
    sql: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def all_questions(folder: Path = FOLDER) -> list[Question]:
    """Every question by name; raises QuestionError for a file without a proper header."""
    return [read_question(path) for path in sorted(folder.glob("*.sql"))]


def find_question(name: str, folder: Path = FOLDER) -> Question:
    """The question of this name; raises QuestionError, with the nearest names, if there is none."""
    path = folder / f"{name}.sql"
    names = sorted(known.stem for known in folder.glob("*.sql"))
    if name not in names:
        raise QuestionError(
            f"There is no question {name!r}{near(name, names, 'shop360 questions')}"
        )
    return read_question(path)


def read_question(path: Path) -> Question:
    """The question in a file; raises QuestionError that names what its header lacks."""
    sql = path.read_text(encoding="utf-8")
    entries: dict[str, str] = {}
    last = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if line.startswith(_CONTINUED) and last:
            entries[last] += " " + line.removeprefix(_CONTINUED).strip()
        elif found := _ENTRY.fullmatch(line.rstrip()):
            last = found[1]
            entries[last] = found[3]
        else:
            raise QuestionError(f"{path}: {line!r} is no line of a header; see docs/questions.md.")
    absent = [title for title in _TITLES if title not in entries]
    if absent:
        raise QuestionError(
            f"{path}: the header has no {', '.join(absent)}; see docs/questions.md."
        )
    needs = entries["needs"]
    return Question(
        name=path.stem,
        zh=entries["zh"],
        en=entries["en"],
        answers=entries["answers"],
        needs=() if needs == _NO_FEEDS else tuple(feed.strip() for feed in needs.split(",")),
        sql=sql,
        parameters={
            title.removeprefix("set "): text
            for title, text in entries.items()
            if title not in _TITLES
        },
    )
