"""The demo shop: its files are what the truth beside them says, defects included."""

import csv
import hashlib
import shutil
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from demo_files import Row, asked, money, sound_rows, text
from shops import REPO, Shop

from orchestration.config.shop_config import load_shop_config
from orchestration.demo.verdict import judge, render
from orchestration.demo.write import write_demo
from orchestration.landing.read import inbox as landing_inbox


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inbox and the truth of 2,000 customers."""
    folder = tmp_path_factory.mktemp("written")
    write_demo(folder / "inbox", folder / "truth", customers=2000)
    return folder


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_arguments_same_bytes_another_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write_demo(tmp_path / name / "inbox", tmp_path / name / "truth", customers=400, seed=seed)
    one, again, other = (_hashes(tmp_path / name) for name in ("one", "again", "other"))
    assert one == again
    assert one.keys() == other.keys()
    same = {name for name in one if one[name] == other[name]}
    # What the shop sells and promotes does not depend on chance, nor does an empty file.
    assert same <= {
        "inbox/erp/促销活动.xlsx", "inbox/erp/活动档期.csv", "inbox/erp/门店与仓库.csv", "inbox/ads/推广计划.csv", "inbox/crm/客服工单_空.csv", "truth/README.txt",
    }  # fmt: skip


def test_another_end_moves_the_whole_period(tmp_path: Path) -> None:
    report = write_demo(
        tmp_path / "inbox",
        tmp_path / "truth",
        customers=200,
        end_on=date(2027, 3, 15),
        torn_file=False,
    )
    assert (report.first, report.last) == (date(2025, 10, 1), date(2027, 3, 15))
    assert "torn_file" not in report.defects
    months = asked(tmp_path, "select min(month), max(month) from money")
    assert months == [(date(2025, 10, 1), date(2027, 3, 1))]


def test_the_files_hold_the_true_money_to_the_cent(demo: Path) -> None:
    goods: dict[str, Decimal] = defaultdict(Decimal)
    sold = {
        row["订单编号"]
        for row in sound_rows(demo, "erp/订单_")
        if row["订单类型"] in ("普通订单", "预售订单") and not row["付款时间"].startswith("0000")
    }
    sold |= {
        row["订单编号"]
        for row in _edited(demo, "erp/订单_", ("money_gap", "virtual_phone", "late_row"))
    }
    for row in sound_rows(demo, "erp/订单明细_"):
        if row["订单编号"] in sold:
            goods[row["店铺名称"]] += money(row["分摊后金额"])
    for row in sound_rows(demo, "erp/抖店订单_"):
        if row["订单类型"] == "普通订单" and row["支付完成时间"] != "-":
            goods["山茶抖音旗舰店"] += money(row["订单应付金额"])
    for row in sound_rows(demo, "erp/京东订单_"):
        if row["订单类型"] == "普通" and row["付款确认时间"]:
            goods["山茶京东旗舰店"] += int(row["订购数量"]) * money(row["京东价"])
            goods["山茶京东旗舰店"] -= money(row["商品店铺优惠"]) + money(row["商品平台优惠"])
    true = asked(demo, "select sum(goods_amount) from money group by shop_id")
    assert sorted(goods.values()) == sorted(amount for (amount,) in true)


def _edited(demo: Path, prefix: str, kinds: tuple[str, ...]) -> list[Row]:
    """The rows that carry a defect of some kinds."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    rows = []
    for name, number in asked(
        demo,
        f"select file_name, row_number from defects where kind in ({listed})"
        f" and starts_with(file_name, '{prefix}')",
    ):
        lines = text(demo / "inbox", name)
        head, cells = csv.reader([lines[0], lines[number - 1]])
        rows.append(dict(zip(head, cells, strict=True)))
    return rows


def test_what_an_order_paid_is_the_sum_of_its_lines_and_postage(demo: Path) -> None:
    lines: dict[str, Decimal] = defaultdict(Decimal)
    for row in sound_rows(demo, "erp/订单明细_"):
        lines[row["订单编号"]] += money(row["分摊后金额"])
    checked = 0
    for row in sound_rows(demo, "erp/订单_"):
        list_amount, paid = money(row["商品总额"]), money(row["实付金额"])
        discounts = money(row["商家优惠"]) + money(row["平台优惠"])
        assert lines[row["订单编号"]] == list_amount - discounts, row["订单编号"]
        if not row["付款时间"].startswith("0000"):
            assert paid == lines[row["订单编号"]] + money(row["运费"]), row["订单编号"]
            checked += 1
    assert checked > 2000
    for row in _edited(demo, "erp/订单_", ("money_gap",)):
        due = lines[row["订单编号"]] + money(row["运费"])
        assert money(row["实付金额"]) == due + 5


def test_sound_refunds_stay_within_what_was_paid(demo: Path) -> None:
    paid = {row["订单编号"]: money(row["实付金额"]) for row in sound_rows(demo, "erp/订单_")}
    known = {
        key for (key,) in asked(demo, "select record_id from people where record_type = 'order'")
    }
    refunded: dict[str, Decimal] = defaultdict(Decimal)
    for row in sound_rows(demo, "erp/退款单_"):
        assert row["订单编号"] in known
        if row["退款状态"] == "退款成功":
            refunded[row["订单编号"]] += money(row["退款金额"])
    assert refunded
    assert all(amount <= paid[order] for order, amount in refunded.items() if order in paid)
    for prefix, column in (
        ("erp/订单明细_", "订单编号"),
        ("erp/京东", "订单号"),
        ("erp/抖店", "主订单编号"),
    ):
        rows = sound_rows(demo, prefix)
        assert rows and all(row[column] in known for row in rows), prefix
    members = {row["客户编号"] for row in sound_rows(demo, "crm/客户资料")}
    assert {row["客户编号"] for row in sound_rows(demo, "crm/客服工单")} <= members
    assert {row["customer_id"] for row in sound_rows(demo, "crm/identifiers")} <= members


def test_events_tell_the_same_orders_as_the_erp(demo: Path) -> None:
    own = {
        row["订单编号"]: row["付款时间"]
        for row in sound_rows(demo, "erp/订单_")
        if row["平台"] == "小程序" and row["订单类型"] in ("普通订单", "预售订单")
    }
    web = demo / "inbox" / "web"
    with duckdb.connect() as con:
        seen = con.execute(
            f"""select order_id, event, visitor from (
                select order_id, event, cookie_id as visitor from '{web}/*.parquet' union all
                select order_id, action, openid from read_json('{web}/*.jsonl'))
            where order_id is not null"""
        ).fetchall()
    visitors = {
        key for (key,) in asked(demo, "select record_id from people where record_type = 'visitor'")
    }
    placed = Counter(order for order, event, _ in seen if event == "order")
    paid = {order for order, event, _ in seen if event == "pay"}
    # A fifth of the orders have no visit: their trackers were blocked.
    assert 0.75 < len(set(own) & set(placed)) / len(own) < 0.85
    assert set(placed.values()) == {1}
    tracked = {order for order in placed if order in own}
    assert {order for order in tracked if not own[order].startswith("0000")} <= paid
    assert {visitor for _, _, visitor in seen} <= visitors


def test_the_year_of_a_chinese_shop_is_visible(demo: Path) -> None:
    days = Counter(
        row["下单时间"][:10]
        for row in sound_rows(demo, "erp/订单_")
        if row["订单类型"] == "普通订单"
    )

    def mean(*spans: tuple[date, date]) -> float:
        found = [day for a, b in spans for day in range(a.toordinal(), b.toordinal() + 1)]
        return sum(days[date.fromordinal(day).isoformat()] for day in found) / len(found)

    plain = mean((date(2026, 4, 1), date(2026, 5, 20)))
    assert mean((date(2025, 11, 10), date(2025, 11, 11))) > 2 * plain
    assert mean((date(2026, 6, 16), date(2026, 6, 18))) > 2 * plain
    assert mean((date(2026, 2, 15), date(2026, 2, 23))) < 0.6 * plain
    assert mean((date(2025, 5, 1), date(2025, 5, 31))) < plain


def test_baskets_cluster_just_above_the_threshold_of_a_promotion(demo: Path) -> None:
    baskets = [
        money(row["商品总额"])
        for row in sound_rows(demo, "erp/订单_")
        if 9 <= int(row["下单时间"][8:10]) <= 16 and row["平台"] != "拼多多"
    ]
    above = sum(300 <= basket < 330 for basket in baskets)
    below = sum(270 <= basket < 300 for basket in baskets)
    assert above > 2 * below > 0


def test_customers_come_back_like_customers_do(demo: Path) -> None:
    counts = asked(
        demo,
        """select count(*) filter (n >= 2) / count(*), max(n) from (
            select count(*) as n from people where record_type = 'order' group by person_id)""",
    )
    (repeat_rate, most) = counts[0]
    assert 0.35 < repeat_rate < 0.65
    assert most > 10


def test_every_defect_stands_where_the_truth_says(demo: Path) -> None:
    wanted = {
        "bad_date": "2026-02-30", "zero_date": "0000-00-00 00:00:00", "wrong_money": "12,3a.5",
        "negative_quantity": ",-2,", "negative_spend": "-3.00", "scientific_id": "E+1",
        "unknown_word": ("薛定谔", "也许退了"), "total_row": "合计", "orphan_line": "JZ",
        "refund_unknown_order": "JZ", "out_of_range": ",9", "missing_id": ("", ",,"),
    }  # fmt: skip
    checked = Counter()
    for kind, name, number in asked(
        demo,
        "select kind, file_name, row_number from defects"
        " where row_number is not null and file_name like '%.csv%'",
    ):
        lines = text(demo / "inbox", name)
        line, header = lines[number - 1], next(csv.reader([lines[0]]))
        parts = wanted.get(kind, "")
        parts = parts if isinstance(parts, tuple) else (parts,)
        assert any(part in line for part in parts), (kind, name, number, line)
        cells = next(csv.reader([line]))
        assert len(cells) == len(header) - (kind == "ragged_row"), (kind, name, number)
        if kind == "exact_duplicate":
            assert line == lines[number - 2]
        if kind == "conflicting_duplicate":
            assert line != lines[number] and cells[0] == next(csv.reader([lines[number]]))[0]
        if kind == "late_row":
            assert cells[header.index("下单时间")][:7] < name[-11:-4]
        checked[kind] += 1
    assert len(checked) >= 18 and min(checked.values()) >= 3, checked


def test_every_kind_is_injected_and_grows_slowly(demo: Path) -> None:
    counts = dict(asked(demo, "select kind, count(*) from defects group by kind"))
    assert len(counts) >= 25 and min(counts.values()) >= 3, counts
    smallest = asked(demo, "select min(length(key) - length(replace(key, ' ', ''))) + 1"
                            " from defects where kind = 'hub_phone'")  # fmt: skip
    assert smallest == [(32,)]


def test_shop_yml_takes_every_file_and_every_mapping_finds_one(demo: Path) -> None:
    config = load_shop_config(REPO / "shop.yml")
    deliveries = landing_inbox.scan(demo / "inbox").deliveries
    taken = {
        mapping.place: [d.name for d in deliveries if landing_inbox.wants(mapping, d)]
        for mapping in config.mappings
    }
    assert [place for place, names in taken.items() if not names] == []
    assert {d.name for d in deliveries} - {
        name for names in taken.values() for name in names
    } == set()


def test_every_injected_defect_is_caught_by_its_check(demo_shop: Shop) -> None:
    verdicts = judge(
        demo_shop.home / "private" / "warehouse.duckdb", demo_shop.home / "private" / "truth"
    )
    assert len(verdicts) > 40
    assert [verdict for verdict in verdicts if verdict.missed] == []
    assert render(verdicts).row_count == len(verdicts)


def test_the_verdict_sees_what_nobody_caught(demo_shop: Shop, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(demo_shop.home / "private" / "warehouse.duckdb", warehouse)
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from meta.quarantine where reason_code = 'ragged_row'")
        con.execute("update meta.files set status = 'landed'")
        con.execute("update intermediate.int_identity__customer_map set customer_id = 'c1'")
        con.execute("delete from history.erp_orders")
        con.execute("update marts.daily_marketing set spend_amount = 2 * spend_amount")
    missed = {v.kind for v in judge(warehouse, demo_shop.home / "private" / "truth") if v.missed}
    assert missed >= {
        "ragged_row", "torn_file", "hub_phone", "household_phone", "masked_phone", "virtual_phone",
        "reexported_row", "conflicting_duplicate", "duplicate_spend",
    }  # fmt: skip


def test_no_sound_row_is_quarantined(demo_shop: Shop) -> None:
    sound = demo_shop.ask_warehouse(
        f"""select feed, file_name, row_number, reason from meta.quarantine as q
        where not exists (
            select 1 from '{demo_shop.home}/private/truth/defects.parquet' as d
            where d.file_name = q.file_name and d.row_number = q.row_number)"""
    )
    assert sound == []


def test_marts_hold_the_true_money_plus_the_injected_errors(demo_shop: Shop) -> None:
    truth = demo_shop.home / "private" / "truth"
    compared = demo_shop.ask_warehouse(
        f"""with wrong as (
            select coalesce(sum(amount) filter (kind = 'money_gap'), 0) as paid,
                coalesce(sum(amount) filter (kind = 'refund_over_paid'), 0) as refunded
            from '{truth}/defects.parquet'),
        true_money as (
            select sum(orders) as orders, sum(list_amount) as listed,
                sum(merchant_discount_amount) as merchant, sum(platform_discount_amount) as platform,
                sum(paid_amount) as paid, sum(refunded_of_orders_amount) as refunded,
                sum(fee_amount) as fees, sum(cost_amount) as cost, sum(net_amount) as net
            from '{truth}/money.parquet'),
        found as (
            select count(*) as orders, sum(list_amount) as listed,
                sum(merchant_discount_amount) as merchant, sum(platform_discount_amount) as platform,
                sum(paid_amount) as paid, sum(refunded_amount) as refunded, sum(fee_amount) as fees,
                sum(net_amount) as net
            from marts.orders where is_sale)
        select f.orders - t.orders, f.listed - t.listed, f.merchant - t.merchant,
            f.platform - t.platform, f.paid - t.paid - w.paid, f.refunded - t.refunded - w.refunded,
            f.fees - t.fees, f.net - t.net - w.paid + w.refunded
        from found as f, true_money as t, wrong as w"""
    )
    assert compared == [(0,) * 8]
