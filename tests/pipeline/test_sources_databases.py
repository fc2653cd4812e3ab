"""Tables of real PostgreSQL and MariaDB servers: fetched, landed, and equal to the same rows as csv."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from database_servers import PASSWORD, MariaDb, Postgres, cells, missing
from sources_kit import LINE, ORDER, SourceShop, mapping, same_as_csv

from orchestration.sources import state

Server = Postgres | MariaDb


@pytest.fixture(scope="module", params=[Postgres, MariaDb], ids=["postgres", "mariadb"])
def server(request: pytest.FixtureRequest) -> Generator[Server, None, None]:
    kind: type[Server] = request.param
    if reason := missing(kind):
        pytest.skip(reason)
    started = kind()
    try:
        yield started
    finally:
        started.close()


@pytest.fixture
def orders(server: Server) -> str:
    """An empty table of orders. A test that failed may have left the server dead."""
    if server.process is None or server.process.poll() is not None:
        server.start()
    server.do("drop table if exists orders")
    number, text = ("numeric", "text") if server.type == "postgres" else ("decimal(20,4)", "text")
    moment = "timestamptz" if server.type == "postgres" else "timestamp null"
    server.do(
        f"create table orders (id bigint primary key, status varchar(20), ordered_at {moment}, "
        f"paid {number}, note {text}, updated_at {moment})"
    )
    _grant(server, "orders")
    return "orders"


def _grant(server: Server, table: str) -> None:
    if server.type == "postgres":
        server.do(f"grant select on {table} to shop")


def _shop(folder: Path, server: Server, feeds: Any = None, **tables: Any) -> SourceShop:
    os.environ["SHOP360_TEST_URL"] = server.url
    table = {"table": "orders", "key": "id", "cursor": "updated_at", "overlap": "2 days"}
    source = {
        "type": server.type,
        "url": "env:SHOP360_TEST_URL",
        "tables": tables or {"orders": table},
    }
    return SourceShop(folder, {"db": source}, feeds)


def _rows(server: Server, *rows: tuple[Any, ...]) -> str:
    """Insert rows: id, status, ordered_at, paid, note; changed at the time of the order."""
    for number, status, ordered, paid, note in rows:
        text = "null" if note is None else "'" + note.replace("'", "''") + "'"
        server.do(
            f"insert into orders values ({number}, '{status}', '{ordered}', {paid}, {text}, '{ordered}')"
        )
    return ""


FIRST = [
    (1, "paid", "2024-04-30 10:00:00", "12.50", "tab\there"),
    (2, "paid", "2024-05-02 10:00:00", "7.00", "two\nlines"),
    (9007199254740993, "paid", "2024-05-03 10:00:00", "0.10", "emoji 😀 张伟"),
]


def test_changes_and_deletions_land_as_a_csv_would(
    server: Server, orders: str, tmp_path: Path
) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    assert shop.fetched().sources[0].parts[0].reads == "all"
    same_as_csv(tmp_path / "1", shop, FIRST)
    assert not shop.fetched().sources[0].is_new

    new = (4, "paid", "2024-05-04 10:00:00", "3.25", None)
    _rows(server, new)
    server.do("update orders set paid = 8, updated_at = '2024-05-04 11:00:00' where id = 2")
    part = shop.fetched().sources[0].parts[0]
    assert (part.reads, part.rows) == ("changes", 3), "two changes, and one within the overlap"
    now = [FIRST[0], (2, "paid", FIRST[1][2], "8.00", FIRST[1][4]), FIRST[2], new]
    same_as_csv(tmp_path / "2", shop, now)

    server.do("delete from orders where id in (1, 9007199254740993)")
    shop.fetched()
    same_as_csv(tmp_path / "3", shop, [now[1], new])
    # A row that comes back as it was.
    _rows(server, FIRST[2])
    server.do("update orders set updated_at = '2024-05-04 10:00:00' where id > 100")
    shop.fetched()
    same_as_csv(tmp_path / "4", shop, [now[1], new, FIRST[2]])
    shop.fetched(full=True)
    same_as_csv(tmp_path / "5", shop, [now[1], new, FIRST[2]])


def test_a_late_commit_within_the_overlap_is_found(
    server: Server, orders: str, tmp_path: Path
) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetched()
    late = (5, "paid", "2024-05-02 11:00:00", "1.00", None)
    _rows(server, late)
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, [*FIRST, late])


def test_a_cursor_of_the_future_hides_no_row(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    wrong = (1, "paid", "2037-01-01 00:00:00", "1.00", None)
    _rows(server, wrong)
    shop.fetched()
    later = (2, "paid", time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()), "2.00", None)
    _rows(server, later)
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, [wrong, later])


def test_a_whole_table_withdraws_deleted_rows(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server, orders={"table": "orders"})
    _rows(server, *FIRST)
    shop.fetched()
    server.do("delete from orders where id = 2")
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, [FIRST[0], FIRST[2]])
    assert shop.files() == ["db/orders/all.parquet"]


def test_many_deletions_at_once_need_consent(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    rows = [(i, "paid", "2024-05-01 10:00:00", "1.00", None) for i in range(1, 31)]
    _rows(server, *rows)
    shop.fetched()
    server.do("delete from orders where id > 5")
    [source] = shop.fetched().sources
    assert (
        "has 5 rows, and had 30" in source.findings[0]
        and "--accept-deletions" in source.findings[0]
    )
    assert len(shop.raw()) == 30
    shop.fetched(accepts_deletions=True)
    same_as_csv(tmp_path / "1", shop, rows[:5])


def test_changed_columns_are_reported(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetched()
    kind = "type varchar(30)" if server.type == "postgres" else "varchar(30)"
    verb = "alter column status" if server.type == "postgres" else "modify status"
    server.do(f"alter table orders add extra int; alter table orders {verb} {kind}")
    server.do("alter table orders drop column note")
    [source] = shop.fetch().sources
    said = " | ".join(source.findings)
    assert "db.orders: the column extra" in said and "is new" in said
    assert "the column note is gone" in said
    assert "the column status has the type" in said and "30" in said
    # A header that is gone rejects the file, as that of an export does.
    server.do("update orders set paid = 1, updated_at = '2024-06-01 00:00:00'")
    shop.fetch()
    assert any("note" in str(file.error) for file in shop.land().rejected)


def test_tables_are_of_one_moment(server: Server, orders: str, tmp_path: Path) -> None:
    server.do("drop table if exists parts")
    server.do(
        "create table parts (id bigint primary key, order_id bigint, n int, paid decimal(10,2))"
    )
    _grant(server, "parts")
    feeds = {
        "erp.orders": [mapping(ORDER, **{"from": "db.orders"})],
        "erp.order_lines": [mapping(LINE, **{"from": "db.lines"})],
    }
    shop = _shop(
        tmp_path / "shop", server, feeds, orders={"table": "orders"}, lines={"table": "parts"}
    )
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            block = ""
            for _ in range(20):
                number += 1
                block += (
                    f"begin; insert into orders (id, status, ordered_at) values ({number}, 'paid', "
                    f"'2024-05-01'); insert into parts values ({number}, {number}, 1, 1); commit;"
                )
            server.do(block)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(6):
            assert shop.fetch().failed == []
            found = [
                {row["id"] for row in cells(shop.inbox / "db" / name / "all.parquet")}
                for name in ("orders", "lines")
            ]
            assert found[0] == found[1], found[0] ^ found[1]
    finally:
        done.set()
        writer.join()
    assert len(found[0]) > 20


def test_values_arrive_as_the_server_writes_them(
    server: Server, orders: str, tmp_path: Path
) -> None:
    server.do("drop table if exists odd")
    if server.type == "postgres":
        server.do(
            "create table odd (id int, n numeric, f double precision, tz timestamptz, ts timestamp, "
            "b bytea, j jsonb, a text[], t text, k boolean)"
        )
        server.do(
            "insert into odd values (1, 123456789012345678901234567890.123456789, 0.1, "
            "'2024-05-01 10:00+08', '2024-05-01 10:00', '\\x00ff', '{\"a\": 1.10}', '{x,y}', "
            "E'tab\\t😀', true), (2, 'NaN', 'Infinity', 'infinity', null, null, null, null, '', null)"
        )
        expected = [
            {"id": "1", "n": "123456789012345678901234567890.123456789", "f": "0.1",
             "tz": "2024-05-01 02:00:00+00", "ts": "2024-05-01 10:00:00", "b": "00ff",
             "j": '{"a": 1.10}', "a": "{x,y}", "t": "tab\t😀", "k": "true"},
            {"id": "2", "n": "NaN", "f": "Infinity", "tz": "infinity", "ts": None, "b": None,
             "j": None, "a": None, "t": "", "k": None},
        ]  # fmt: skip
    else:
        server.do(
            "create table odd (id int, u bigint unsigned, d date, dt datetime, ts timestamp null, "
            "b bit(9), k tinyint(1), e enum('a','b'), j json, n decimal(40,10), x varbinary(4), t text)"
        )
        server.do(
            "set time_zone = '+08:00'; insert into odd values (1, 18446744073709551615, '0000-00-00', "
            "'0000-00-00 00:00:00', '2024-05-01 10:00:00', b'101000001', 2, 'b', '{\"a\": 1.10}', "
            "123456789012345678901234567890.1234567890, x'00ff', 'tab\\t\\n\\\\ 😀'), "
            "(2, null, '2024-00-00', '2024-05-01 10:00:00', 0, null, 0, null, null, null, null, '')"
        )
        expected = [
            {"id": "1", "u": "18446744073709551615", "d": "0000-00-00", "dt": "0000-00-00 00:00:00",
             "ts": "2024-05-01 02:00:00+00:00", "b": "321", "k": "2", "e": "b", "j": '{"a": 1.10}',
             "n": "123456789012345678901234567890.1234567890", "x": "00ff", "t": "tab\t\n\\ 😀"},
            {"id": "2", "u": None, "d": "2024-00-00", "dt": "2024-05-01 10:00:00",
             "ts": "0000-00-00 00:00:00", "b": None, "k": "0", "e": None, "j": None, "n": None,
             "x": None, "t": ""},
        ]  # fmt: skip
    _grant(server, "odd")
    shop = _shop(tmp_path / "shop", server, orders={"table": "odd"})
    assert shop.fetch().failed == []
    found = sorted(cells(shop.inbox / "db/orders/all.parquet"), key=lambda row: row["id"])
    assert found == expected


def test_unknowable_numbers_are_refused_with_a_reason(
    server: Server, orders: str, tmp_path: Path
) -> None:
    _rows(server, *FIRST)
    shop = _shop(tmp_path / "shop", server)
    if server.type == "postgres":
        server.do("update orders set paid = 'NaN' where id = 1")
    else:
        server.do("update orders set ordered_at = 0 where id = 1")
    shop.fetch()
    assert shop.land().totals["erp.orders"].quarantined == 1
    [(column, code)] = shop.query("select column_name, reason_code from meta.quarantine")
    assert column == ("paid_amount" if server.type == "postgres" else "ordered_at"), code
    if server.type == "postgres":
        columns = {**ORDER, "paid_amount": {"from": "paid", "invalid": "null"}}
        shop.configure({"erp.orders": [mapping(columns, **{"from": "db.orders"})]})
        shop.land()
        assert shop.query("select paid_amount from raw.erp_orders where order_id = '1'") == [
            (None,)
        ]
        assert shop.query("select column_name, raw_value from meta.repairs") == [
            ("paid_amount", "NaN")
        ]


def test_a_lost_file_is_read_again(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetch()
    (shop.inbox / "db/orders/all.parquet").unlink()
    [source] = shop.fetched().sources
    assert "has not landed and is no longer in the inbox" in source.findings[0]
    same_as_csv(tmp_path / "1", shop, FIRST)
    # What has landed may go.
    (shop.inbox / "db/orders/all.parquet").unlink()
    assert shop.fetched().sources[0].findings == []


def test_an_older_archive_reads_the_table_again(
    server: Server, orders: str, tmp_path: Path
) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetched()
    ledger = shop.settings.archive / "ledger.jsonl"
    before = ledger.read_bytes()
    server.do("update orders set paid = 8, updated_at = '2024-05-04 11:00:00' where id = 2")
    shop.fetched()
    ledger.write_bytes(before)
    for path in (shop.inbox / "db/orders").glob("rows-*"):
        path.unlink()
    assert shop.fetched().sources[0].parts[0].reads == "all"
    now = [FIRST[0], (2, "paid", FIRST[1][2], "8.00", FIRST[1][4]), FIRST[2]]
    same_as_csv(tmp_path / "1", shop, now)


def test_secrets_stay_out_of_home_and_messages(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    forms = [PASSWORD, server.url, server.url.split("@")[0].split(":")[-1]]
    done = shop.command("fetch")
    out = "".join(done.communicate())
    assert done.returncode == 0, out
    wrong = server.url.replace("shop:", "shop:wrong-", 1).replace("/shop", "/none", 1)
    os.environ["SHOP360_TEST_URL"] = server.url.replace("shop:", "shop:wrong-", 1)
    failed = shop.command("fetch", "--json")
    said = "".join(failed.communicate())
    assert failed.returncode == 1 and "connecting failed" in said, said + wrong
    os.environ["SHOP360_TEST_URL"] = f"{server.type}://shop:{forms[2]}@127.0.0.1:notaport/shop"
    broken = shop.command("fetch")
    said += "".join(broken.communicate())
    assert broken.returncode == 1, said
    shop.land()
    assert shop.holding(*forms) == []
    assert not any(form in out + said for form in forms), out + said


def test_the_secrets_file_must_be_the_owners_alone(
    server: Server, orders: str, tmp_path: Path
) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.sources["db"]["url"] = "secret:erp"
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    secrets = shop.settings.config.with_name("secrets.yml")
    secrets.write_text(f"erp: {server.url!r}\n", encoding="utf-8")
    secrets.chmod(0o644)
    assert "0644, expected 0600" in shop.fetch().sources[0].error
    secrets.chmod(0o600)
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, FIRST)


def _many(server: Server, count: int) -> None:
    server.do("delete from orders")
    rows = (
        "select i, 'paid', '2024-05-01 10:00:00', i, repeat('x', 200), '2024-05-01 10:00:00' from "
    )
    series = f"generate_series(1, {count}) as i" if server.type == "postgres" else ""
    if server.type == "postgres":
        rows = rows.replace("'2024-05-01 10:00:00'", "'2024-05-01 10:00:00'::timestamptz")
        server.do(f"insert into orders {rows}{series}")
    else:
        server.do(f"insert into orders {rows.replace(' i,', ' seq,')}seq_1_to_{count}")


def test_a_server_that_dies_leaves_nothing_half(
    server: Server, orders: str, tmp_path: Path
) -> None:
    _many(server, 400_000)
    shop = _shop(tmp_path / "shop", server)
    running = shop.command("fetch")
    _until(lambda: any(name.startswith(".fetching") and _size(shop, name) for name in shop.files()))
    server.kill()
    said = "".join(running.communicate(timeout=60))
    assert running.returncode == 1, said
    assert shop.files() == [], said
    assert state.read(shop.settings, "db").parts == {}
    server.start()
    _many(server, 1000)
    shop.fetched()
    assert shop.query("select count(*), sum(paid_amount) from raw.erp_orders") == [(1000, 500500)]
    assert not any(name.startswith(".fetching") for name in shop.files())


def test_a_killed_fetch_is_repeated_or_completed(
    server: Server, orders: str, tmp_path: Path
) -> None:
    _many(server, 200_000)
    shop = _shop(tmp_path / "shop", server)
    running = shop.command("fetch")
    _until(lambda: any(name.startswith(".fetching") and _size(shop, name) for name in shop.files()))
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert [name for name in shop.files() if not name.startswith(".fetching")] == []
    _many(server, 1000)
    # The end of a process after its note: the files are complete, and none is in its place.
    code = (
        "import os, sys; from pathlib import Path\n"
        "from orchestration.config.settings import Settings\n"
        "from orchestration.config.shop_config import load_shop_config\n"
        "from orchestration.sources import delivery, fetch\n"
        "home, config, inbox = map(Path, sys.argv[1:])\n"
        "whole = delivery.write_whole\n"
        "delivery.write_whole = lambda *args: (whole(*args), os._exit(9))\n"
        "fetch.fetch(Settings(home, config, inbox), load_shop_config(config))\n"
    )
    places = (shop.settings.home, shop.settings.config, shop.inbox)
    ended = subprocess.run([sys.executable, "-c", code, *map(str, places)], check=False)
    assert ended.returncode == 9
    assert state.read(shop.settings, "db").parts == {}
    server.do("delete from orders where id > 900")
    shop.fetched()
    assert shop.query("select count(*), sum(paid_amount) from raw.erp_orders") == [(900, 405450)]


def _size(shop: SourceShop, name: str) -> int:
    try:
        return (shop.inbox / name).stat().st_size
    except FileNotFoundError:
        return 0


def _until(holds: Any) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "nothing was written"
        time.sleep(0.01)


def test_a_missing_table_names_what_to_do(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server, orders={"table": "no_such"})
    assert "there is no table no_such" in shop.fetch().sources[0].error
    if server.type == "postgres":
        server.do("drop table if exists hidden; create table hidden (id int)")
        shop = _shop(tmp_path / "3", server, orders={"table": "hidden"})
        assert "permission denied for table hidden" in shop.fetch().sources[0].error
    shop = _shop(tmp_path / "2", server, orders={"table": "orders", "key": "nr", "cursor": "id"})
    assert "has no column nr" in shop.fetch().sources[0].error


def test_a_numeric_cursor_goes_back_by_numbers(server: Server, orders: str, tmp_path: Path) -> None:
    table = {"table": "orders", "key": "id", "cursor": "id", "overlap": "2"}
    shop = _shop(tmp_path / "shop", server, orders=table)
    rows = [(i, "paid", "2024-05-01 10:00:00", "1.00", None) for i in range(1, 11)]
    _rows(server, *rows)
    shop.fetched()
    more = (11, "paid", "2024-05-01 10:00:00", "1.00", None)
    _rows(server, more)
    assert shop.fetched().sources[0].parts[0].rows == 4, "8, 9, 10 and 11"
    same_as_csv(tmp_path / "1", shop, [*rows, more])


def test_another_definition_reads_all_rows(server: Server, orders: str, tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetched()
    shop.sources["db"]["tables"]["orders"] |= {"overlap": "1 day", "deletions": "7 days"}
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    assert shop.fetched().sources[0].parts[0].reads == "changes"
    columns = ["id", "status", "ordered_at", "paid", "note", "updated_at"]
    shop.sources["db"]["tables"]["orders"] |= {"columns": columns}
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    assert shop.fetched().sources[0].parts[0].reads == "all"
    same_as_csv(tmp_path / "1", shop, FIRST)


def test_rows_are_the_same_after_a_rebuild(server: Server, orders: str, tmp_path: Path) -> None:
    from dataclasses import replace

    from orchestration.landing.replay import replay

    shop = _shop(tmp_path / "shop", server)
    _rows(server, *FIRST)
    shop.fetched()
    server.do("update orders set paid = 8, updated_at = '2024-05-04 11:00:00' where id = 2")
    shop.fetched()
    server.do("delete from orders where id = 1")
    shop.fetched()
    again = replace(shop.settings, is_rebuilding=True)
    again.rebuilding.mkdir()
    replay(again, shop.config)
    with duckdb.connect(str(again.warehouse), read_only=True) as con:
        rebuilt = con.execute("select * from raw.erp_orders order by all").fetchall()
    assert rebuilt == shop.query("select * from raw.erp_orders order by all")
    assert not shop.fetched().sources[0].is_new
