"""`make book`: writes the columns of `kpi_daily` and `kpi_monthly` from the KPI catalogue.

Generated are the list of codes in macros/kpi_columns.sql and the KPI columns in the yml of both marts.
"""

import json
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.reports.kpi_book import catalogue

PROJECT = Path(__file__).resolve().parents[1]
MACRO = Path("macros/kpi_columns.sql")
MARTS = (Path("models/marts/kpi/kpi_daily.yml"), Path("models/marts/kpi/kpi_monthly.yml"))


def render(path: Path, text: str, kpis: Sequence[Mapping[str, str]]) -> str:
    """The file as the catalogue makes it; everything but the generated part stays as it is."""
    if path == MACRO:
        return _replaced(path, text, r"(set codes = \[\n)(.*?)(    \] -%\})", _codes(kpis))
    return _replaced(
        path, text, r"(      - \{name: dimension_value,[^\n]*\n)(.*?)(    data_tests:\n)", _columns(kpis)
    )  # fmt: skip


def _replaced(path: Path, text: str, pattern: str, generated: str) -> str:
    new, count = re.subn(
        pattern, lambda found: found[1] + generated + found[3], text, count=1, flags=re.DOTALL
    )
    if not count:
        raise ValueError(f"{path} has no place for the generated columns: {pattern}")
    return new


def _codes(kpis: Sequence[Mapping[str, str]]) -> str:
    listed = ", ".join(f"'{kpi['kpi_code']}'" for kpi in kpis)
    return textwrap.fill(listed, 115, initial_indent=" " * 8, subsequent_indent=" " * 8) + "\n"


def _columns(kpis: Sequence[Mapping[str, str]]) -> str:
    return "".join(
        f"      - {{name: {kpi['kpi_code']}, data_type: double, description: {_description(kpi)}}}\n"
        for kpi in kpis
    )


def _description(kpi: Mapping[str, str]) -> str:
    return json.dumps(f"{kpi['en']} ({kpi['zh']}).", ensure_ascii=False)


def outdated(root: Path) -> list[str]:
    """The files that differ from the catalogue."""
    kpis = catalogue()
    return [
        str(path)
        for path in (MACRO, *MARTS)
        if (text := (root / path).read_text(encoding="utf-8")) != render(path, text, kpis)
    ]


def main() -> int:
    """Write the three files."""
    kpis = catalogue()
    for path in (MACRO, *MARTS):
        file = PROJECT / path
        file.write_text(render(path, file.read_text(encoding="utf-8"), kpis), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
