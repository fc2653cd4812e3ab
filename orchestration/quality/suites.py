"""What is expected of each raw feed: rules that follow from the contract, and the feed's own file.

The own rules of a feed stand in `tests/expectations/<feed>.yml`. Nothing is run here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract import Feed
from orchestration.errors import OperatorError
from orchestration.settings import PROJECT

FOLDER = PROJECT / "tests" / "expectations"

_QUARANTINE = """
    select feed, sum(rows_quarantined) as rows_quarantined, sum(rows_read) as rows_read
    from meta.row_ledger
    where feed = '{feed}'
        and batch_id = (select max(batch_id) from meta.row_ledger where feed = '{feed}')
        and exists (select 1 from {{batch}})
    group by feed
    having sum(rows_quarantined) > {rate} * sum(rows_read)
"""


_REPEATED = """
    select {shown}, count(*) as row_count from {{batch}} group by {key} having count(*) > 1
"""


class SuiteError(OperatorError):
    """A suite file is missing or unreadable."""

    exit_code = 2


@dataclass(frozen=True)
class Suite:
    """The expectations of one feed, in the words of Great Expectations."""

    feed: Feed
    expectations: list[dict[str, Any]]


def load_suite(feed: Feed, folder: Path = FOLDER) -> Suite:
    """The whole suite of a feed; raises SuiteError when its file does not say what it must."""
    path = folder / f"{feed.code}.yml"
    if not path.exists():
        raise SuiteError(f"{path}: missing. Every feed has a suite; copy a neighbour's.")
    own = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(own, dict) or not {"max_quarantine_rate", "expectations"} <= own.keys():
        raise SuiteError(f"{path}: expected the keys max_quarantine_rate and expectations.")
    derived = _from_contract(feed, float(own["max_quarantine_rate"]))
    return Suite(feed, [*derived, *own["expectations"]])


def _from_contract(feed: Feed, max_quarantine_rate: float) -> list[dict[str, Any]]:
    required = [
        {
            "type": "expect_column_values_to_not_be_null",
            "severity": "critical",
            "description": f"{column.en} is never empty.",
            "kwargs": {"column": column.name},
        }
        for column in feed.columns.values()
        if column.required
    ]
    # Great Expectations has this one ready, but would quote the key, which may name a person.
    unique = {
        "type": "unexpected_rows_expectation",
        "severity": "critical",
        "description": "One row per key, however often an export repeats it.",
        "kwargs": {
            "unexpected_rows_query": _REPEATED.format(
                shown=", ".join(name for name in feed.key if not feed.columns[name].pii),
                key=", ".join(feed.key),
            )
        },
    }
    quarantine = {
        "type": "unexpected_rows_expectation",
        "severity": "critical",
        "description": f"At most {max_quarantine_rate:.0%} of the last batch's rows were refused.",
        "kwargs": {
            "unexpected_rows_query": _QUARANTINE.format(feed=feed.code, rate=max_quarantine_rate)
        },
    }
    return [unique, *required, quarantine]
