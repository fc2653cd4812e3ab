"""Whole runs of a shop with a PostgreSQL, a MariaDB and an API, beside one with the same rows as csv."""

import csv
import json
import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from api_server import SECRET, Api
from database_servers import PASSWORD, MariaDb, Postgres, missing
from landing_kit import SHOP
from shops import Shop
from sources_kit import LINE, mapping

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        bool(missing(Postgres) or missing(MariaDb)), reason=missing(Postgres) or missing(MariaDb)
    ),
]
FEEDS: dict[str, tuple[str, str, list[str], dict[str, Any]]] = {
    "erp.orders": (
        "erp.orders",
        "orders.csv",
        ["id", "status", "ordered_at", "paid", "phone"],
        {
            "order_id": "id",
            "status": "status",
            "ordered_at": "ordered_at",
            "paid_at": "ordered_at",
            "paid_amount": "paid",
            "phone": "phone",
        },
    ),
    "erp.order_lines": (
        "shop.items",
        "items.csv",
        ["id", "order_id", "n", "paid", "product"],
        LINE | {"product_id": "product"},
    ),
    "erp.products": (
        "shop.products",
        "products.csv",
        ["id", "name", "category"],
        {"product_id": "id", "product_name": "name", "category": "category"},
    ),
    "crm.customers": (
        "erp.members",
        "members.csv",
        ["id", "phone", "name"],
        {"customer_id": "id", "phone": "phone", "full_name": "name"},
    ),
    "ads.daily_spend": (
        "ads.spend",
        "spend.csv",
        ["campaign", "day", "cost"],
        {
            "report_level": {"const": "campaign"},
            "account_id": {"const": "a"},
            "campaign_id": "campaign",
            "spend_on": "day",
            "spend_amount": "cost",
        },
    ),
}
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def servers() -> Generator[tuple[Postgres, MariaDb, Api], None, None]:
    erp, shop, ads = Postgres(), MariaDb(), Api()
    erp.do(
        "create table orders (id bigint primary key, status text, ordered_at timestamptz, paid numeric, "
        "phone text, updated_at timestamptz default now()); create table members (id text primary key, "
        "phone text, name text); grant select on orders, members to shop"
    )
    shop.do(
        "create table items (id bigint primary key, order_id bigint, n int, paid decimal(12,2), "
        "product varchar(9)); create table products (id varchar(9) primary key, name text, category text)"
    )
    try:
        yield erp, shop, ads
    finally:
        erp.close()
        shop.close()
        ads.close()


def _orders(numbers: Sequence[int]) -> Rows:
    return [
        (
            n,
            "completed",
            f"2026-10-{(n + 1) // 2:02} 08:{n:02}:00+00:00",
            f"{10 + n}.50",
            f"1380000{n % 9:04}",
        )
        for n in numbers
    ]


def _lines(orders: Rows) -> Rows:
    return [(row[0], row[0], 2, row[3], f"p{row[0] % 4}") for row in orders]


def _config(path: Path, sources: dict[str, Any] | None) -> Path:
    feeds = {
        feed: [mapping(columns, **({"from": source} if sources else {"files": file}))]
        for feed, (source, file, _, columns) in FEEDS.items()
    }
    content = {"shop": SHOP, "feeds": {**feeds, "erp.refunds": "none"}}
    content |= {"sources": sources} if sources else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def _sources(ads: str) -> dict[str, Any]:
    """A table with a cursor, tables and lists without one, and restated days."""
    spend = {
        "path": "spend",
        "params": {"from": "{from_day}", "to": "{to_day}"},
        "look_back": "60 days",
        "start": "2026-10-01",
        "data": "data.list",
        "key": ["campaign", "day"],
        "paginator": {"type": "cursor", "path": "data.next"},
    }
    orders = {"table": "orders", "key": "id", "cursor": "updated_at", "overlap": "1 hour"}
    tables = {name: {"table": name, "key": "id"} for name in ("items", "products")}
    return {
        "erp": {
            "type": "postgres",
            "url": "env:ERP",
            "tables": {"orders": orders, "members": {"table": "members"}},
        },
        "shop": {
            "type": "mysql",
            "url": "env:WEB",
            "tables": tables,
        },
        "ads": {
            "type": "rest",
            "base_url": ads,
            "auth": {"type": "bearer", "token": "env:ADS"},
            "attempts": 1,
            "resources": {"spend": spend},
        },
    }


def _put(servers: tuple[Postgres, MariaDb, Api], feed: str, rows: Rows) -> None:
    """Insert, or replace what the API has."""
    erp, shop, ads = servers
    values = ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in rows)
    if feed == "erp.orders":
        erp.do(f"insert into orders (id, status, ordered_at, paid, phone) values {values}")
    elif feed == "crm.customers":
        erp.do(f"insert into members values {values}")
    elif feed in ("erp.order_lines", "erp.products"):
        table = "items" if feed == "erp.order_lines" else "products"
        shop.do(f"insert into {table} values {values}")
    else:
        ads.rows["/spend"] = [
            f'{{"campaign": "{c}", "day": "{day}", "cost": {cost}}}' for c, day, cost in rows
        ]


def test_marts_of_sources_are_those_of_csv_files(
    servers: tuple[Postgres, MariaDb, Api], tmp_path: Path
) -> None:
    erp, shop, ads = servers
    extra = {"ERP": erp.url, "WEB": shop.url, "ADS": SECRET, "SHOP360_SALT": "same"}
    sources = _sources(ads.url)
    fetched = Shop(tmp_path / "home", _config(tmp_path / "a/shop.yml", sources), extra=extra)
    first = _orders(range(1, 31))
    days = [f"2026-10-{day:02}" for day in range(1, 29)]
    _put(servers, "erp.orders", first)
    products = [(f"p{n}", f"Product {n}", f"c{n % 2}") for n in range(4)]
    members = [(f"m{n}", f"1380000{n:04}", f"Name {n}") for n in range(10)]
    _put(servers, "erp.products", products)
    _put(servers, "crm.customers", members)
    _put(servers, "erp.order_lines", _lines(first))
    _put(servers, "ads.daily_spend", [("c", day, "9.90") for day in days])
    fetched.run()

    # Changes of every kind.
    erp.do(
        "delete from orders where id = 16; update orders set paid = 99.5, updated_at = now() where id = 9"
    )
    shop.do("delete from products where id = 'p3'")
    erp.do("delete from members where id = 'm9'")
    shop.do("delete from items where id = 16; update items set paid = 99.5 where id = 9")
    more = _orders(range(31, 41))
    _put(servers, "erp.orders", more)
    _put(servers, "erp.order_lines", _lines(more))
    _put(
        servers,
        "ads.daily_spend",
        [("c", day, "9.90") for day in days[:20]] + [("c", days[20], "1.10")],
    )
    done = fetched.cli("run", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [source["error"] for source in json.loads(done.stdout)["fetched"]] == ["", "", ""]

    now = [row for row in first if row[0] not in (9, 16)] + more
    now.append((*first[8][:3], "99.50", first[8][4]))
    # Days that the API no longer names keep what it said of them before.
    cost = [("c", day, "1.10" if day == days[20] else "9.90") for day in days]
    twin = Shop(tmp_path / "twin", _config(tmp_path / "b/shop.yml", None), extra=extra)
    for feed, rows in zip(FEEDS, (now, _lines(now), products[:3], members[:9], cost), strict=True):
        _, file, head, _ = FEEDS[feed]
        path = twin.home / "inbox" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([head, *rows])
    twin.run()
    # The log of customer ids also has the customer and the days that the csv files never had.
    compared = fetched.cli_alone("compare", fetched.home, twin.home).stdout
    tables = re.findall(r"^ ((?:marts|meta)\.\w+) +[\d,]+ +[\d,]+ +(\w+)", compared, re.MULTILINE)
    assert len(tables) > 60, compared
    differ = {name for name, verdict in tables if verdict != "equal"}
    assert differ == {"marts.identity_changes"}, compared
    [(sales,)] = fetched.ask("select sum(paid_amount) from marts.orders")
    assert float(sales) == pytest.approx(sum(float(row[3]) for row in now))

    _a_source_that_is_away(fetched, servers)


def _a_source_that_is_away(fetched: Shop, servers: tuple[Postgres, MariaDb, Api]) -> None:
    """The others land and are released; the run and `status` name the source and the reason."""
    erp, shop, ads = servers
    ads.close()
    _put(servers, "erp.orders", _orders([50]))
    done = fetched.cli("run")
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1 and "Not fetched: ads" in said, said
    assert "ads: /spend: no answer" in said
    assert fetched.ask("select count(*) from marts.orders where order_id = '50'") == [(1,)]
    status = json.loads(fetched.cli("status", "--json").stdout)
    assert [one["source"] for one in status["stale_sources"]] == ["ads"]
    assert "no answer" in status["stale_sources"][0]["reason"]
    shown = fetched.cli("status").stdout
    assert "ads" in shown and "last fetched" in shown
    # Nothing is new, and the source is still away: no build, and the same exit code.
    again = fetched.cli("run", "--json")
    assert again.returncode == 1 and json.loads(again.stdout)["is_unchanged"] is True
    _no_secret_in(fetched.home, PASSWORD, erp.url, shop.url, SECRET)


def _no_secret_in(home: Path, *secrets: str) -> None:
    found = [
        str(path)
        for path in sorted(home.rglob("*"))
        if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
    ]
    assert found == []
