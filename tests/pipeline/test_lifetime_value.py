"""The released lifetime value against plain Python over the released orders, and one fit per month."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from scipy import stats
from shops import Shop

from orchestration.config.lists import contracts
from orchestration.value.models import KINDS

HORIZONS = (90, 180, 365)
CENT = Decimal("0.0001")
Days = dict[date, list[tuple[Decimal, Decimal | None]]]


@pytest.fixture(scope="module")
def customers(demo_shop: Shop) -> dict[str, Days]:
    """Net sales and contribution of each sale per identified customer and day."""
    found: dict[str, Days] = defaultdict(lambda: defaultdict(list))
    for customer, day, net, contribution in demo_shop.ask(
        """select o.customer_id, o.paid_on, o.net_amount, o.contribution_amount
           from marts.orders o join marts.customer_360 c using (customer_id)
           where o.is_sale and not c.is_anonymous"""
    ):
        found[customer][day].append((net, contribution))
    return found


@pytest.fixture(scope="module")
def as_of(demo_shop: Shop) -> date:
    [(day,)] = demo_shop.ask("select data_until_on from meta.shop")
    return day


def test_every_model_of_the_list_is_known() -> None:
    models = {row["model"] for row in contracts()["ltv_models"].defaults}
    assert models == set(KINDS)


def test_observed_values_are_those_of_the_orders(
    demo_shop: Shop, customers: dict[str, Days], as_of: date
) -> None:
    columns = [f"{kind}_amount_{days}" for days in HORIZONS for kind in ("net", "contribution")]
    released = {
        customer: row
        for customer, *row in demo_shop.ask(
            f"select customer_id, {', '.join(columns)} from marts.customer_ltv"
        )
    }
    assert released.keys() == customers.keys()
    for customer, days in customers.items():
        expected: list[Decimal | None] = []
        for horizon in HORIZONS:
            expected += _observed(days, min(days) + timedelta(days=horizon), as_of)
        assert released[customer] == expected, customer


def _observed(days: Days, until: date, as_of: date) -> list[Decimal | None]:
    """Net sales and contribution up to a day; None before it has come or with an unknown cost."""
    if until > as_of:
        return [None, None]
    sales = [sale for day, sold in days.items() if day <= until for sale in sold]
    contributions = [contribution for _, contribution in sales]
    net = sum((net for net, _ in sales), Decimal(0))
    known = [value for value in contributions if value is not None]
    return [net, sum(known, Decimal(0)) if len(known) == len(contributions) else None]


@dataclass(frozen=True)
class Chosen:
    """The chosen model and its parameters as released."""

    stages: int
    r: float
    alpha: float
    a: float | None
    b: float | None
    p: float | None


@pytest.fixture(scope="module")
def chosen(demo_shop: Shop) -> Chosen:
    [(model, *values)] = demo_shop.ask(
        """select model, r, alpha_weeks, a, b, mean_dropout_rate from marts.ltv_fits
           where is_chosen order by fitted_on desc limit 1"""
    )
    return Chosen(KINDS[model].stages, *values)


def test_predictions_are_integrals_over_the_customers(
    demo_shop: Shop, customers: dict[str, Days], as_of: date, chosen: Chosen
) -> None:
    """The closed forms against Gauss's sum over 300 purchase rates and 300 dropout probabilities."""
    released = {
        customer: values
        for customer, *values in demo_shop.ask(
            "select customer_id, p_alive, expected_purchases_365 from marts.customer_ltv"
        )
    }
    for customer in sorted(customers)[:60]:
        days = customers[customer]
        history = len(days) - 1, (max(days) - min(days)).days / 7, (as_of - min(days)).days / 7
        expected = _integrated(chosen, *history, 365 / 7)
        assert released[customer] == pytest.approx(expected, rel=5e-3, abs=1e-4), history


def _integrated(fit: Chosen, x: int, last: float, age: float, weeks: float) -> list[float]:
    """P(active) and expected purchases, by quadrature over the population."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    shares = (nodes + 1) / 2
    rates = stats.gamma.ppf(shares, fit.r, scale=1 / fit.alpha)[:, None]
    if fit.p is None:
        chances = np.zeros((1, 1))
    elif fit.a is None:
        chances = np.full((1, 1), fit.p)
    else:
        chances = stats.beta.ppf(shares, fit.a, fit.b)[None, :]
    measure = weights[:, None] * (weights[None, :] if chances.size > 1 else 1.0)
    bought = measure * rates ** (fit.stages * x) * np.exp(-rates * last)
    stayed = (1 - chances) ** x
    silent = age - last
    dropped = bought * stayed * chances
    active = np.zeros_like(bought * stayed)
    purchases = np.zeros_like(active)
    for passed in range(fit.stages):
        part = bought * stayed * (1 - chances) * stats.poisson.pmf(passed, rates * silent)
        active = active + part
        for number in range(1, 120):
            needed = number * fit.stages - passed
            reached = stats.poisson.sf(needed - 1, rates * weeks)
            purchases = purchases + part * (1 - chances) ** (number - 1) * reached
    total = (dropped + active).sum()
    return [float(active.sum() / total), float(purchases.sum() / total)]


def test_expected_amounts_are_purchases_times_spend(demo_shop: Shop) -> None:
    wrong = demo_shop.ask(
        """select customer_id, expected_net_amount_365, expected_purchases_365, expected_spend_amount
           from marts.customer_ltv
           where abs(expected_net_amount_365 - expected_purchases_365 * expected_spend_amount) > 0.01
               or expected_purchases_365_low > expected_purchases_365
               or expected_purchases_365_high < expected_purchases_365
               or expected_purchases_90 > expected_purchases_180
               or expected_purchases_180 > expected_purchases_365"""
    )
    assert wrong == []


def test_the_calibration_counts_the_purchases_of_its_period(
    demo_shop: Shop, customers: dict[str, Days]
) -> None:
    rows = demo_shop.ask(
        """select holdout_from_on, holdout_until_on, repeat_count, customer_count, actual_purchase_count,
               expected_purchase_count
           from marts.ltv_calibration"""
    )
    assert len({row[0] for row in rows}) == 2
    expected: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0, 0])
    for start, end in {(row[0], row[1]) for row in rows}:
        for days in customers.values():
            before = sum(day < start for day in days)
            if before:
                counts = expected[start, min(before - 1, 7)]
                counts[0] += 1
                counts[1] += sum(start <= day <= end for day in days)
    assert {(row[0], row[2]): [row[3], row[4]] for row in rows} == dict(expected)
    # Both periods together: the demo shop has no model behind its purchases, so the bound is wide.
    actual, modelled = sum(row[4] for row in rows), sum(row[5] for row in rows)
    assert 0.7 < actual / modelled < 1.4


def test_channels_have_the_money_of_orders_and_ads(
    demo_shop: Shop, customers: dict[str, Days], as_of: date
) -> None:
    first = dict(
        demo_shop.ask(
            "select customer_id, (date_trunc('month', first_order_on)::date, first_platform) from marts.customer_360"
        )
    )
    cohorts: dict[tuple[date, str], list[Days]] = defaultdict(list)
    for customer, days in customers.items():
        cohorts[first[customer]].append(days)
    spend = dict(
        demo_shop.ask(
            """select (date_trunc('month', marketing_on)::date, split_part(shop_id, '_', 1)), sum(spend_amount)
               from marts.daily_marketing where is_advertised group by all"""
        )
    )
    rows = demo_shop.ask(
        """select cohort_month_on, dimension_value, horizon_days, customer_count, net_amount, ltv_amount,
               spend_amount, cac_amount, spend_gap
           from marts.ltv_channels where dimension = 'platform' and horizon_days in (90, 365)"""
    )
    assert len(rows) > 20
    for month, platform, horizon, count, net, value, spent, cost, gap in rows:
        members = cohorts[month, platform]
        nets = [net for net, _ in _cohort(members, horizon, as_of)]
        total = None if None in nets else sum(nets, Decimal(0))
        assert (count, net) == (len(members), total), (month, platform, horizon)
        assert value == (None if total is None else (total / count).quantize(CENT, ROUND_HALF_UP))
        known = spend.get((month, platform))
        assert spent == known, (month, platform, gap)
        assert (spent is None) == (gap is not None)
        assert cost == (None if known is None else (known / count).quantize(CENT, ROUND_HALF_UP))


def _cohort(members: list[Days], horizon: int, as_of: date) -> Iterator[list[Decimal | None]]:
    for days in members:
        yield _observed(days, min(days) + timedelta(days=horizon), as_of)


def test_a_second_run_records_no_second_fit(demo_shop: Shop) -> None:
    fits = demo_shop.ask(
        "select fit_id, count(*), count(*) filter (is_chosen) from marts.ltv_fits group by all"
    )
    assert len(fits) == 1, fits
    assert fits[0][1:] == (len(KINDS), 1)


def test_every_state_has_its_sentence(demo_shop: Shop) -> None:
    missing = demo_shop.ask(
        """select state, state_reason from marts.ltv_fits where state_en is null or state_zh is null
           union all
           select state, state_reason from marts.customer_ltv where state_en is null or state_zh is null"""
    )
    assert missing == []
