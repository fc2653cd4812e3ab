"""Lists of a real HTTP server: pages, limits, faults, tokens, and rows that move while they are read."""

import json
import os
import time
from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from api_server import SECRET, Api
from database_servers import cells
from sources_kit import ORDER, SourceShop, mapping, same_as_csv

from orchestration.pipeline.fetch_asset import FETCHED, build_fetch
from orchestration.pipeline.landing_assets import build_land

PAGES: dict[str, dict[str, Any]] = {
    "page": {"path": "paged/orders", "paginator": {"type": "page", "param": "page"}},
    "offset": {"path": "/orders", "paginator": {"type": "offset", "param": "offset"}},
    "cursor": {"path": "orders", "paginator": {"type": "cursor", "path": "data.next"}},
    "link": {"path": "link/orders", "data": "", "ok": {}, "paginator": {"type": "link"}},
}
ROWS = [(i, "paid", f"2024-05-0{i}T10:00:00Z", f"{i}.10", f"note {i}") for i in range(1, 6)]
SPEND = {
    "report_level": {"const": "campaign"},
    "account_id": {"const": "a"},
    "campaign_id": "campaign",
    "spend_on": "day",
    "spend_amount": "cost",
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Generator[Api, None, None]:
    monkeypatch.setenv("SHOP360_TEST_TOKEN", SECRET)
    server = Api()
    try:
        yield server
    finally:
        server.close()


def _json(row: tuple[Any, ...], **more: str) -> str:
    number, status, at, paid, note = row
    rest = "".join(f', "{name}": {value}' for name, value in more.items())
    return (
        f'{{"id": {number}, "status": "{status}", "ordered_at": "{at}", "paid": {paid}, '
        f'"note": {json.dumps(note)}{rest}}}'
    )


def _put(api: Api, *rows: tuple[Any, ...], **more: str) -> None:
    for path in ("/orders", "/paged/orders", "/link/orders"):
        api.rows[path] = [_json(row, **more) for row in rows]


def _shop(
    folder: Path, api: Api, *, feeds: Any = None, auth: Any = None, **resource: Any
) -> SourceShop:
    whole = {"data": "data.list", "ok": {"code": "0"}, "key": "id", "deletions": "always"}
    resource = {**whole, **(resource or PAGES["cursor"])}
    source = {"type": "rest", "base_url": api.url, "resources": {"orders": resource}}
    source["auth"] = auth or {"type": "bearer", "token": "env:SHOP360_TEST_TOKEN"}
    return SourceShop(folder, {"db": source}, feeds)


@pytest.mark.parametrize("kind", PAGES)
def test_all_pages_land_as_a_csv_would(kind: str, api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api, **PAGES[kind])
    assert shop.fetched().sources[0].parts[0].rows == 5
    same_as_csv(tmp_path / "1", shop, ROWS)
    assert not shop.fetched().sources[0].is_new
    changed = (2, "paid", ROWS[1][2], "9.99", "changed")
    _put(api, ROWS[0], changed, ROWS[4])
    shop.fetched()
    same_as_csv(tmp_path / "2", shop, [ROWS[0], changed, ROWS[4]])
    assert api.requests[-1][2]["Authorization"] == f"Bearer {SECRET}"


def test_numbers_keep_all_their_digits(api: Api, tmp_path: Path) -> None:
    _put(api, (6919345678901234567, "paid", ROWS[0][2], "12345678901234.1001", "😀\t张"))
    shop = _shop(tmp_path / "shop", api)
    shop.fetched()
    [row] = shop.raw()
    assert (row["order_id"], row["paid_amount"]) == (
        "6919345678901234567",
        Decimal("12345678901234.1001"),
    )
    assert row["receiver_name"] == "😀\t张"


def test_a_limit_is_waited_for_and_faults_are_retried(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    api.faults = [(429, {"Retry-After": "2"}, "slow down"), (500, {}, "oh"), (503, {}, ""), "cut"]
    begun = time.monotonic()
    shop.fetched()
    assert time.monotonic() - begun > 2
    same_as_csv(tmp_path / "1", shop, ROWS)


def test_a_fault_that_stays_is_an_error_of_the_source(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    shop.sources["db"]["attempts"] = 2
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    for fault, words in (
        ((500, {}, "x"), "status 500 in 2 attempts"),
        ((403, {}, "x"), "the token is refused"),
        ((404, {}, "x"), "status 404; check path"),
        ((302, {"Location": "http://127.0.0.1:1/"}, ""), "correct base_url"),
        ((200, {}, "<html>"), "the answer is not JSON"),
        ((200, {}, '{"code": 40100, "message": "limit"}'), "code is 40100, expected 0"),
        ((200, {}, '{"code": 0, "data": {}}'), "an answer has no data.list"),
        ((200, {}, '{"code": 0, "data": {"list": [1]}}'), "expected a list of objects"),
        ("cut", "cut off 2 times"),
    ):
        api.faults = [fault, fault]
        error = shop.fetch().sources[0].error
        assert words in error and "db" in error, (words, error)
        api.faults = []
    assert shop.files() == []
    # An error on a later page brings no half list either.
    api.before = lambda path, query: api.faults.append((403, {}, "")) if not query else None
    assert shop.fetch().failed and shop.files() == []


def test_a_token_that_ends_in_the_middle_is_renewed(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP360_TEST_ID", "client-1")
    auth = {
        "type": "client_credentials",
        "token_url": f"{api.url}/token",
        "client_id": "env:SHOP360_TEST_ID",
        "client_secret": "env:SHOP360_TEST_TOKEN",
    }
    _put(api, *ROWS)
    api.wants_token = True
    shop = _shop(tmp_path / "shop", api, auth=auth)

    def end_token(path: str, query: dict[str, str]) -> None:
        if query.get("cursor") == "2" and len(api.tokens) == 1:
            api.tokens.append(f"other-{SECRET}")

    api.before = end_token
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, ROWS)
    assert len([path for path, *_ in api.requests if path == "/token"]) == 2
    assert shop.holding(SECRET, *api.tokens) == []


def test_no_other_host_gets_a_request(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    other = Api()
    shop = _shop(tmp_path / "shop", api, **PAGES["link"])
    link = {"Link": f'<{other.url}/link/orders?page_info=2>; rel="next"'}
    api.faults = [(200, link, f"[{api.rows['/link/orders'][0]}]")]
    assert "lies on another host" in shop.fetch().sources[0].error
    assert other.requests == []
    other.close()


def test_rows_that_move_between_pages_are_all_found(api: Api, tmp_path: Path) -> None:
    """A row that is deleted moves the next ones up, and one that is inserted moves them down."""
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    rows, moves = list(ROWS), iter((ROWS[1:], [*ROWS[1:], (9, "paid", ROWS[0][2], "1.00", "new")]))

    def move(path: str, query: dict[str, str]) -> None:
        if query.get("cursor") == "2" and (now := next(moves, None)):
            rows[:] = now
            _put(api, *rows)

    api.before = move
    shop.fetched()
    same_as_csv(tmp_path / "1", shop, rows)
    assert len(rows) == 5


def test_a_list_that_never_rests_withdraws_nothing(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    shop.fetched()
    numbers = iter(range(100, 200))

    def change(path: str, query: dict[str, str]) -> None:
        if not query:
            _put(api, *ROWS[:3], (next(numbers), "paid", ROWS[0][2], "1.00", "x"))

    api.before = change
    assert "changed during each of 4 readings" in shop.fetch().sources[0].error
    shop.land()
    same_as_csv(tmp_path / "1", shop, ROWS)


def test_a_cursor_brings_changes_with_an_overlap(api: Api, tmp_path: Path) -> None:
    resource = PAGES["cursor"] | {
        "params": {"since": "{since}"},
        "cursor": "updated_at",
        "overlap": "1 day",
        "start": "2024-01-01",
        "deletions": "never",
    }
    shop = _shop(tmp_path / "shop", api, **resource)

    def put(*rows: tuple[Any, ...]) -> None:
        texts = [_json(row, updated_at=json.dumps(row[2])) for row in rows]
        api.rows["/orders"] = texts

    put(*ROWS[:3])
    shop.fetched()
    assert api.requests[0][1]["since"] == "2023-12-31T16:00:00Z", "midnight of the shop"
    late = (8, "paid", "2024-05-02T12:00:00Z", "8.00", "late")
    put(*ROWS[:4], late)
    api.requests.clear()
    assert shop.fetched().sources[0].parts[0].rows == 4, "two changes, and two within the overlap"
    assert api.requests[0][1]["since"] == "2024-05-02T10:00:00Z"
    same_as_csv(tmp_path / "1", shop, [*ROWS[:4], late])
    shop.fetched(full=True)
    same_as_csv(tmp_path / "2", shop, [*ROWS[:4], late])


def test_restated_days_are_read_again(api: Api, tmp_path: Path) -> None:
    today = time.strftime("%Y-%m-%d", time.gmtime())
    resource = PAGES["cursor"] | {
        "params": {"from": "{from_day}", "to": "{to_day}"},
        "look_back": "7 days",
        "start": "2026-01-01",
        "days_per_request": "100",
        "key": ["campaign", "day"],
        "deletions": "never",
    }
    feeds = {
        "ads.daily_spend": [mapping(SPEND, **{"from": "db.orders", "timezone": "Asia/Shanghai"})]
    }
    shop = _shop(tmp_path / "shop", api, feeds=feeds, **resource)

    def put(*rows: tuple[str, str, str]) -> None:
        api.rows["/orders"] = [
            f'{{"campaign": "{c}", "day": "{day}", "cost": {cost}}}' for c, day, cost in rows
        ]

    def spend() -> list[tuple[Any, ...]]:
        return shop.query(
            "select campaign_id, spend_on::varchar, spend_amount from raw.ads_daily_spend order by all"
        )

    put(("c1", "2026-01-05", "10.5"), ("c1", today, "1.25"), ("c2", today, "7"))
    shop.fetched()
    windows = [query["from"] for path, query, _ in api.requests if "cursor" not in query]
    assert windows[:2] == ["2026-01-01", "2026-04-11"] and len(windows) >= 4
    # Today is restated: one campaign has other money, the other is gone. What is old is not asked for.
    put(("c1", "2026-01-05", "99"), ("c1", today, "3.5"))
    shop.fetched()
    assert spend() == [
        ("c1", "2026-01-05", Decimal("10.5000")),
        ("c1", today, Decimal("3.5000")),
    ]
    # The old figures come back.
    put(("c1", today, "1.25"), ("c2", today, "7"))
    shop.fetched()
    assert spend()[1:] == [("c1", today, Decimal("1.2500")), ("c2", today, Decimal("7.0000"))]


def test_lists_within_rows_become_rows(api: Api, tmp_path: Path) -> None:
    api.rows["/orders"] = [
        '{"id": 1, "customer": {"email": "a@b.example"}, "line_items": [{"id": 11, "n": 2}, {"id": 12, "n": 1}]}',
        '{"id": 2, "customer": null, "line_items": []}',
    ]
    shop = _shop(tmp_path / "shop", api, **(PAGES["cursor"] | {"each": "line_items"}))
    assert shop.fetch().failed == []
    found = cells(shop.inbox / "db/orders/all.parquet")
    assert [
        (row["parent.id"], row["id"], row["n"], row["parent.customer.email"]) for row in found
    ] == [
        ("1", "11", "2", "a@b.example"),
        ("1", "12", "1", "a@b.example"),
    ]


def test_one_resource_that_fails_leaves_the_others(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    good = shop.sources["db"]["resources"]["orders"]
    shop.sources["db"]["resources"] = {"bad": {**good, "data": "nowhere"}, "orders": good}
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    [source] = shop.fetch().sources
    assert "db.bad" in source.error and [part.name for part in source.parts] == ["orders"]
    shop.land()
    same_as_csv(tmp_path / "1", shop, ROWS)


def test_an_api_writes_nothing_outside_the_home(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api)
    user = tmp_path / "user"
    user.mkdir()
    (user / ".netrc").write_text("machine 127.0.0.1 login x password wrong\n")
    before = dict(os.environ)
    os.environ["HOME"] = str(user)
    try:
        done = shop.command("fetch", "--json")
        out, said = done.communicate()
    finally:
        os.environ.update(before)
    assert done.returncode == 0, said
    assert json.loads(out)["sources"][0]["parts"][0]["rows"] == 5
    assert [path.name for path in user.iterdir()] == [".netrc"]
    assert api.requests[-1][2]["Authorization"] == f"Bearer {SECRET}"
    assert shop.holding(SECRET) == [] and SECRET not in out + said


def test_a_query_token_stays_out_of_messages(api: Api, tmp_path: Path) -> None:
    auth = {"type": "query", "name": "key", "token": "env:SHOP360_TEST_TOKEN"}
    shop = _shop(tmp_path / "shop", api, auth=auth, **PAGES["offset"])
    shop.sources["db"]["attempts"] = 1
    _put(api, *ROWS)
    shop.fetched()
    assert api.requests[-1][1]["key"] == SECRET
    api.close()
    done = shop.command("fetch")
    said = "".join(done.communicate())
    assert done.returncode == 1 and "no answer" in said and SECRET not in said, said
    assert shop.holding(SECRET) == []


def test_the_asset_fails_its_check_and_not_the_run(api: Api, tmp_path: Path) -> None:
    _put(api, *ROWS)
    shop = _shop(tmp_path / "shop", api, **PAGES["offset"])
    shop.sources["db"]["attempts"] = 1
    shop.configure({"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]})
    [asset] = build_fetch(shop.settings)
    land = build_land(shop.settings, [asset.key])
    assert all(FETCHED in keys for key, keys in land.asset_deps.items() if key.path[0] == "erp")
    for is_away in (False, True):
        if is_away:
            api.close()
        done = dg.materialize([asset], raise_on_error=False)
        assert done.success
        [check] = done.get_asset_check_evaluations()
        assert (check.passed, check.severity) == (not is_away, dg.AssetCheckSeverity.WARN)
    assert "no answer" in str(check.metadata["db"].value)
    shop.sources.clear()
    shop.configure({"erp.orders": [mapping(ORDER, files="orders*")]})
    assert build_fetch(shop.settings) == []
