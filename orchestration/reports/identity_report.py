"""How well the shop knows who is who: sizes, hubs, coverage, reviews, and accuracy where truth is known.

Figures and ids only, never a name, a phone or any other value. How the resolution works is in
`models/intermediate/identity`, how pairs and traps are counted in `demo/score.py` and
`demo/trap_score.py`, how the report is printed in `identity_print.py`.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect, require
from orchestration.system.errors import OperatorError


class NothingResolved(OperatorError):
    """A home without customers to report on."""


@dataclass(frozen=True)
class Section:
    """One table of the report; `missing` says why there is none."""

    code: str
    en: str
    zh: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Report:
    """The sections in order, and the labels of the kinds of identifiers by their code."""

    sections: list[Section]
    kinds: dict[str, str]

    def facts(self) -> dict[str, list[dict[str, object]] | None]:
        """By section its rows, or None where the build has none; for JSON."""
        return {
            section.code: None
            if section.missing
            else [dict(zip(section.columns, row, strict=True)) for row in section.rows]
            for section in self.sections
        }


_CUSTOMERS = """
    select
        customer_id, count(*) as records,
        count(*) filter (record_type = 'crm') as crm, count(*) filter (record_type = 'erp') as erp,
        count(*) filter (record_type = 'order') as orders,
    from intermediate.int_identity__customer_map group by customer_id"""

# code, titles, query, and what to say when the build has no such table
_QUERIES = (
    ("sizes", "Customers by number of records", "客户的记录数分布", f"""
        with sizes as (
            from (select records, crm + erp as described from ({_CUSTOMERS}))
            unpivot (n for kind in (records, described))
        )

        select
            case when n < 3 then n::varchar when n < 6 then '3-5' when n < 11 then '6-10'
                else '11+' end as size,
            count(*) filter (kind = 'records') as customers,
            coalesce(sum(n) filter (kind = 'records'), 0)::bigint as records,
            count(*) filter (kind = 'described') as customers_by_crm_erp,
            coalesce(sum(n) filter (kind = 'described'), 0)::bigint as crm_erp_records,
        from sizes group by all order by min(n)"""),
    ("largest", "Largest customers", "记录最多的客户",
        f"select * from ({_CUSTOMERS}) order by records desc, customer_id limit 10"),
    ("hubs", "Biggest hubs: identifiers of too many people", "最大的枢纽标识", """
        select left(identifier_key, 12) as identifier, id_type, people_count as people,
            record_count as records
        from intermediate.int_identity__excluded_identifiers
        where excluded_reason = 'hub'
        order by people desc, records desc, identifier limit 10"""),
    ("excluded", "Identifiers that link no records", "不参与关联的标识", """
        select id_type, excluded_reason as reason, count(*) as identifiers,
            sum(record_count)::bigint as records
        from intermediate.int_identity__excluded_identifiers
        group by all order by records desc, id_type, reason"""),
    ("coverage", "Sales that say who bought, by platform", "各平台订单的买家识别覆盖", """
        select platform, shop_id, order_count as orders, strong_order_count as strong_orders,
            strong_share, identified_order_count as identified_orders, identified_share
        from meta.coverage_identity order by orders desc, platform, shop_id"""),
    ("review", "Waiting for review", "待人工复核", """
        select reason, id_type, count(*) as entries, sum(customer_count)::bigint as customers
        from marts.identity_review group by all order by entries desc, reason, id_type"""),
    ("changes", "Changes of customers so far", "客户变更记录", """
        select change, count(*) as changes, count(distinct customer_id) as customers
        from marts.identity_changes group by all order by changes desc, change"""),
)  # fmt: skip


@contextmanager
def reading(settings: Settings) -> Generator[duckdb.DuckDBPyConnection]:
    """The private warehouse, read-only, wherever the home's engine keeps its models."""
    if settings.target == "spark":
        raise NothingResolved(
            "Identity is read from DuckDB, and this home's models are on Spark: "
            f"`{full_command('run --target duckdb', settings)}` builds them here."
        )
    require(settings)
    if not settings.warehouse.exists():
        raise NothingResolved(
            f"{settings.home} has no warehouse yet; type `{full_command('run', settings)}` first."
        )
    with connect(settings, read_only=True) as con:
        if settings.target == "ducklake":
            from orchestration.engines import ducklake

            ducklake.attach(con, settings)
            con.execute(f"use {ducklake.ALIAS}")
        try:
            con.execute("select 1 from intermediate.int_identity__customer_map limit 1")
        except duckdb.CatalogException:
            raise NothingResolved(
                f"{settings.home} has no resolved customers yet; type `{full_command('run', settings)}` first."
            ) from None
        yield con


def identity_report(settings: Settings) -> Report:
    """All sections; raises NothingResolved without a build, WarehouseUnusable while one runs."""
    with reading(settings) as con:
        sections = [_rows_of(con, *query) for query in _QUERIES]
        sections += _accuracy(con, settings.truth)
        labels = con.execute("select id_type, en || ' · ' || zh from seeds.identity_policy")
        return Report(sections, dict(labels.fetchall()))


def _rows_of(con: duckdb.DuckDBPyConnection, code: str, en: str, zh: str, sql: str) -> Section:
    try:
        result = con.execute(sql)
    except duckdb.CatalogException:
        return Section(code, en, zh, missing="not in this build")
    columns = tuple(column[0] for column in result.description or ())
    return Section(code, en, zh, columns, tuple(result.fetchall()))


def _accuracy(con: duckdb.DuckDBPyConnection, truth: Path) -> Iterator[Section]:
    if not (truth / "people.parquet").exists():
        yield Section("accuracy", "Accuracy", "准确性", missing=f"no known truth in {truth}")
        return
    # `explain` reads by this module too, and starts at once without the scores.
    from orchestration.demo.score import score
    from orchestration.demo.trap_score import judge_traps

    s = score(con, truth)
    yield Section(
        "compared", "Compared with the truth", "与真值比较",
        ("records", "people", "customers"), ((s.records, s.people, s.customers),),
    )  # fmt: skip
    yield Section(
        "accuracy", "Accuracy, pairs of records", "准确性（记录对）",
        ("measure", "numerator", "denominator", "value"),
        (
            ("precision", s.both, s.together, s.precision),
            ("recall", s.both, s.truly_together, s.recall),
            ("traceable_recall", s.traced, s.traceable, s.traceable_recall),
            ("f1", 2 * s.both, s.together + s.truly_together, s.f1),
        ),
    )  # fmt: skip
    if (truth / "traps.parquet").exists():
        columns = ("trap", "expectation", "as_expected", "cases", "en", "zh")
        results = [asdict(result) for result in judge_traps(con, truth)]
        rows = tuple(tuple(result[column] for column in columns) for result in results)
        yield Section("traps", "Traps", "陷阱", columns, rows)
