"""Headers that earlier files of a mapping had and a new one lacks.

Such a file is refused, as the header was most likely renamed; `may_lack` of shop.yml accepts it. Nested keys
of JSON come and go with the objects, and only warn. The absence of a header is no value: rows that are known
keep what they have.
"""

import difflib
import re
from collections.abc import Mapping

import duckdb

from orchestration.landing.check.plan import Plan
from orchestration.landing.read import header_words
from orchestration.landing.write.upsert import Upsert
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident


def refuse(plan: Plan, earlier: Mapping[str, str]) -> None:
    """Raise `FileRejected` when headers are gone. `earlier`: a file that had the column's, by column."""
    gone = [
        name
        for name in plan.cells.absent
        if name in earlier and not plan.source.sparse.issuperset(plan.cells.lacking(name))
    ]
    if not gone:
        return
    mapping, found = plan.mapping, plan.source.headers
    listed = header_words.listable(found, mapping.headers) or []
    problems = []
    for name in gone:
        wanted = plan.cells.lacking(name)
        close = difflib.get_close_matches(wanted[0], listed, n=1, cutoff=0.5)
        hint = f" (nearest: {close[0]!r})" if close else ""
        named = " or ".join(map(repr, wanted))
        problems.append(f"header {named} of {name} is missing{hint}, but {earlier[name]} had it")
    raise FileRejected(
        f"{plan.cells.file}: {'; '.join(problems)}. Headers found: "
        f"{header_words.shown(found, mapping.headers, trusted=True)}. If a header was renamed, add its new "
        f"name to the column in {mapping.place} of shop.yml, such as `{gone[0]}: [old, new]`; if exports may "
        f"lack it, add `may_lack: [{', '.join(gone)}]`: known values then stay"
    )


def kept(plan: Plan, ever_read: set[str]) -> dict[str, str]:
    """Columns that the file has no headers for though earlier ones had, and those derived from them.

    By column the SQL of its value, given the tables `landed` and `current`.
    """
    absent = {
        name
        for name in plan.cells.absent
        if name in ever_read and name not in plan.feed.key and name not in plan.mapping.derive
    }
    repaired = {repair.column for repair in plan.mapping.repairs}
    derived = [
        name
        for name, sql in plan.mapping.derive.items()
        if name not in plan.feed.key
        and any(
            re.search(rf"\b{re.escape(one)}\b", sql) for one in (set(plan.cells.absent) & ever_read)
        )
    ]
    values = {}
    for name in [*sorted(absent), *derived]:
        order = ("landed", "current") if name in repaired else ("current", "landed")
        values[name] = f"coalesce({', '.join(f'{table}.{ident(name)}' for table in order)})"
    return values


def keep_values(
    stage: duckdb.DuckDBPyConnection, plan: Plan, upsert: Upsert, values: Mapping[str, str]
) -> None:
    """Give rows that are known the values of columns that the file does not have."""
    if not values:
        return
    keys = " and ".join(f"current.{key} = landed.{key}" for key in upsert.keys) or "true"
    changes = ", ".join(f"{ident(name)} = {value}" for name, value in values.items())
    known = " or ".join(f"current.{ident(name)} is not null" for name in values)
    stage.execute(
        f"update stage.landed set {changes} from {upsert.raw} as current where {keys} and ({known})"
    )
    stage.execute(f"update stage.landed set _row_hash = {plan.content_hash()} where not _blank")
