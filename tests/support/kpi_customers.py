"""KPIs of customers over time: loops over what each of them bought, and when."""

from datetime import date
from itertools import pairwise
from statistics import median

from kpi_atoms import DAY, Answer, Atoms, Kpi, Slice, entering
from kpi_orders import of_slice

KPIS: dict[str, Kpi] = {}
kpi = entering(KPIS)

REPEAT_DAYS, LAPSE_DAYS, YEAR_DAYS = 90, 180, 365


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
    """Customers who bought in the slice on the day of their first purchase anywhere."""
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


def high_value_customers(atoms: Atoms, day: date) -> set[str]:
    """Members of a high-value segment at the end of a day."""
    return {
        member.customer_id
        for member in atoms.memberships
        if member.entered_on <= day and (member.left_on is None or member.left_on > day)
    }


@kpi
def hv_customer_share(atoms: Atoms, piece: Slice) -> Answer:
    last = min(piece.end, atoms.last_day)
    buyers = [
        customer
        for customer, days in purchase_days(atoms, piece).items()
        if any(last - DAY * YEAR_DAYS < day <= last for day in days)
    ]
    return len(high_value_customers(atoms, last)), len(buyers)


@kpi
def hv_repeat_rate(atoms: Atoms, piece: Slice) -> Answer:
    until = piece.start + DAY * REPEAT_DAYS
    if until > atoms.last_day:
        return 0, 0
    members = high_value_customers(atoms, piece.start - DAY)
    again = [
        member
        for member in members
        if any(piece.start <= order.ordered_on < until for order in atoms.sales_of[member])
    ]
    return len(again), len(members)
