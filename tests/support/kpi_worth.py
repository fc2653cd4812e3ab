"""KPIs of advertising, of what customers are worth, and of service."""

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace as Row

import kpi_visits
from kpi_atoms import DAY, Answer, Atoms, Kpi, Slice, entering, total
from kpi_customers import new_customers
from kpi_orders import net_sales, of_slice

KPIS: dict[str, Kpi] = {}
kpi = entering(KPIS)

LTV_DAYS = 90
YEAR_DAYS = 365


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


KPIS |= {
    "impressions": lambda a, s: (ads(a, s, "impressions"), None),
    "clicks": lambda a, s: (ads(a, s, "clicks"), None),
    "ad_spend": lambda a, s: (spend(a, s), None),
    "ctr": _ads_ratio("clicks", "impressions"),
    "cpc": _ads_ratio("spend_amount", "clicks"),
    "cpm": _ads_ratio("spend_amount", "impressions"),
    "roas_reported": _ads_ratio("claimed_amount", "spend_amount"),
    "roas_last_touch": _ads_ratio("last_touch_net_amount", "spend_amount"),
    "claim_ratio_last_touch": _ads_ratio("claimed_amount", "last_touch_net_amount"),
    "click_cvr_reported": _ads_ratio("claimed_conversions", "clicks"),
    "cac_paid": _ads_ratio("spend_amount", "last_touch_new_customers"),
    "mer": lambda a, s: (net_sales(a, s)[0], spend(a, s)),
    "ad_cost_ratio": lambda a, s: (spend(a, s), net_sales(a, s)[0]),
    "cac_blended": lambda a, s: (spend(a, s), new_customers(a, s)[0]),
    "social_acquisition_cost": lambda a, s: (
        _social_spend(a, s),
        kpi_visits.KPIS["social_new_visitors"](a, s)[0],
    ),
}


def cohort(atoms: Atoms, piece: Slice, days: int = LTV_DAYS) -> list[list[Row]]:
    """Orders of the first days of customers who began in the period and slice, once these are over."""
    found = []
    for customer, bought in atoms.sales_of.items():
        since = atoms.first_bought_on[customer]
        is_over = since + DAY * days <= atoms.last_day
        is_won = atoms.won(customer) and of_slice(atoms.first_orders[customer], piece)
        if piece.holds(since) and is_over and is_won:
            found.append([o for o in bought if (o.paid_on - since).days <= days])
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
def ltv_365(atoms: Atoms, piece: Slice) -> Answer:
    found = cohort(atoms, piece, YEAR_DAYS)
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
        if piece.holds(since) and atoms.won(customer):
            for order in bought:
                by_age[(order.paid_on - since).days] += order.contribution_amount or 0
    earned = Decimal(0)
    for age in range((atoms.last_day - piece.end).days + 1):
        earned += by_age[age]
        if cost > 0 and earned >= cost:
            return age, 1
    return 0, None


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


LEAD_DAYS = 30


def _leads(atoms: Atoms, piece: Slice) -> list[Row]:
    return [
        lead
        for lead in atoms.leads
        if piece.holds(lead.created_on)
        and piece.of_shop(lead.shop_id)
        and (piece.dimension == "all" or (lead.channel or "unknown") == piece.value)
    ]


@kpi
def lead_conversion_rate(atoms: Atoms, piece: Slice) -> Answer:
    old = [
        lead
        for lead in _leads(atoms, piece)
        if (atoms.last_day - lead.created_on).days >= LEAD_DAYS
    ]
    won = [lead for lead in old if lead.converted_on]
    in_time = [lead for lead in won if (lead.converted_on - lead.created_on).days <= LEAD_DAYS]
    return len(in_time), len(old)


KPIS |= {
    "leads": lambda a, s: (len(_leads(a, s)), None),
    "conversations": lambda a, s: (len(_conversations(a, s)), None),
    "first_response_seconds": _mean_seconds("first_response_at"),
    "resolution_seconds": _mean_seconds("resolved_at"),
}
