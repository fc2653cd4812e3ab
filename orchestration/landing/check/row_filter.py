"""Which rows of a file a mapping takes: `where` of shop.yml as SQL over the tidied cells x0, x1 and so on."""

from orchestration.config.conditions import COMPARED, PATTERN
from orchestration.landing.check import parsing
from orchestration.landing.check.cells import Cells
from orchestration.system.sql import among, quoted


def taken(cells: Cells) -> str:
    """A condition that holds for rows that the mapping takes: every header has to fit."""
    parts = [
        _fits(f"x{place}", conditions)
        for header, conditions in cells.mapping.where.items()
        if (place := cells.position((header,))) is not None
    ]
    return " and ".join(parts) or "true"


def _fits(cell: str, conditions: tuple[str, ...]) -> str:
    """Whether one of the words or conditions fits a cell; blank is the empty word."""
    words = [text for text in conditions if not _is_condition(text)]
    parts = [_condition(cell, text) for text in conditions if _is_condition(text)]
    if words:
        parts.append(among(f"coalesce({cell}, '')", words))
    return f"({' or '.join(parts)})"


def _is_condition(text: str) -> bool:
    return bool(COMPARED.fullmatch(text) or PATTERN.fullmatch(text) or text.startswith("!="))


def _condition(cell: str, text: str) -> str:
    if found := COMPARED.fullmatch(text):
        number = parsing.number(cell, "decimal(38,8)")
        # A cell that is no number is not left out silently: the row's own checks refuse it.
        return f"coalesce({number} {found[1]} {found[2]}, true)"
    if found := PATTERN.fullmatch(text):
        matched = f"regexp_matches(coalesce({cell}, ''), {quoted(found[2])})"
        return matched if found[1] == "~" else f"not {matched}"
    return f"coalesce({cell}, '') <> {quoted(text[2:].strip())}"
