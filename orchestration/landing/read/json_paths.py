"""Where the value of a header is in the objects of `stage.json_lines`.

`a.b` is the key b of the object a, or, where a is a list of objects with `key` and `value`, the value of
the key b, as in the events of Google Analytics. With `each`, the elements of a list are the rows.
"""

from collections.abc import Sequence

import duckdb

from orchestration.landing.read.source import Reading
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import quoted

_VALUES = ("string_value", "int_value", "double_value", "float_value")


def cells(
    con: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[list[str], list[str], list[str]]:
    """The headers of the objects, the SQL of the text of each, and the paths whose texts are `cells[1]` and so on.

    The headers are the keys of all objects and the nested headers that the mapping asks for and any object has.
    With `each`, keys that the mapping does not ask for are left to the mapping of the whole objects; where all
    lists are empty, there are no rows and no header can be missing.
    """
    keys = con.execute(
        "select distinct unnest(case when ok then json_keys(line) end) from stage.json_lines order by 1"
    ).fetchall()
    top = [row[0] for row in keys]
    asked = list(dict.fromkeys(reading.mentioned))
    if reading.each and not top:
        return asked, ["cast(null as varchar)"] * len(asked), []
    nested = [h for h in asked if "." in h and h not in top and h.split(".")[0] in top]
    there, pairs = _nested(con, nested)
    known = {*top, *there, *pairs}
    found = [h for h in (asked if reading.each else [*top, *nested]) if h in known]
    paths: list[str] = []
    texts = []
    for header in found:
        if header in pairs:
            texts.append(pairs[header])
        else:
            paths.append(_path(header.split(".") if header in there else [header]))
            texts.append(_as_written(f"cells[{len(paths)}]", paths[-1]))
    return found, texts, paths


def _as_written(cell: str, path: str) -> str:
    """The text of a value; a number that has lost digits is 2.5E+18, as in a spreadsheet, so that it is no id."""
    long = f"regexp_full_match({cell}, '-?[0-9]{{16,}}[.]0|-?[0-9.]+e[0-9]+')"
    rounded = f"json_type(line, {quoted(path)}) = 'DOUBLE'"
    power = f"format('{{:.14E}}', cast({cell} as double))"
    return f"case when {long} and {rounded} then {power} else {cell} end"


def _nested(con: duckdb.DuckDBPyConnection, nested: list[str]) -> tuple[list[str], dict[str, str]]:
    """The nested headers that any object has, and the SQL of those that are keys of pairs."""
    if not nested:
        return [], {}
    asked = []
    for header in nested:
        parts = header.split(".")
        asked.append(f"bool_or(json_exists(line, {quoted(_path(parts))}))")
        asked.append(f"bool_or(json_type(line, {quoted(_path(parts[:-1]))}) = 'ARRAY')")
    [answers] = con.execute(f"select {', '.join(asked)} from stage.json_lines where ok").fetchall()
    there, pairs = [], {}
    for header, is_there, is_list in zip(nested, answers[::2], answers[1::2], strict=True):
        *parts, last = header.split(".")
        if is_there:
            there.append(header)
        elif is_list and _has_key(con, parts, last):
            pairs[header] = _of_pair(parts, last)
    return there, pairs


def _pair(parts: list[str], key: str) -> str:
    """The element of a list of pairs that has the key."""
    listed = f"json_extract(line, {quoted(_path(parts) + '[*]')})"
    return f"list_filter({listed}, lambda pair: pair ->> 'key' = {quoted(key)})[1]"


def _has_key(con: duckdb.DuckDBPyConnection, parts: list[str], key: str) -> bool:
    [(has,)] = con.execute(
        f"select coalesce(bool_or({_pair(parts, key)} is not null), false) from stage.json_lines where ok"
    ).fetchall()
    return has


def _of_pair(parts: list[str], key: str) -> str:
    """The text of the value of a pair: plain, or in an object that has one value by its type."""
    value = f"({_pair(parts, key)} -> 'value')"
    typed = ", ".join(f"{value} ->> '{name}'" for name in _VALUES)
    return (
        f"case when json_type({value}) = 'OBJECT' then coalesce({typed}) else {value} ->> '$' end"
    )


def unfold(con: duckdb.DuckDBPyConnection, reading: Reading) -> list[str]:
    """A row for each element of the list `each`, in the place of the list; warns of objects without elements."""
    parts = (reading.each or "").split(".")
    elements = f"cast(json_extract(line, {quoted(_path(parts) + '[*]')}) as json[])"
    wrapped = "element"
    for part in reversed(parts):
        wrapped = f"json_object({quoted(part)}, {wrapped})"
    [(empty, has_list)] = con.execute(
        f"select count(*) filter (len({elements}) = 0), bool_or(json_type(line, {quoted(_path(parts))}) = 'ARRAY') "
        "from stage.json_lines where ok"
    ).fetchall()
    if not has_list:
        raise FileRejected(
            f"{reading.name}: no object has the list {reading.each!r}, which `each` names. Correct "
            f"{reading.want.purpose} or export the list"
        )
    con.execute(
        "create or replace table stage.json_lines as select row_number() over (order by _line, _nth) as _line, "
        f"case when ok then cast(json_merge_patch(line, {wrapped}) as varchar) else line end as line, ok "
        "from (select _line, line, ok, unnest(elements) as element, generate_subscripts(elements, 1) as _nth "
        f"from (select *, case when ok then {elements} else [cast(null as json)] end as elements "
        "from stage.json_lines))"
    )
    return (
        [f"{empty:,} objects have no element of {reading.each}; they give no rows"] if empty else []
    )


def _path(parts: Sequence[str]) -> str:
    return "$" + "".join('."' + part.replace('"', '\\"') + '"' for part in parts)
