"""Purchase and spend models against published figures, planted parameters, simulation and degenerate shops."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from shops import REAL_DATA

from orchestration.value import fit_text, fitting, prediction, spend
from orchestration.value.histories import Histories, group
from orchestration.value.likelihood import Likelihood
from orchestration.value.models import KINDS, Parameters, from_beta

CDNOW = REAL_DATA / "ltv" / "CDNOW_sample.txt"
needs_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason=f"{CDNOW} is absent")

_PLANTED = {"r": 1.2, "alpha": 9.0, "a": 0.8, "b": 2.4}
_SPREAD = {"r": 0.02, "alpha": 0.25, "a": 0.04, "b": 0.15}
_NEVER = {"r": 1.2, "alpha": 9.0}


@pytest.fixture(scope="module")
def cdnow() -> dict[str, dict[dt.date, float]]:
    """Spend per customer and day of the first 39 weeks of 2,357 buyers of music."""
    days: dict[str, dict[dt.date, float]] = {}
    for line in CDNOW.read_text().splitlines():
        parts = line.split()
        day = dt.datetime.strptime(parts[2], "%Y%m%d").date()
        if day <= dt.date(1997, 9, 30):
            bought = days.setdefault(parts[0], {})
            bought[day] = bought.get(day, 0.0) + float(parts[4])
    return days


@pytest.fixture(scope="module")
def cdnow_histories(cdnow: dict[str, dict[dt.date, float]]) -> Histories:
    rows = [
        (
            len(days) - 1,
            (max(days) - min(days)).days / 7,
            (dt.date(1997, 9, 30) - min(days)).days / 7,
        )
        for days in cdnow.values()
    ]
    gaps = [
        sum(np.log((later - day).days / 7) for day, later in pairwise(sorted(days)))
        for days in cdnow.values()
    ]
    x, last, age = zip(*rows, strict=True)
    return group(x, last, age, None, gaps)


@needs_cdnow
@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("bg_nbd", (0.243, 4.414, 0.793, 2.426, -9582.43)),
        ("mbg_nbd", (0.5248, 6.1831, 0.8914, 1.6141, -9582.14)),
    ],
)
def test_published_parameters_of_cdnow_are_found(
    cdnow_histories: Histories, model: str, expected: tuple
) -> None:
    found = fitting.fit(model, cdnow_histories)
    parameters = found.parameters
    assert found.state == "ok"
    assert parameters is not None
    figures = (parameters.r, parameters.alpha, parameters.a, parameters.b, found.log_likelihood)
    assert figures == pytest.approx(expected, rel=0.005)
    assert found.log_likelihood == pytest.approx(expected[4], abs=0.01)


@needs_cdnow
def test_the_published_expectation_of_cdnow_is_found(cdnow_histories: Histories) -> None:
    found = fitting.fit("bg_nbd", cdnow_histories)
    history = np.array([2]), np.array([30.43]), np.array([38.86])
    [expected] = prediction.expected_purchases(found, *history, 39.0)
    assert expected == pytest.approx(1.226, rel=0.005)


@needs_cdnow
def test_published_spend_parameters_of_cdnow_are_found(
    cdnow: dict[str, dict[dt.date, float]],
) -> None:
    repeats = [[days[day] for day in sorted(days)][1:] for days in cdnow.values()]
    bought = [values for values in repeats if values and sum(values) > 0]
    counts = [len(values) for values in bought]
    means = [sum(values) / len(values) for values in bought]
    p, q, v, _ = spend.fit_gamma_gamma(counts, means, np.ones(len(counts)))
    assert (p, q, v) == pytest.approx((6.25, 3.74, 15.44), rel=0.005)


def _simulated(
    seed: int,
    *,
    customers: int = 15_000,
    weeks: float = 78.0,
    kind: str = "mbg_nbd",
    p: float | None = None,
    **planted: float,
) -> Histories:
    """Histories of customers who all began at the start, event by event; no formula of the package is used."""
    rng = np.random.default_rng(seed)
    model = KINDS[kind]
    rates = rng.gamma(planted["r"], 1 / planted["alpha"], customers)
    has_beta = "a" in planted
    chances = (
        rng.beta(planted["a"], planted["b"], customers)
        if has_beta
        else np.full(customers, p or 0.0)
    )
    rows = [
        _one_history(rng, rate, chance, weeks, model.stages, drops_at_first=model.drops_at_first)
        for rate, chance in zip(rates, chances, strict=True)
    ]
    x, last, gaps = zip(*rows, strict=True)
    return group(x, last, np.full(customers, weeks), None, gaps)


def _one_history(
    rng: np.random.Generator,
    rate: float,
    chance: float,
    weeks: float,
    stages: int,
    *,
    drops_at_first: bool,
) -> tuple[int, float, float]:
    now, repeats, gaps = 0.0, 0, 0.0
    if drops_at_first and rng.random() < chance:
        return 0, 0.0, 0.0
    while True:
        gap = rng.gamma(stages, 1 / rate)
        if now + gap > weeks:
            return repeats, now, gaps
        now, repeats, gaps = now + gap, repeats + 1, gaps + float(np.log(gap))
        if rng.random() < chance:
            return repeats, now, gaps


@pytest.mark.parametrize("seed", range(8))
def test_planted_parameters_are_recovered(seed: int) -> None:
    found = fitting.fit("bg_nbd", _simulated(seed, kind="bg_nbd", **_PLANTED))
    assert found.state == "ok"
    assert found.parameters is not None
    for name, planted in _PLANTED.items():
        distance = (getattr(found.parameters, name) - planted) / _SPREAD[name]
        assert abs(distance) < 3, (name, getattr(found.parameters, name), planted)


@pytest.mark.parametrize("kind", ["bg_nbd", "mbg_nbd", "mbg_cnbd_2", "mbg_cnbd_3"])
def test_the_gradient_is_that_of_the_likelihood(kind: str) -> None:
    data = _simulated(1, customers=300, kind=kind, **_PLANTED)
    likelihood = Likelihood(KINDS[kind], data)
    for values in ((0.2, 2.0), (0.2, 2.0, -1.5), (0.2, 2.0, -1.5, 1.0), (0.2, 2.0, -1.5, 12.0)):
        _, gradient = likelihood.value_and_gradient(Parameters(values))
        for place in range(len(values)):
            step = np.zeros(len(values))
            step[place] = 1e-5
            sides = [
                likelihood.total(Parameters(tuple(np.array(values) + side)))
                for side in (step, -step)
            ]
            assert gradient[place] == pytest.approx(
                (sides[0] - sides[1]) / 2e-5, rel=1e-4, abs=1e-3
            )


@pytest.mark.parametrize("kind", ["bg_nbd", "mbg_nbd", "mbg_cnbd_3"])
def test_expectations_equal_simulated_purchases(kind: str) -> None:
    """Customers are simulated for 78 and 52 more weeks; fits know 78."""
    model, horizon = KINDS[kind], 52.0
    parameters = from_beta(1.2, 9.0, 0.8, 2.4)
    rng = np.random.default_rng(5)
    rates, chances = rng.gamma(1.2, 1 / 9.0, 30_000), rng.beta(0.8, 2.4, 30_000)
    rows = []
    for rate, chance in zip(rates, chances, strict=True):
        rows.append(_two_periods(rng, rate, chance, model.stages, horizon, model.drops_at_first))
    x, last, later, active = (np.array(column) for column in zip(*rows, strict=True))
    fitted = fitting.Fit(model, "ok", parameters)
    history = x.astype(np.int64), last, np.full(len(x), 78.0)
    expected = prediction.expected_purchases(fitted, *history, horizon)
    alive = prediction.p_alive(fitted, *history)
    for group_of in (x == 0, x == 1, (x > 1) & (x < 6), x >= 6):
        error = later[group_of].std() / np.sqrt(group_of.sum())
        assert abs(expected[group_of].mean() - later[group_of].mean()) < 4 * error
        error = max(active[group_of].std() / np.sqrt(group_of.sum()), 1e-9)
        assert abs(alive[group_of].mean() - active[group_of].mean()) < 4 * error


def _two_periods(
    rng: np.random.Generator, rate: float, chance: float, stages: int, horizon: float, drops: bool
) -> tuple[int, float, int, bool]:
    """Repeats and last purchase within 78 weeks, purchases in the horizon, and whether active at week 78."""
    now, repeats, last, later = 0.0, 0, 0.0, 0
    active = not (drops and rng.random() < chance)
    while active:
        now += rng.gamma(stages, 1 / rate)
        if now > 78 + horizon:
            return repeats, last, later, True
        if now > 78:
            later += 1
            if rng.random() < chance:
                return repeats, last, later, True
            continue
        repeats, last = repeats + 1, now
        active = rng.random() >= chance
    return repeats, last, later, False


def test_one_purchase_does_not_prove_activity() -> None:
    one = np.array([0]), np.array([0.0]), np.array([78.0])
    parameters = from_beta(1.2, 9.0, 0.8, 2.4)
    bg, mbg = (
        prediction.p_alive(fitting.Fit(KINDS[name], "ok", parameters), *one)[0]
        for name in ("bg_nbd", "mbg_nbd")
    )
    assert bg == 1.0
    assert 0.05 < mbg < 0.5


def test_equal_dropout_uses_the_limit() -> None:
    data = _simulated(3, p=0.08, customers=8_000, **_NEVER)
    found = fitting.fit("mbg_nbd", data)
    assert found.state == "homogeneous_dropout"
    assert found.parameters is not None
    assert found.parameters.a is None
    assert found.parameters.mean_dropout == pytest.approx(0.08, abs=0.01)
    limit = prediction.expected_purchases(found, data.repeats, data.last, data.age, 52.0)
    large = fitting.Fit(found.kind, "ok", Parameters((*found.parameters.values, np.log(1e7))))
    near = prediction.expected_purchases(large, data.repeats, data.last, data.age, 52.0)
    assert limit == pytest.approx(near, rel=1e-4)


def test_without_dropout_purchases_follow_nbd() -> None:
    data = _simulated(4, customers=8_000, **_NEVER)
    found = fitting.fit("mbg_nbd", data)
    assert found.state == "no_dropout"
    assert found.parameters is not None
    assert (prediction.p_alive(found, data.repeats, data.last, data.age) == 1.0).all()
    r, alpha = found.parameters.r, found.parameters.alpha
    expected = prediction.expected_purchases(found, data.repeats, data.last, data.age, 52.0)
    assert expected == pytest.approx((r + data.repeats) * 52 / (alpha + data.age), rel=1e-6)


@pytest.mark.parametrize(
    ("repeats", "last", "age"),
    [
        (np.zeros(900, dtype=int), np.zeros(900), np.full(900, 52.0)),
        (np.array([], dtype=int), np.array([]), np.array([])),
        (np.array([0, 1]), np.array([0.0, 0.0]), np.array([0.0, 0.0])),
    ],
    ids=["one purchase each", "no customer", "no time"],
)
def test_degenerate_sets_have_no_number(
    repeats: np.ndarray, last: np.ndarray, age: np.ndarray
) -> None:
    found = fitting.fit("mbg_nbd", group(repeats, last, age))
    assert found.state == "too_little"
    assert found.parameters is None
    assert np.isnan(prediction.p_alive(found, repeats, last, age)).all()


def test_intervals_cover_the_truth_at_their_rate() -> None:
    history = np.array([2]), np.array([40.0]), np.array([78.0])
    truth = prediction.expected_purchases(
        fitting.Fit(KINDS["mbg_nbd"], "ok", from_beta(1.2, 9.0, 0.8, 2.4)), *history, 52.0
    )[0]
    covered = 0
    for seed in range(40):
        found = fitting.fit("mbg_nbd", _simulated(seed, customers=1_500, **_PLANTED))
        [value] = prediction.expected_purchases(found, *history, 52.0)
        [error] = prediction.standard_error(found, *history, 52.0)
        covered += abs(value - truth) <= 1.96 * error
    # 95 % of 40 is 38; fewer than 33 has a probability below .2 %.
    assert covered >= 33


def test_errors_of_cells_are_those_of_their_histories() -> None:
    data = _simulated(9, customers=2_000, **_PLANTED)
    found = fitting.fit("mbg_nbd", data)
    exact = prediction.standard_error(found, data.repeats, data.last, data.age, 52.0)
    expected = prediction.expected_purchases(found, data.repeats, data.last, data.age, 52.0)
    errors = prediction.RelativeErrors(found, 52.0)
    by_cell = errors.of(data.repeats, data.last, data.age)
    again = errors.of(data.repeats[::-1], data.last[::-1], data.age[::-1])
    assert (by_cell == again[::-1]).all()
    off = np.abs(by_cell / (exact / expected) - 1)
    assert np.quantile(off, 0.95) < 0.06
    assert off.max() < 0.3


def test_a_large_shop_has_the_figures_of_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    x, age = rng.integers(0, 5, 300), rng.integers(50, 500, 300) / 7
    history = x, np.where(x > 0, age / 2, 0.0), age
    figures = []
    for many in (10**9, 0):
        prediction._MEMORIES.clear()
        monkeypatch.setattr(prediction, "_MANY", many)
        fitted = fitting.Fit(KINDS["mbg_cnbd_2"], "ok", from_beta(1.2, 9.0, 0.8, 2.4))
        parts = [slice(0, 100), slice(100, 300)]
        figures.append(
            np.concatenate(
                [
                    prediction.expected_purchases(fitted, *(h[part] for h in history), 52.0)
                    for part in parts
                ]
            )
        )
    assert (figures[0] == figures[1]).all()


def test_very_frequent_buyers_have_finite_figures() -> None:
    fitted = fitting.Fit(KINDS["mbg_cnbd_4"], "ok", from_beta(1.2, 9.0, 0.8, 2.4))
    history = np.array([300, 700]), np.array([52.0, 100.0]), np.array([52.1, 100.1])
    expected = prediction.expected_purchases(fitted, *history, 52.0)
    assert np.isfinite(expected).all()
    assert (expected > 100).all()


def test_equal_customers_have_the_mean_spend() -> None:
    rng = np.random.default_rng(2)
    totals, counts, means = _spend_of(rng, 0.0)
    found = spend.fit_spend(counts, means, np.ones(len(counts)), totals, mean=50.0, least_icc=0.02)
    assert found.state == "population_mean"
    assert found.icc_low is not None
    assert found.icc_low < 0.02
    assert (spend.expected_spend(found, np.array([0, 9]), np.array([0.0, 80.0])) == 50.0).all()


def test_different_customers_have_their_own_spend() -> None:
    rng = np.random.default_rng(2)
    totals, counts, means = _spend_of(rng, 0.4)
    found = spend.fit_spend(counts, means, np.ones(len(counts)), totals, mean=50.0, least_icc=0.02)
    assert found.state == "gamma_gamma"
    assert found.icc is not None
    # Var of ln scale .16, of one purchase ψ'(6) = .181.
    assert found.icc == pytest.approx(0.16 / (0.16 + 0.181), abs=0.03)
    none, few, many = spend.expected_spend(
        found, np.array([0, 1, 30]), np.array([0.0, 100.0, 100.0])
    )
    assert none < few < many < 100


def _spend_of(
    rng: np.random.Generator, spread: float
) -> tuple[spend.Totals, list[int], list[float]]:
    """Values of 4,000 customers around 50, whose own levels differ by `spread` on the logarithmic scale."""
    values = [
        rng.gamma(6.0, 50.0 / 6.0, rng.integers(1, 8))
        * np.exp(rng.normal(-(spread**2) / 2, spread))
        for _ in range(4_000)
    ]
    logs = [np.log(bought) for bought in values]
    counts = [len(bought) for bought in values]
    totals = spend.Totals(
        len(values),
        sum(counts),
        sum(float((z**2).sum()) for z in logs),
        sum(float(z.sum()) ** 2 / len(z) for z in logs),
        sum(float(z.sum()) for z in logs),
        sum(count**2 for count in counts),
    )
    return totals, counts, [float(bought.mean()) for bought in values]


def test_a_fit_survives_its_text() -> None:
    data = _simulated(7, customers=2_000, **_PLANTED)
    for kind in KINDS:
        found = fitting.fit(kind, data)
        text = fit_text.write_fit(found)
        again = fit_text.read_fit(text)
        assert fit_text.write_fit(again) == text
        assert len(text.split("|")) == len(fit_text.PURCHASE_PARTS)


def test_the_order_of_customers_changes_no_fit() -> None:
    data = _simulated(8, customers=2_000, **_PLANTED)
    order = np.random.default_rng(1).permutation(len(data.age))
    mixed = group(*(values[order] for values in vars(data).values()))
    texts = {fit_text.write_fit(fitting.fit("mbg_nbd", found)) for found in (data, mixed)}
    assert len(texts) == 1, texts
