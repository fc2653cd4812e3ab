"""Exports of random shops: four layouts, each with its clock, its way to write money and its missing columns."""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from random_world import KINDS, RATES, Line, Order, RandomShop, Refund

_CLOCKS: dict[str, Callable[[datetime], str]] = {
    "full": lambda at: at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S"),
    "bare": lambda at: at.astimezone(
        timezone(timedelta(hours=2 if at.day % 2 else -5))
    ).isoformat(),
    "stating": lambda at: at.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%d %H:%M:%S"),
    "heads": lambda at: at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S"),
}

_ORDER_COLUMNS = [
    "order_id", "shop_id", "platform", "sales_channel", "customer_id", "status", "order_type", "ordered_at",
    "paid_at", "updated_at", "shipping_amount", "tax_amount", "fee_amount",
]  # fmt: skip
_MONEY_COLUMNS = {
    "full": ["currency", "merchant_discount_amount", "platform_discount_amount", "paid_amount", "outstanding_amount"],
    "bare": ["currency"],
    "stating": ["currency", "merchant_discount_amount", "platform_discount_amount", "paid_amount",
                "outstanding_amount", "refunded_amount", "refunded_at"],
    "heads": ["paid_amount"],
}  # fmt: skip
_LINE_COLUMNS = [
    "order_id", "shop_id", "line_id", "product_id", "product_name", "quantity", "unit_price",
    "merchant_discount_amount", "platform_discount_amount", "unit_cost", "is_gift",
]  # fmt: skip
_LINE_MONEY = {
    "full": ["line_kind", "paid_amount"],
    "bare": [],
    "stating": ["line_kind", "paid_amount"],
}
_REFUND_COLUMNS = [
    "refund_id", "shop_id", "order_id", "line_id", "product_id", "platform", "quantity", "refunded_amount",
    "status", "refund_type", "refunded_at", "requested_at",
]  # fmt: skip
_SPEND_COLUMNS = [
    "shop_id", "report_level", "account_id", "campaign_id", "ad_id", "spend_on", "ad_platform", "currency",
    "impressions", "clicks", "spend_amount", "claimed_amount",
]  # fmt: skip

_HEADS_MONEY = {
    name: f"{name} (USD)" for name in ("paid_amount", "shipping_amount", "tax_amount", "fee_amount")
}


def _order(order: Order) -> dict[str, object]:
    clock = _CLOCKS[order.shop.layout]
    row: dict[str, object] = {name: getattr(order, name, None) for name in _ORDER_COLUMNS}
    row |= {
        "shop_id": order.shop.shop_id, "shipping_amount": order.shipping, "tax_amount": order.tax,
        "fee_amount": order.fee, "merchant_discount_amount": order.merchant,
        "platform_discount_amount": order.platform_off, "paid_amount": order.paid, "currency": order.currency,
        "outstanding_amount": order.outstanding,
        "refunded_amount": order.refunded or 0, "refunded_at": order.refunded_at,
    }  # fmt: skip
    return {
        name: clock(value) if isinstance(value, datetime) else value for name, value in row.items()
    }


def _line(shop: RandomShop, order_id: str, line: Line) -> dict[str, object]:
    return {
        "order_id": order_id, "shop_id": shop.shop_id, "line_id": line.line_id, "product_id": line.product_id,
        "product_name": KINDS[line.kind], "quantity": line.quantity, "unit_price": line.unit_price,
        "merchant_discount_amount": line.merchant, "platform_discount_amount": line.platform,
        "unit_cost": line.unit_cost, "is_gift": "true" if line.is_gift else "false", "line_kind": line.kind,
        "paid_amount": line.paid,
    }  # fmt: skip


def _refund(refund: Refund) -> dict[str, object]:
    clock = _CLOCKS[refund.shop.layout]
    row = {name: getattr(refund, name, None) for name in _REFUND_COLUMNS}
    amount: object = refund.amount
    if refund.currency:
        amount = f"{refund.amount} {refund.currency}"
    row |= {"shop_id": refund.shop.shop_id, "refunded_amount": amount}
    return {
        name: clock(value) if isinstance(value, datetime) else value for name, value in row.items()
    }


def _heads(row: dict[str, object]) -> dict[str, object]:
    return {_HEADS_MONEY.get(name, name): value for name, value in row.items()}


def _negative(refund: Refund) -> dict[str, object]:
    """A refund as a negative row of the orders."""
    row = _refund(refund)
    return _heads(
        row
        | {
            "paid_amount": -refund.amount,
            "number": refund.refund_id,
            "ordered_at": row["refunded_at"],
        }
    )


def _write(path: Path, columns: Iterable[str], rows: Iterable[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(rows)


def write(folder: Path, shops: list[RandomShop], *, without: tuple[str, ...] = ()) -> None:
    """Write shop.yml, the rates beside it and the inbox; `without` names feeds, or columns as feed.column."""
    inbox = folder / "inbox"
    for layout in ("full", "bare", "stating"):
        mine = [shop for shop in shops if shop.layout == layout]
        _orders(inbox / layout, layout, mine, without)
    _heads_file(inbox / "heads", [shop for shop in shops if shop.layout == "heads"])
    if "ads.daily_spend" not in without:
        spent = [row for shop in shops for row in shop.spend]
        _write(inbox / "ads" / "spend.csv", _SPEND_COLUMNS, (
            vars(row) | {"shop_id": row.shop.shop_id, "report_level": row.level, "spend_on": row.day,
                         "spend_amount": row.amount, "claimed_amount": row.claimed}
            for row in spent
        ))  # fmt: skip
    rates = (
        {"from_currency": a, "to_currency": "CNY", "valid_from": b, "rate": c} for a, b, c in RATES
    )
    _write(folder / "rates.csv", ["from_currency", "to_currency", "valid_from", "rate"], rates)
    (folder / "shop.yml").write_text(_config(without), encoding="utf-8")


def _orders(inbox: Path, layout: str, shops: list[RandomShop], without: tuple[str, ...]) -> None:
    columns = [
        name
        for name in _ORDER_COLUMNS + _MONEY_COLUMNS[layout]
        if f"erp.orders.{name}" not in without
    ]
    earlier = {order.order_id: order for shop in shops for order in shop.earlier}
    orders = [order for shop in shops for order in shop.orders]
    # An edited order stands in both exports, the others in one of them.
    first = [
        earlier.get(order.order_id, order)
        for n, order in enumerate(orders)
        if n % 2 or order.order_id in earlier
    ]
    second = [order for n, order in enumerate(orders) if n % 2 == 0 or order.order_id in earlier]
    kept = _line_columns(layout, without)
    for number, part in enumerate((first, second), start=1):
        _write(inbox / f"orders_{number}.csv", columns, map(_order, part))
        if "erp.order_lines" in without:
            continue
        lines = [_line(order.shop, order.order_id, line) for order in part for line in order.lines]
        if number == 2:
            lines += [
                _line(shop, order_id, line) for shop in shops for order_id, line in shop.orphans
            ]
        _write(inbox / f"lines_{number}.csv", kept, lines)
    if layout != "stating" and "erp.refunds" not in without:
        _write(
            inbox / "refunds.csv",
            _REFUND_COLUMNS,
            (_refund(r) for shop in shops for r in shop.refunds),
        )
    _write(inbox / "products.csv", ["shop_id", "product_id", "product_name", "category", "list_price", "unit_cost", "currency"], (
        {"shop_id": shop.shop_id, "product_id": name, "category": category, "list_price": price,
         "unit_cost": None if "unit_cost" in without else cost, "currency": shop.currency}
        for shop in shops for name, (category, price, cost) in shop.products.items()
    ))  # fmt: skip


def _line_columns(layout: str, without: tuple[str, ...]) -> list[str]:
    return [name for name in _LINE_COLUMNS + _LINE_MONEY[layout] if name not in without]


def _heads_file(inbox: Path, shops: list[RandomShop]) -> None:
    columns = ["number", *_heads(dict.fromkeys(_ORDER_COLUMNS + _MONEY_COLUMNS["heads"])), "line_id", "product_id",
               "quantity", "refund_type"]  # fmt: skip
    for number, which in enumerate(("earlier", "orders"), start=1):
        rows = [
            _heads(_order(order)) | {"number": order.order_id}
            for shop in shops
            for order in getattr(shop, which)
        ]
        if which == "orders":
            rows += [_negative(refund) for shop in shops for refund in shop.refunds]
        _write(inbox / f"orders_{number}.csv", columns, rows)


def _columns(names: Iterable[str], skip: tuple[str, ...] = ()) -> str:
    return "{" + ", ".join(f"{name}: {name}" for name in names if name not in skip) + "}"


def _config(without: tuple[str, ...]) -> str:
    zones = {"stating": ", timezone: America/New_York"}
    feeds: dict[str, list[str]] = {
        "erp.orders": [],
        "erp.order_lines": [],
        "erp.refunds": [],
        "erp.products": [],
    }
    for layout in ("full", "bare", "stating"):
        head = f"source_system: erp_{layout}{zones.get(layout, '')}"
        orders = [
            n for n in _ORDER_COLUMNS + _MONEY_COLUMNS[layout] if f"erp.orders.{n}" not in without
        ]
        lines = _line_columns(layout, without)
        feeds["erp.orders"].append(
            f"{{files: '{layout}/orders_*.csv', {head}, columns: {_columns(orders)}}}"
        )
        feeds["erp.order_lines"].append(
            f"{{files: '{layout}/lines_*.csv', {head}, columns: {_columns(lines)}}}"
        )
        if layout != "stating":
            feeds["erp.refunds"].append(
                f"{{files: {layout}/refunds.csv, {head}, columns: {_columns(_REFUND_COLUMNS)}}}"
            )
        products = [
            "shop_id",
            "product_id",
            "product_name",
            "category",
            "list_price",
            "unit_cost",
            "currency",
        ]
        feeds["erp.products"].append(
            f"{{files: {layout}/products.csv, {head}, columns: {_columns(products)}}}"
        )
    _config_heads(feeds)
    feeds["ads.daily_spend"] = [
        f"{{files: ads/spend.csv, source_system: ads, columns: {_columns(_SPEND_COLUMNS)}}}"
    ]
    text = "shop: {id: many, name: {en: Many, zh: 众}, timezone: Asia/Shanghai, currency: CNY}\n"
    text += "lists: {fx_rates: rates.csv}\nfeeds:\n"
    for feed, mappings in feeds.items():
        if feed not in without:
            text += f"  {feed}:\n" + "".join(f"    - {mapping}\n" for mapping in mappings)
    return text


def _config_heads(feeds: dict[str, list[str]]) -> None:
    money = {name: f"'{header}'" for name, header in _HEADS_MONEY.items()}
    columns = {name: money.get(name, name) for name in _ORDER_COLUMNS + _MONEY_COLUMNS["heads"]}
    columns["order_id"] = "number"
    listed = ", ".join(f"{name}: {header}" for name, header in columns.items())
    where = "where: {'paid_amount (USD)': '%s'}"
    head = "{files: 'heads/orders_*.csv', source_system: erp_heads, "
    feeds["erp.orders"].append(f"{head}{where % '>= 0'}, columns: {{{listed}}}}}")
    refunds = ", ".join(f"{name}: {name}" for name in _REFUND_COLUMNS[1:] if name not in (
        "refunded_amount", "refunded_at", "requested_at", "line_id", "product_id", "quantity"))  # fmt: skip
    amount = "refunded_amount: {from: 'paid_amount (USD)', factor: -1}"
    feeds["erp.refunds"].append(
        f"{head}{where % '< 0'}, columns: {{refund_id: number, {amount}, refunded_at: ordered_at, {refunds}}}}}"
    )
