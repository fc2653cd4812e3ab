"""Every KPI once more, by its definition: loops over customers, visitors and orders instead of SQL.

`ORACLE[code](atoms, slice)` gives numerator and denominator; the latter is None for a sum, either
of them where nobody knows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from types import SimpleNamespace as Row

from kpi_atoms import DAY, STEPS, Atoms, Slice, Visit, total

Figure = Decimal | float | int
Answer = tuple[Figure | None, Figure | None]
Kpi = Callable[[Atoms, Slice], Answer]

ORACLE: dict[str, Kpi] = {}

REPEAT_DAYS, LAPSE_DAYS, LTV_DAYS, REFUND_DAYS, FUNNEL_DAYS = 90, 180, 90, 30, 7


def kpi(function: Kpi) -> Kpi:
    """Enter a function under its name."""
    ORACLE[function.__name__] = function
    return function


# Orders, goods and money


def of_slice(order: Row, piece: Slice) -> bool:
    """Whether an order belongs to the slice, whatever its day."""
    if piece.dimension == "customer_type":
        kind = "new" if order.is_first_order else "returning"
        return piece.value == ("unknown" if order.is_anonymous else kind)
    found = {
        "all": "all",
        "platform": order.platform or "unknown",
        "sales_channel": order.sales_channel or "unknown",
    }[piece.dimension]
    return piece.of_shop(order.shop_id) and found == piece.value


def sales(atoms: Atoms, piece: Slice) -> list[Row]:
    """Orders paid in the period; in a category those that touch it."""
    paid = [order for order in atoms.sales if piece.holds(order.paid_on)]
    if piece.dimension == "category":
        return [order for order in paid if lines(atoms, [order], piece)]
    return [order for order in paid if of_slice(order, piece)]


def lines(atoms: Atoms, orders: Iterable[Row], piece: Slice) -> list[Row]:
    """Lines of orders; in a category its own."""
    return [
        line
        for order in orders
        for line in atoms.lines_of.get(order.order_key, [])
        if piece.dimension != "category" or (line.category or "unknown") == piece.value
    ]


def goods(atoms: Atoms, piece: Slice) -> Decimal:
    return total(line.goods_amount for line in lines(atoms, sales(atoms, piece), piece))


def units(atoms: Atoms, piece: Slice) -> Decimal:
    sold = lines(atoms, sales(atoms, piece), piece)
    return total(line.quantity for line in sold if not line.is_gift)


def paid(atoms: Atoms, piece: Slice) -> Decimal:
    return total(order.paid_amount for order in sales(atoms, piece))


def refunds(atoms: Atoms, piece: Slice) -> list[Row]:
    """Successful refunds of the period, on orders of the slice."""
    return [
        refund
        for refund in atoms.refunds
        if refund.is_success and piece.holds(refund.refunded_on)
        for order in [atoms.order_of.get(refund.order_key)]
        if order and order.is_sale and of_slice(order, piece)
    ]


def kinds_of_goods(atoms: Atoms, order: Row) -> int:
    return len({line.product_key for line in atoms.lines_of[order.order_key] if not line.is_gift})


@kpi
def gmv_pay(atoms: Atoms, piece: Slice) -> Answer:
    return paid(atoms, piece), None


@kpi
def net_sales(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(refund.goods_refunded_amount for refund in refunds(atoms, piece))
    return goods(atoms, piece) - given_back, None


def placed(atoms: Atoms, piece: Slice) -> list[Row]:
    """Orders placed in the period, paid or not, without gifts and the like."""
    return [
        order
        for order in atoms.orders
        if piece.holds(order.ordered_on)
        and (order.is_sale or not order.is_paid)
        and of_slice(order, piece)
    ]


@kpi
def gmv_placed(atoms: Atoms, piece: Slice) -> Answer:
    return total(order.goods_amount for order in placed(atoms, piece)), None


@kpi
def order_to_pay(atoms: Atoms, piece: Slice) -> Answer:
    ordered = placed(atoms, piece)
    payers = {order.customer_id for order in ordered if order.paid_on and order.is_sale}
    return len(payers), len({order.customer_id for order in ordered})


@kpi
def orders(atoms: Atoms, piece: Slice) -> Answer:
    return len(sales(atoms, piece)), None


@kpi
def buyers(atoms: Atoms, piece: Slice) -> Answer:
    return len({order.customer_id for order in sales(atoms, piece)}), None


@kpi
def aov_buyer(atoms: Atoms, piece: Slice) -> Answer:
    return paid(atoms, piece), buyers(atoms, piece)[0]


@kpi
def aov_order(atoms: Atoms, piece: Slice) -> Answer:
    return paid(atoms, piece), len(sales(atoms, piece))


@kpi
def price_per_unit(atoms: Atoms, piece: Slice) -> Answer:
    return goods(atoms, piece), units(atoms, piece)


@kpi
def upt(atoms: Atoms, piece: Slice) -> Answer:
    return units(atoms, piece), len(sales(atoms, piece))


@kpi
def upt_products(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(kinds_of_goods(atoms, order) for order in sold), len(sold)


@kpi
def cross_sell_rate(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(kinds_of_goods(atoms, order) >= 2 for order in sold), len(sold)


@kpi
def promo_participation(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(order.promotion_id is not None for order in sold), len(sold)


@kpi
def discount_rate(atoms: Atoms, piece: Slice) -> Answer:
    sold = lines(atoms, sales(atoms, piece), piece)
    return (
        total(line.merchant_discount_amount for line in sold),
        total(line.list_amount for line in sold),
    )


@kpi
def hv_goods_share(atoms: Atoms, piece: Slice) -> Answer:
    sold = lines(atoms, sales(atoms, piece), piece)
    dear = [line for line in sold if line.product_key in atoms.dear_products]
    return total(line.goods_amount for line in dear), total(line.goods_amount for line in sold)


@kpi
def refund_rate(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(refund.refunded_amount for refund in refunds(atoms, piece))
    return given_back, paid(atoms, piece)


@kpi
def refund_rate_order_date(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(
        refund.refunded_amount
        for order in sales(atoms, piece)
        for refund in atoms.refunds_of.get(order.order_key, [])
    )
    return given_back, paid(atoms, piece)


@kpi
def refund_rate_cohort(atoms: Atoms, piece: Slice) -> Answer:
    window = timedelta(days=REFUND_DAYS)
    old = [order for order in sales(atoms, piece) if order.paid_on + window <= atoms.last_day]
    given_back = total(
        refund.refunded_amount
        for order in old
        for refund in atoms.refunds_of.get(order.order_key, [])
        if refund.refunded_on <= order.paid_on + window
    )
    return given_back, total(order.paid_amount for order in old)


def margin_share(atoms: Atoms, piece: Slice, margin: str) -> Answer:
    """Margin over net sales of what has a known margin: lines of a category, else orders."""
    sold = sales(atoms, piece)
    parts = lines(atoms, sold, piece) if piece.dimension == "category" else sold
    known = [part for part in parts if getattr(part, margin) is not None]
    return total(getattr(part, margin) for part in known), total(part.net_amount for part in known)


@kpi
def gross_margin_rate(atoms: Atoms, piece: Slice) -> Answer:
    return margin_share(atoms, piece, "margin_amount")


@kpi
def contribution_margin_rate(atoms: Atoms, piece: Slice) -> Answer:
    return margin_share(atoms, piece, "contribution_amount")


# Customers over time


def purchase_days(atoms: Atoms, piece: Slice) -> dict[str, list[date]]:
    """Identified customer → days of purchase in the slice, in order, each once."""
    found = {
        customer: sorted({order.paid_on for order in bought if of_slice(order, piece)})
        for customer, bought in atoms.sales_of.items()
    }
    return {customer: days for customer, days in found.items() if days}


def trailing(atoms: Atoms, piece: Slice, *, by_order: bool) -> Answer:
    """Repeat buyers among the buyers of the days that end with the period."""
    last = min(piece.end, atoms.last_day)
    window = {last - DAY * back for back in range(REPEAT_DAYS)}
    counts = []
    for bought in atoms.sales_of.values():
        mine = [order for order in bought if of_slice(order, piece) and order.paid_on in window]
        counts.append(len(mine) if by_order else len({order.paid_on for order in mine}))
    return sum(count >= 2 for count in counts), sum(count >= 1 for count in counts)


@kpi
def rep_rate_user(atoms: Atoms, piece: Slice) -> Answer:
    return trailing(atoms, piece, by_order=False)


@kpi
def rep_rate_order(atoms: Atoms, piece: Slice) -> Answer:
    return trailing(atoms, piece, by_order=True)


def next_period_end(piece: Slice) -> date:
    """The last day of the period that follows."""
    if piece.period == "month":
        # From the first of the next month, 31 days lead into the one after.
        return (piece.end + DAY * 32).replace(day=1) - DAY
    return piece.end + (piece.end - piece.start) + DAY


@kpi
def rebuy_rate(atoms: Atoms, piece: Slice) -> Answer:
    ends_on = next_period_end(piece)
    if ends_on > atoms.last_day:
        return 0, 0
    now, later = set(), set()
    for customer, days in purchase_days(atoms, piece).items():
        if any(piece.holds(day) for day in days):
            now.add(customer)
        if any(piece.end < day <= ends_on for day in days):
            later.add(customer)
    return len(now & later), len(now)


def period_buyers(atoms: Atoms, piece: Slice) -> set[str]:
    return {
        customer
        for customer, days in purchase_days(atoms, piece).items()
        if any(piece.holds(day) for day in days)
    }


@kpi
def new_customers(atoms: Atoms, piece: Slice) -> Answer:
    """Whoever bought in the slice on the day of the first purchase anywhere."""
    found = purchase_days(atoms, piece)
    firsts = {c: atoms.first_bought_on[c] for c in period_buyers(atoms, piece)}
    return sum(piece.holds(day) and day in found[c] for c, day in firsts.items()), None


@kpi
def returning_buyer_share(atoms: Atoms, piece: Slice) -> Answer:
    everybody = len(period_buyers(atoms, piece))
    return everybody - new_customers(atoms, piece)[0], everybody


@kpi
def rep_cycle(atoms: Atoms, piece: Slice) -> Answer:
    gaps = [
        (day - before).days
        for days in purchase_days(atoms, piece).values()
        for before, day in pairwise(days)
        if piece.holds(day)
    ]
    return (median(gaps) if gaps else 0), len(gaps)


@kpi
def rep_waiting_share(atoms: Atoms, piece: Slice) -> Answer:
    bought = [
        day == days[-1]
        for days in purchase_days(atoms, piece).values()
        for day in days
        if piece.holds(day)
    ]
    return sum(bought), len(bought)


def asleep(days: list[date], morning: date) -> bool | None:
    """Whether a customer has not bought for so long as the day begins; None before the first time."""
    past = [day for day in days if day < morning]
    return (morning - DAY - past[-1]).days > LAPSE_DAYS if past else None


@kpi
def churn_rate(atoms: Atoms, piece: Slice) -> Answer:
    lapsed = active = 0
    for days in purchase_days(atoms, piece).values():
        active += asleep(days, piece.start) is False
        # A customer lapses with the day that makes the pause too long, whatever follows.
        lapsed += any(
            (day - max(before)).days == LAPSE_DAYS + 1
            for day in piece.days()
            if day <= atoms.last_day
            for before in [[past for past in days if past < day]]
            if before
        )
    return lapsed, active


@kpi
def reactivation_rate(atoms: Atoms, piece: Slice) -> Answer:
    sleepers = [days for days in purchase_days(atoms, piece).values() if asleep(days, piece.start)]
    return sum(any(piece.holds(day) for day in days) for days in sleepers), len(sleepers)


# Visitors and their visits


def visits(atoms: Atoms, piece: Slice) -> list[Visit]:
    """Visits of the period and slice; only the own site has a tracker."""
    return [
        visit
        for day in piece.days()
        for visit in atoms.visits_on.get(day, [])
        if piece.of_shop(visit.shop)
        and (piece.dimension != "channel" or visit.channel == piece.value)
    ]


def visitors(atoms: Atoms, piece: Slice, *events: str) -> set[str]:
    """Visitors of the slice who did one of these things in it, or were there at all."""
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if not events or any(name in events for name in visit.names)
    }


def new_visitors(atoms: Atoms, piece: Slice) -> set[str]:
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if atoms.first_visit_on[visit.visitor] == visit.day
    }


def by_channel(atoms: Atoms, piece: Slice, mark: str) -> set[str]:
    """Visitors who came at least once through a channel with the mark."""
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if getattr(atoms.channels[visit.channel], mark)
    }


def events(atoms: Atoms, piece: Slice, name: str) -> int:
    return sum(visit.names.count(name) for visit in visits(atoms, piece))


def share_of_visits(
    atoms: Atoms, piece: Slice, test: Callable[[Visit], bool], base: Callable[[Visit], bool]
) -> Answer:
    counted = [visit for visit in visits(atoms, piece) if base(visit)]
    return sum(map(test, counted)), len(counted)


def everything(_visit: Visit) -> bool:
    return True


def has(*names: str) -> Callable[[Visit], bool]:
    return lambda visit: any(name in names for name in visit.names)


def is_not_engaged(visit: Visit) -> bool:
    keys = {"favourite", "add_to_cart", "begin_checkout", "order", "pay", "login", "share"}
    return visit.pages <= 1 and visit.seconds <= 10 and not keys & set(visit.names)


ORACLE |= {
    "visitors": lambda a, s: (len(visitors(a, s)), None),
    "sessions": lambda a, s: (len(visits(a, s)), None),
    "page_views": lambda a, s: (sum(visit.pages for visit in visits(a, s)), None),
    "page_depth": lambda a, s: (sum(v.pages for v in visits(a, s)), len(visits(a, s))),
    "bounce_single_page": lambda a, s: share_of_visits(a, s, lambda v: v.pages == 1, everything),
    "bounce_not_engaged": lambda a, s: share_of_visits(a, s, is_not_engaged, everything),
    "new_visitor_rate": lambda a, s: (len(new_visitors(a, s)), len(visitors(a, s))),
    "organic_search_share": lambda a, s: (
        len(by_channel(a, s, "is_organic_search")),
        len(visitors(a, s)),
    ),
    "paid_share": lambda a, s: (len(by_channel(a, s, "is_paid")), len(visitors(a, s))),
    "social_new_visitors": lambda a, s: (
        len(new_visitors(a, s) & by_channel(a, s, "is_social")),
        None,
    ),
    "item_views": lambda a, s: (events(a, s, "view_item"), None),
    "atc_rate_session": lambda a, s: share_of_visits(a, s, has("add_to_cart"), everything),
    "atc_rate_event": lambda a, s: (events(a, s, "add_to_cart"), events(a, s, "view_item")),
    "cart_abandonment": lambda a, s: share_of_visits(
        a, s, lambda v: not has("order", "pay")(v), has("add_to_cart")
    ),
    "item_buy_rate": lambda a, s: (
        len(visitors(a, s, "view_item") & visitors(a, s, "pay")),
        len(visitors(a, s, "view_item")),
    ),
}


def _visitors_who(*names: str) -> Kpi:
    return lambda a, s: (len(visitors(a, s, *names)), len(visitors(a, s)))


ORACLE |= {
    "product_view_rate": _visitors_who("view_item"),
    "atc_rate_visitor": _visitors_who("add_to_cart"),
    "fav_atc_rate": _visitors_who("favourite", "add_to_cart"),
    "checkout_rate": _visitors_who("begin_checkout"),
    "order_cvr": _visitors_who("order"),
    "pay_cvr": _visitors_who("pay"),
}

FUNNEL = ("visit", "view", "cart", "checkout", "order", "pay")
STEP_EVENTS = {0: (), **{step: (name,) for name, step in STEPS.items()}}


def _loss_open(step: int) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        here = visitors(atoms, piece, *STEP_EVENTS[step])
        return len(here - visitors(atoms, piece, *STEP_EVENTS[step + 1])), len(here)

    return answer


def _loss_session(step: int) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        return share_of_visits(
            atoms, piece, lambda v: v.deepest_step == step, lambda v: v.deepest_step >= step
        )

    return answer


def _loss_window(step: int) -> Kpi:
    """Visitors of a day and step whom the next step did not follow within the days after."""

    def answer(atoms: Atoms, piece: Slice) -> Answer:
        lost = counted = 0
        for day in piece.days():
            last = day + DAY * FUNNEL_DAYS
            if last > atoms.last_event_on:
                break
            one_day = Slice("day", day, day, piece.shop, "all", "all")
            for visitor in visitors(atoms, one_day, *STEP_EVENTS[step]):
                stream = [
                    (event.event_at, visit.day, STEPS.get(event.event_name, 0))
                    for visit in atoms.visits_of[visitor]
                    for event in visit.events
                    if day <= visit.day <= last
                ]
                since = min(at for at, on, taken in stream if on == day and step in (0, taken))
                counted += 1
                lost += not any(at >= since and taken == step + 1 for at, _, taken in stream)
        return lost, counted

    return answer


for _number, (_here, _next) in enumerate(pairwise(FUNNEL)):
    ORACLE[f"loss_{_here}_{_next}"] = _loss_open(_number)
    ORACLE[f"loss_{_here}_{_next}_session"] = _loss_session(_number)
    ORACLE[f"loss_{_here}_{_next}_7d"] = _loss_window(_number)


def _retention(days_after: int, counts: Callable[[list[Visit], date, int], bool]) -> Kpi:
    """New visitors of the period who came back in one of the ways of counting."""

    def answer(atoms: Atoms, piece: Slice) -> Answer:
        cohort = {
            visitor
            for visitor in new_visitors(atoms, piece)
            if atoms.first_visit_on[visitor] + DAY * days_after <= atoms.last_event_on
        }
        back = [
            counts(atoms.visits_of[visitor], atoms.first_visit_on[visitor], days_after)
            for visitor in cohort
        ]
        return sum(back), len(cohort)

    return answer


def _on_that_day(came: list[Visit], first: date, after: int) -> bool:
    return first + DAY * after in {visit.day for visit in came}


def _on_it_or_later(came: list[Visit], first: date, after: int) -> bool:
    return max(visit.day for visit in came) >= first + DAY * after


def _in_those_hours(came: list[Visit], first: date, after: int) -> bool:
    began = min(visit.began_at for visit in came)
    return any(
        DAY * after <= visit.began_at - began < DAY * (after + 1)
        for visit in came
        if visit.day > first
    )


for _after in (1, 7, 30):
    ORACLE[f"ret_d{_after}"] = _retention(_after, _on_that_day)
    ORACLE[f"ret_d{_after}_unbounded"] = _retention(_after, _on_it_or_later)
    ORACLE[f"ret_d{_after}_hours"] = _retention(_after, _in_those_hours)


# Advertising and what customers are worth


def spend_rows(atoms: Atoms, piece: Slice) -> list[Row]:
    return [
        row
        for row in atoms.spend
        if piece.holds(row.marketing_on)
        and piece.of_shop(row.shop_id)
        and (piece.dimension == "all" or getattr(row, piece.dimension) == piece.value)
    ]


def spend(atoms: Atoms, piece: Slice) -> Decimal:
    return total(row.spend_amount for row in spend_rows(atoms, piece))


def ads(atoms: Atoms, piece: Slice, column: str) -> Decimal | None:
    """A sum over reports; None where none of them knows."""
    amounts = [getattr(row, column) for row in spend_rows(atoms, piece)]
    return None if amounts and set(amounts) == {None} else total(amounts)


def _ads_ratio(above: str, below: str) -> Kpi:
    return lambda a, s: (ads(a, s, above), ads(a, s, below))


def _social_spend(atoms: Atoms, piece: Slice) -> Decimal:
    return total(
        row.spend_amount
        for row in spend_rows(atoms, piece)
        if atoms.channels[row.channel].is_social
    )


ORACLE |= {
    "impressions": lambda a, s: (ads(a, s, "impressions"), None),
    "clicks": lambda a, s: (ads(a, s, "clicks"), None),
    "ad_spend": lambda a, s: (spend(a, s), None),
    "ctr": _ads_ratio("clicks", "impressions"),
    "cpc": _ads_ratio("spend_amount", "clicks"),
    "cpm": _ads_ratio("spend_amount", "impressions"),
    "roas_reported": _ads_ratio("claimed_amount", "spend_amount"),
    "roas_last_touch": _ads_ratio("last_touch_net_amount", "spend_amount"),
    "click_cvr_reported": _ads_ratio("claimed_conversions", "clicks"),
    "cac_paid": _ads_ratio("spend_amount", "last_touch_new_customers"),
    "mer": lambda a, s: (net_sales(a, s)[0], spend(a, s)),
    "ad_cost_ratio": lambda a, s: (spend(a, s), net_sales(a, s)[0]),
    "cac_blended": lambda a, s: (spend(a, s), new_customers(a, s)[0]),
    "social_acquisition_cost": lambda a, s: (
        _social_spend(a, s),
        ORACLE["social_new_visitors"](a, s)[0],
    ),
}


def cohort(atoms: Atoms, piece: Slice) -> list[list[Row]]:
    """Orders of the first days of customers who began in the period and slice, once these are over."""
    found = []
    for customer, bought in atoms.sales_of.items():
        since = atoms.first_bought_on[customer]
        if piece.holds(since) and since + DAY * LTV_DAYS <= atoms.last_day:
            first = min(bought, key=lambda order: (order.paid_on, order.order_number_of_customer))
            if of_slice(first, piece):
                found.append([o for o in bought if (o.paid_on - since).days <= LTV_DAYS])
    return found


def contributions(atoms: Atoms, piece: Slice) -> list[Decimal]:
    """What each customer of the cohort contributed, where all of it is known."""
    amounts = [[order.contribution_amount for order in bought] for bought in cohort(atoms, piece)]
    return [total(mine) for mine in amounts if None not in mine]


@kpi
def ltv_90(atoms: Atoms, piece: Slice) -> Answer:
    found = cohort(atoms, piece)
    return total(order.net_amount for bought in found for order in bought), len(found)


@kpi
def ltv_90_contribution(atoms: Atoms, piece: Slice) -> Answer:
    known = contributions(atoms, piece)
    return total(known), len(known)


@kpi
def ltv_cac(atoms: Atoms, piece: Slice) -> Answer:
    over = [
        row.spend_amount
        for row in spend_rows(atoms, piece)
        if row.marketing_on + DAY * LTV_DAYS <= atoms.last_day
    ]
    return total(contributions(atoms, piece)), total(over)


@kpi
def payback_days(atoms: Atoms, piece: Slice) -> Answer:
    cost = spend(atoms, piece)
    by_age: dict[int, Decimal] = defaultdict(Decimal)
    for customer, bought in atoms.sales_of.items():
        since = atoms.first_bought_on[customer]
        if piece.holds(since):
            for order in bought:
                by_age[(order.paid_on - since).days] += order.contribution_amount or 0
    earned = Decimal(0)
    for age in range((atoms.last_day - piece.end).days + 1):
        earned += by_age[age]
        if cost > 0 and earned >= cost:
            return age, 1
    return 0, None


# Service


def _conversations(atoms: Atoms, piece: Slice) -> list[Row]:
    return [c for c in atoms.conversations if piece.holds(c.opened_on) and piece.of_shop(c.shop_id)]


def _mean_seconds(until: str) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        waits = [
            (getattr(talk, until) - talk.opened_at).total_seconds()
            for talk in _conversations(atoms, piece)
            if getattr(talk, until)
        ]
        return sum(waits), len(waits)

    return answer


@kpi
def satisfaction(atoms: Atoms, piece: Slice) -> Answer:
    scores = [talk.satisfaction_score for talk in _conversations(atoms, piece)]
    rated = [score for score in scores if score is not None]
    return total(rated), len(rated)


ORACLE |= {
    "conversations": lambda a, s: (len(_conversations(a, s)), None),
    "first_response_seconds": _mean_seconds("first_response_at"),
    "resolution_seconds": _mean_seconds("resolved_at"),
}
