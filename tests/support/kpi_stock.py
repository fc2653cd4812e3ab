"""KPIs of stock, from counts, lines and the catalogue: a count holds for seven days, then nothing is known."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace as Row

from kpi_atoms import DAY, Answer, Atoms, Kpi, Slice, total

CARRIED, RECENT, UNSOLD, SLOW_COVER = 7, 28, 90, 180


def _sold(atoms: Atoms) -> dict[str, dict[date, Decimal]]:
    sold: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in atoms.all_lines:
        if line.is_sale and line.line_kind == "goods" and line.product_id:
            sold[line.product_id][line.paid_on] += line.quantity
    return sold


def _last_counts(counts: list[Row], day: date) -> list[Row | None]:
    """The count of each place that holds on a day; None where it is too old."""
    latest: dict[str, Row] = {}
    for count in counts:
        if count.counted_on <= day and (
            count.place_id not in latest or latest[count.place_id].counted_on < count.counted_on
        ):
            latest[count.place_id] = count
    return [c if (day - c.counted_on).days <= CARRIED else None for c in latest.values()]


def _of_product(product: Row, counts: list[Row], sold: dict[date, Decimal], last: date) -> dict:
    """Rows of a product by day."""
    rows, day = {}, min(count.counted_on for count in counts)
    while day <= last:
        held = _last_counts([c for c in counts if abs((day - c.counted_on).days) < 60], day)
        known = None not in held
        recent = sum((sold.get(day - DAY * n, Decimal(0)) for n in range(RECENT)), Decimal(0))
        of_90 = sum((sold.get(day - DAY * n, Decimal(0)) for n in range(UNSOLD)), Decimal(0))
        per_day = recent / RECENT or of_90 / UNSOLD
        on_hand = total(c.on_hand_quantity for c in held if c) if known else None
        free = total(c.available_quantity for c in held if c) if known else None
        new = product.launched_on and product.launched_on > day - timedelta(UNSOLD)
        rows[day] = Row(
            category=product.category or "unknown",
            on_sale=product.is_active is not False,
            on_hand=on_hand,
            free=free,
            recent=recent,
            daily=(recent / RECENT).quantize(Decimal("0.0001"), ROUND_HALF_UP),
            value=None if on_hand is None else on_hand * product.unit_cost,
            slow=known and free > 0 and not new and free > SLOW_COVER * per_day,
        )
        day += DAY
    return rows


def stock_rows(atoms: Atoms) -> dict[date, list[Row]]:
    """Stock of every product by day; computed once."""
    if not atoms.stock_days:
        products = {product.product_id: product for product in atoms.products}
        sold, counts = _sold(atoms), defaultdict(list)
        for count in atoms.counts:
            counts[count.product_id].append(count)
        for code, of_product in counts.items():
            found = _of_product(products[code], of_product, sold[code], atoms.last_day)
            for day, row in found.items():
                atoms.stock_days[day].append(row)
    return atoms.stock_days


def _rows(atoms: Atoms, piece: Slice, days: list[date]) -> list[Row]:
    by_day = stock_rows(atoms)
    return [
        row
        for day in days
        for row in by_day.get(day, ())
        if piece.dimension == "all" or row.category == piece.value
    ]


def _ratio(above: Callable[[Row], object], below: Callable[[Row], object], **kept: str) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        rows = _rows(atoms, piece, [d for d in piece.days() if d <= atoms.last_day])
        rows = [row for row in rows if row.free is not None]
        if kept:
            rows = [row for row in rows if row.on_sale]
        return total(above(row) for row in rows), total(below(row) for row in rows)

    return answer


def _at_the_end(atoms: Atoms, piece: Slice, slow: bool) -> Decimal:
    rows = _rows(atoms, piece, [min(piece.end, atoms.last_day)])
    return total(row.value for row in rows if row.slow or not slow)


KPIS: dict[str, Kpi] = {
    "stock_cover_days": _ratio(lambda row: max(row.free, 0), lambda row: row.daily),
    "sell_through_rate": _ratio(lambda row: row.recent, lambda row: row.recent + row.on_hand),
    "out_of_stock_rate": _ratio(lambda row: row.free <= 0, lambda row: 1, only="on_sale"),
    "stock_value": lambda a, s: (_at_the_end(a, s, slow=False), None),
    "slow_stock_rate": lambda a, s: (
        _at_the_end(a, s, slow=True),
        _at_the_end(a, s, slow=False),
    ),
}
