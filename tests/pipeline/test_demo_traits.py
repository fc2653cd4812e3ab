"""What is personal in the demo shop is in its exports as the truth says, and is gone without its cause."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from math import log
from pathlib import Path
from statistics import correlation, linear_regression, mean, stdev

import duckdb
import pytest
from demo_files import Placed, asked, placed_orders, sound_rows
from mbg_nbd import fit, log_likelihood
from shops import Shop

from orchestration.demo import calendar, catalogue, traits, world
from orchestration.demo.causes import Cause
from orchestration.demo.write import write_demo

_LAST = date(2026, 10, 31)
_DAYS = calendar.calendar(_LAST)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inbox and the truth of 4,000 customers."""
    folder = tmp_path_factory.mktemp("people")
    write_demo(folder / "inbox", folder / "truth", customers=4000, torn_file=False)
    return folder


@pytest.fixture(scope="module")
def orders(demo: Path) -> list[Placed]:
    """Every order of the exports with its person."""
    return list(placed_orders(demo).values())


def _traits(demo: Path, column: str, where: str = "true") -> dict[int, object]:
    return dict(asked(demo, f"select person_id, {column} from traits where {where}"))


def _share(hits: list[bool]) -> float:
    assert len(hits) > 50, len(hits)
    return sum(hits) / len(hits)


def _weeks() -> dict[date, float]:
    """The time of every day, in weeks, that passes as fast as people without a habit buy."""
    festive, dated = [bool(d.festival) for d in _DAYS], [(d.day, d.festival) for d in _DAYS]
    promoted = {day for code, day in catalogue.promotion_days(dated) if code != "VIP90"}
    weights = dict(
        traits.calendars([d.weight for d in _DAYS], festive, [d.day in promoted for d in _DAYS])
    )["plain"]
    unit = len(_DAYS) / 7 / sum(weights)
    ends = accumulate(weights)
    return {
        d.day: (end - weight / 2) * unit
        for d, weight, end in zip(_DAYS, weights, ends, strict=True)
    }


def test_purchase_rates_and_dropout_are_recovered(tmp_path: Path) -> None:
    # People of platforms whose purchases need neither advertising nor a promotion.
    with world.connect(360, tmp_path) as con:
        world.prepare(con, 20_000, _LAST, 3)
        for step in world.STEPS[: world.STEPS.index("1_purchases") + 1]:
            world.run(con, step)
        rows = con.execute(
            """select pid, slots.day from slots
            inner join people using (pid)
            inner join traits using (pid)
            where people.platform in ('jd', 'pdd') and second_platform is null
                and calendar = 'plain' and people.first_w >= 0"""
        ).fetchall()
    weeks, bought = _weeks(), defaultdict(list)
    for person, day in rows:
        bought[person].append(weeks[day])
    end = len(_DAYS) / 7
    buyers = [(len(at) - 1, max(at) - min(at), end - min(at)) for at in bought.values()]
    assert len(buyers) > 2000
    planted = (traits.RATE_SHAPE, traits.RATE_WEEKS, traits.DROPOUT_A, traits.DROPOUT_B)
    found = fit(buyers)
    # Twice the difference is chi-squared with four degrees of freedom: 18.5 once in a thousand.
    gap = 2 * (log_likelihood(*found, buyers) - log_likelihood(*planted, buyers))
    assert 0 <= gap < 18.5, (found, gap)
    # Neither equal rates nor equal dropouts explain the purchases.
    for other in ((100.0, 900.0, 0.8, 2.4), (1.2, 9.0, 80.0, 240.0)):
        assert log_likelihood(*found, buyers) > log_likelihood(*other, buyers) + 50


def test_festival_only_people_buy_on_festivals_alone(demo: Path, orders: list[Placed]) -> None:
    festive = {d.day for d in _DAYS if d.festival}
    people = _traits(demo, "festival_only")
    assert 0.06 < _share([bool(value) for value in people.values()]) < 0.1
    assert _share([o.at.date() in festive for o in orders if people[o.person]]) == 1
    assert 0.1 < _share([o.at.date() in festive for o in orders if not people[o.person]]) < 0.3


def test_daily_totals_keep_the_calendar_of_the_shop(orders: list[Placed]) -> None:
    # The calendars of the groups add up: half-months sell what their weight and the growth say.
    sold, weights = Counter(), Counter()
    for order in orders:
        sold[(order.at.month, order.at.day > 15, order.at.year)] += 1
    for d in _DAYS:
        weights[(d.day.month, d.day.day > 15, d.day.year)] += d.weight
    rates = {half: sold[half] / weights[half] for half in weights}
    for month in (6, 11):
        near = [rates[(m, half, 2025)] for m in (month - 1, month + 1) for half in (False, True)]
        for half in (False, True):
            assert 0.8 < rates[(month, half, 2025)] / mean(near) < 1.2, (month, half)


def test_price_levels_vary_and_show_in_what_people_buy(demo: Path, orders: list[Placed]) -> None:
    levels = _traits(demo, "price_level * value_ratio")
    planted = list(_traits(demo, "price_level").values())
    assert 0.3 < stdev(planted) / mean(planted) < 0.5
    prices = defaultdict(list)
    for order in orders:
        prices[order.person] += [price for _, _, price in order.lines]
    many = {person: mean(paid) for person, paid in prices.items() if len(paid) >= 12}
    assert len(many) > 200
    planted_logs = [log(levels[person]) for person in many]
    found_logs = [log(value) for value in many.values()]
    slope = linear_regression(planted_logs, found_logs).slope
    assert 0.8 < slope < 1.1 and correlation(planted_logs, found_logs) > 0.75


def test_deal_seekers_take_coupons_and_wait_for_days(demo: Path, orders: list[Placed]) -> None:
    seekers = _traits(demo, "deal_seeker")
    promoted = {day for _, day in catalogue.promotion_days([(d.day, d.festival) for d in _DAYS])}
    coupons, days = {}, {}
    for group in (True, False):
        own = [o for o in orders if seekers[o.person] == group and o.is_plain]
        offered = [o for o in own if o.promotion in ("C199", "", "-") and o.listed >= 199]
        offered = [o for o in offered if o.platform in ("own", "tmall", "jd")]
        coupons[group] = _share([o.promotion == "C199" for o in offered])
        days[group] = _share([o.at.date() in promoted for o in own])
    assert 0.45 < coupons[True] < 0.65 and 0.06 < coupons[False] < 0.15
    assert days[True] > days[False] + 0.15


def test_rounders_fill_baskets_up(demo: Path, orders: list[Placed]) -> None:
    rounders = _traits(demo, "rounder")
    filled = {}
    for group in (True, False):
        near = [
            o.listed >= 300
            for o in orders
            if rounders[o.person] == group and o.is_plain and 9 <= o.at.day <= 16
            and o.platform in ("own", "tmall", "jd") and 230 <= o.listed < 310
        ]  # fmt: skip
        filled[group] = _share(near)
    assert filled[True] > filled[False] + 0.3


def _refunds(demo: Path) -> Iterator[tuple[str, str]]:
    """(order, reason) of every refund request."""
    for prefix, order, reason in (
        ("erp/退款单_", "订单编号", "退款原因"),
        ("erp/京东售后_", "订单号", "原因"),
        ("erp/抖店售后_", "主订单编号", "售后原因"),
    ):
        yield from ((row[order], row[reason]) for row in sound_rows(demo, prefix))


def test_refunds_come_from_prone_people_and_main_reasons(demo: Path) -> None:
    owners = dict(asked(demo, "select record_id, person_id from people where record_type='order'"))
    groups, reasons = _traits(demo, "refund_proneness"), _traits(demo, "main_reason")
    requests = dict(_refunds(demo))
    asking = {
        group: _share(
            [order in requests for order, person in owners.items() if groups[person] == group]
        )
        for group in ("never", "some", "often")
    }
    assert asking["never"] == 0 and asking["often"] > 2 * asking["some"] > 0.1
    main = _share([reasons[owners[order]] == reason for order, reason in requests.items()])
    assert 0.65 < main < 0.85  # .7 and a sixth of the others


def test_people_buy_in_their_part_of_the_day(demo: Path, orders: list[Placed]) -> None:
    groups = _traits(demo, "hour_group")
    for group in set(groups.values()):
        own = [o for o in orders if groups[o.person] == group]
        assert 0.78 < _share([calendar.hour_group(o.at.hour) == group for o in own]) < 0.92, group
    evening = _share([calendar.hour_group(o.at.hour) == "evening" for o in orders])
    assert 0.3 < evening < 0.4


def test_people_prefer_a_category_and_a_content_mode(demo: Path, orders: list[Placed]) -> None:
    categories, modes = _traits(demo, "category"), _traits(demo, "content_mode")
    home = _traits(demo, "split_part(first_channel, '/', 1)")
    of = {row[1]: row[3] for row in catalogue.products()}
    lines = [(o.person, product) for o in orders for product, _, _ in o.lines]
    assert 0.6 < _share([of[product] == categories[person] for person, product in lines]) < 0.8
    for platform in ("tmall", "douyin", "jd"):
        own = [o for o in orders if o.platform == platform == home[o.person]]
        assert _share([o.mode == modes[o.person] for o in own]) > 0.8, platform
    live = _share([o.mode == "live" for o in orders if o.platform == "douyin"])
    assert 0.45 < live < 0.6


def test_several_platforms_are_used_by_those_who_do(demo: Path, orders: list[Placed]) -> None:
    multi, used = _traits(demo, "multi_platform"), defaultdict(list)
    for order in orders:
        used[order.person].append(order.platform)
    assert all(len(set(used[person])) == 1 for person in used if not multi[person])
    often = [len(set(found)) == 2 for person, found in used.items() if multi[person]
             and len(found) > 5]  # fmt: skip
    assert _share(often) > 0.85


_SESSIONS = """
    with steps as (
        select session_id as session, cookie_id as visitor, event, device_type as device
        from '{web}/*.parquet'
    ),

    owners as (
        select record_id as visitor, any_value(person_id) as person_id
        from '{truth}/people.parquet' where record_type = 'visitor'
        group by record_id having count(*) = 1
    )

    select session, person_id, any_value(device) as device,
        bool_or(event = 'add_to_cart') and not bool_or(event in ('order', 'begin_checkout'))
            as is_left, bool_or(event = 'order') as is_bought
    from steps inner join owners using (visitor) group by all"""


def test_devices_carts_and_visits_are_personal(demo: Path) -> None:
    select = _SESSIONS.format(web=demo / "inbox" / "web", truth=demo / "truth")
    with duckdb.connect() as con:
        con.execute(f"create table sessions as {select}")
        con.execute(f"create table traits as from '{demo / 'truth'}/traits.parquet'")
        sites = dict(
            con.execute(
                "select traits.device, avg((sessions.device = 'desktop')::int) from sessions"
                " inner join traits using (person_id) group by all"
            ).fetchall()
        )
        left = dict(
            con.execute(
                "select cart_abandoner, avg(is_left::int) from sessions"
                " inner join traits using (person_id) where not is_bought group by all"
            ).fetchall()
        )
        visits = dict(
            con.execute(
                "select visit_weight, count(session) / count(distinct person_id) from sessions"
                " inner join traits using (person_id) where not is_bought and"
                " traits.device <> 'mini_program' group by all"
            ).fetchall()
        )
    assert sites["desktop"] > 0.8 and sites["mobile"] < 0.12
    assert left[True] > 3 * left[False]
    # The journeys of orders add visits to both.
    assert 3.5 < visits[6] / visits[1] < 6


def test_first_channels_differ_by_the_planted_ratio(demo: Path, orders: list[Placed]) -> None:
    ratios, levels = _traits(demo, "value_ratio"), _traits(demo, "price_level")
    listed = defaultdict(list)
    for order in orders:
        if order.is_plain:
            listed[float(ratios[order.person])].append(order.listed / levels[order.person])
    base = mean(listed[1.0])
    assert 1.2 < mean(listed[1.3]) / base < 1.4
    assert 0.7 < mean(listed[0.8]) / base < 0.9


def test_the_value_of_channels_is_that_of_the_marts(demo_shop: Shop) -> None:
    truth = demo_shop.home / "private" / "truth"
    compared = demo_shop.ask_warehouse(
        f"""with errors as (
            select key as order_id, amount from '{truth}/defects.parquet' where kind = 'money_gap'
            union all
            select order_id, -amount from '{truth}/defects.parquet'
            inner join staging.stg_erp__refunds on refund_id = key
            where kind = 'refund_over_paid'),
        found as (
            select first_channel, count(distinct person_id) as customers,
                sum(net_amount - coalesce(amount, 0)) as net
            from '{truth}/traits.parquet' as traits
            inner join '{truth}/people.parquet' as people using (person_id)
            inner join marts.orders as orders
                on record_type = 'order' and orders.order_id = record_id
                    and orders.source_system = people.source_system
            left join errors on errors.order_id = orders.order_id
            where is_sale and first_on >= date '{_DAYS[0].day}'
            group by all)
        select ltv.customers - found.customers, ltv.net_amount - found.net
        from '{truth}/ltv.parquet' as ltv left join found using (first_channel)"""
    )
    assert len(compared) == 12 and set(compared) == {(0, 0)}


def test_consents_are_the_last_decisions_of_the_file(demo: Path) -> None:
    words = {"联系": "contact", "服务": "service", "广告": "advertising", "": None}
    words |= {"手机号": "phone", "邮箱": "email", "腾讯广告": "tencent", "巨量千川": "qianchuan"}
    channels = {"短信": "sms", "微信": "wechat", "APP推送": "app_push", "广告平台": "ads"}
    last: dict[tuple, tuple] = {}
    for row in sound_rows(demo, "crm/授权记录"):
        key = (
            row["客户编号"], words[row["授权目的"]], channels[row["触达渠道"]],
            words[row["标识类型"]], words[row["接收方"]],
        )  # fmt: skip
        decision = (row["操作时间"], row["授权"] != "同意")
        last[key] = max(decision, last.get(key, decision))
    truth = {
        row[:5]: (str(row[5]), not row[6])
        for row in asked(
            demo,
            "select record_id, purpose, channel, id_type, recipient, decided_at, is_granted"
            " from consents",
        )
    }
    assert last == truth


def test_every_case_of_consent_occurs_and_is_what_it_says(demo: Path) -> None:
    cases = asked(
        demo,
        """select consent_case, count(distinct person_id), min(is_granted), max(is_granted),
            bool_and(is_granted = (id_type = 'phone')), count(distinct record_id)
        from (select * from consents where purpose = 'advertising') group by all order by all""",
    )
    found = {case: rest for case, *rest in cases}
    assert found.keys() == {
        "granted", "one_recipient", "refused", "split_identifiers", "split_records", "withdrawn",
    }  # fmt: skip
    assert min(people for people, *_ in found.values()) >= 10, found
    assert found["granted"][1] and not found["refused"][2]
    assert found["split_identifiers"][3]
    one = asked(
        demo,
        """select count(*) filter (granted = 0 or refused = 0) from (
            select person_id, count(*) filter (is_granted) as granted,
                count(*) filter (not is_granted) as refused
            from consents where consent_case = 'split_records' group by all)""",
    )
    assert one == [(0,)]
    # What is agreed to is an identifier of the record itself.
    phones = {row["客户编号"]: row["手机号"] for row in sound_rows(demo, "crm/客户资料")}
    named = [row for row in sound_rows(demo, "crm/授权记录") if row["标识类型"] == "手机号"]
    plain = [row for row in named if phones.get(row["客户编号"], "").isdigit()]
    assert len(plain) > 500
    assert all(row["标识值"] == phones[row["客户编号"]] for row in plain)


def _world(folder: Path, without: tuple[Cause, ...] = ()) -> duckdb.DuckDBPyConnection:
    """The orders, lines and refunds of 500 customers in a true world."""
    con = world.connect(360, folder)
    world.prepare(con, 500, _LAST, 3, without)
    for step in world.STEPS[: world.STEPS.index("4_refunds") + 1]:
        world.run(con, step)
    return con


_TABLES = {
    "orders": "* exclude (paid_amount, due_amount)",
    "lines": "lines.*, pid",
    "refunds": "refunds.* exclude (refund_no), pid",
}


def _rows(con: duckdb.DuckDBPyConnection, name: str, where: str, columns: str = "") -> list[tuple]:
    joined = (
        "" if name == "orders" else "inner join (select order_no, pid from orders) using (order_no)"
    )
    chosen = columns or _TABLES[name]
    return con.execute(
        f"select {chosen} from {name} {joined} where {where} order by all"
    ).fetchall()


# The people that a cause moves, with all causes on.
_MOVED = {
    Cause.CHANNEL_VALUE: "value_ratio <> 1",
    Cause.DEALS: "is_deal_seeker or is_rounder",
    Cause.FESTIVAL_ONLY: "is_festival_only",
    Cause.PRICE_LEVEL: "price_level <> 1",
    Cause.REFUNDS: "refund_factor <> 1",
}


@pytest.mark.parametrize("cause", list(_MOVED))
def test_only_what_a_cause_can_move_differs_without_it(tmp_path: Path, cause: Cause) -> None:
    with _world(tmp_path / "on") as usual, _world(tmp_path / "off", (cause,)) as other:
        people = usual.execute(f"select pid from traits where {_MOVED[cause]}").fetchall()
        moved = ", ".join(str(pid) for (pid,) in people)
        for name in _TABLES:
            kept = _rows(usual, name, f"pid not in ({moved})")
            assert kept == _rows(other, name, f"pid not in ({moved})"), name
        changed = "refunds" if cause is Cause.REFUNDS else "orders"
        touched = f"pid in ({moved})"
        assert _rows(usual, changed, touched) != _rows(other, changed, touched)
        if cause is Cause.REFUNDS:
            assert _rows(usual, "lines", touched) == _rows(other, "lines", touched)
        if cause in (Cause.CHANNEL_VALUE, Cause.PRICE_LEVEL):
            times = "order_no, ordered_at, order_type, sales_channel"
            assert _rows(usual, "orders", touched, times) == _rows(other, "orders", touched, times)


def test_a_cause_is_switched_off_by_its_name(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    done = shop.cli("demo", "--customers", 1000, "--without", "refunds", "--without", "deals")
    assert done.returncode == 0, done.stderr
    truth = shop.home / "private" / "truth"
    assert "switched off: refunds, deals\n" in (truth / "README.txt").read_text(encoding="utf-8")
    with duckdb.connect() as con:
        found = con.execute(
            "select distinct refund_proneness, main_reason, deal_seeker, rounder"
            f" from '{truth}/traits.parquet'"
        ).fetchall()
    assert found == [("alike", None, False, False)]
    unknown = shop.cli("demo", "--without", "weather")
    assert unknown.returncode == 2 and "price_level" in unknown.stderr
