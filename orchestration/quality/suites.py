"""What is expected of each raw feed: rules that follow from the contract, and the feed's own file.

The own rules of a feed stand in `tests/expectations/<feed>.yml`. Nothing is run here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.contract import Feed
from orchestration.config.settings import PROJECT
from orchestration.landing.read.totals import NO_RECORDS
from orchestration.system.errors import OperatorError

FOLDER = PROJECT / "tests" / "expectations"

_QUARANTINE = """
    with last_batch as (
        select feed, batch_id, sum(rows_quarantined) as rows_quarantined, sum(rows_read) as rows_read
        from meta.row_ledger
        where feed = '{feed}'
            and batch_id = (select max(batch_id) from meta.row_ledger where feed = '{feed}')
            and exists (select 1 from {{batch}})
        group by feed, batch_id
    ),
    refused as (
        select feed, rows_read, rows_quarantined - (
            select count(*) from meta.quarantine
            where quarantine.feed = last_batch.feed and quarantine.batch_id = last_batch.batch_id
                and reason_code in {no_records}
        ) as rows_refused
        from last_batch
    )
    select feed, rows_refused, rows_read from refused where rows_refused > {rate} * rows_read
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


def load_suite(feed: Feed, folder: Path = FOLDER, max_refused: float | None = None) -> Suite:
    """The whole suite of a feed; raises SuiteError when its file does not say what it must.

    `max_refused` is the shop's own share of rows that may be refused, see `landing.limits`.
    """
    path = folder / f"{feed.code}.yml"
    if not path.exists():
        raise SuiteError(f"{path}: missing. Every feed has a suite; copy a neighbour's.")
    own = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(own, dict) or not {"max_quarantine_rate", "expectations"} <= own.keys():
        raise SuiteError(f"{path}: expected the keys max_quarantine_rate and expectations.")
    most = float(own["max_quarantine_rate"]) if max_refused is None else max_refused
    derived = _from_contract(feed, most)
    return Suite(feed, [*derived, *own["expectations"]])


def _percent(share: float) -> str:
    return f"{share:.1%}".replace(".0%", "%")


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
        "description": f"At most {_percent(max_quarantine_rate)} of the last batch's rows were refused.",
        "kwargs": {
            "unexpected_rows_query": _QUARANTINE.format(
                feed=feed.code, rate=max_quarantine_rate, no_records=NO_RECORDS
            )
        },
    }
    return [unique, *required, quarantine]
