"""Experiments: the marts of the demo against scipy, and the SQL of the models on simulated experiments."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Any

import duckdb
import numpy as np
import pytest
from experiment_lab import ExperimentLab
from scipy import optimize, stats
from shops import Shop

from orchestration.engines.dbt_session import register_functions

BUNDLE, RANKING = "bundle_offer_2026_09", "search_ranking_2026_10"
SAME, SKEWED = "home_page_aa_2026_08", "checkout_page_2026_10"
MISSING_IS_ZERO = (SAME, SKEWED)
SHOWN = ("control_mean", "variant_mean", "absolute_lift", "relative_lift", "p_value")


@dataclass
class Exported:
    """One experiment as its files have it: variants of each unit, and outcomes of each unit."""

    variants: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    outcomes: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def units(self, variant: str) -> list[str]:
        """The units of one variant alone."""
        return sorted(unit for unit, found in self.variants.items() if found == {variant})

    def column(self, variant: str, place: int) -> np.ndarray:
        """Numerators, denominators or covariates of a variant; units without an outcome are 0."""
        zero = (0.0, 0.0, 0.0)
        return np.array([self.outcomes.get(unit, zero)[place] for unit in self.units(variant)])


@pytest.fixture(scope="module")
def exported(demo_shop: Shop) -> dict[str, Exported]:
    """The two files of the demo, read without the pipeline."""
    found: dict[str, Exported] = defaultdict(Exported)
    for row in _rows(demo_shop, "实验分组"):
        found[row["实验编号"]].variants[row["访客标识"]].add(row["实验组"])
    for row in _rows(demo_shop, "实验结果"):
        cells = tuple(float(row[name] or 0) for name in ("分子", "分母", "实验前"))
        found[row["实验编号"]].outcomes[row["访客标识"]] = cells
    return found


def _rows(shop: Shop, name: str) -> Iterator[dict[str, str]]:
    with (shop.home / "inbox" / "web" / f"{name}.csv").open(encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


def _marts(shop: Shop, table: str, experiment: str) -> list[dict[str, Any]]:
    columns = [
        name
        for (name,) in shop.ask(
            f"select column_name from duckdb_columns() where schema_name = 'marts' and table_name = '{table}'"
        )
    ]
    rows = shop.ask(
        f"select {', '.join(columns)} from marts.{table} where experiment_id = '{experiment}' order by variant"
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def results(demo_shop: Shop) -> dict[str, dict[str, Any]]:
    """The row of each experiment of the demo that has one variant beside the control."""
    return {
        name: _marts(demo_shop, "experiment_results", name)[0]
        for name in (BUNDLE, RANKING, SAME, SKEWED)
    }


@pytest.fixture(scope="module")
def lab(demo_shop: Shop) -> ExperimentLab:
    return ExperimentLab(demo_shop)


def test_functions_equal_those_of_scipy() -> None:
    with duckdb.connect() as con:
        register_functions(con)
        for sql, expected in (
            ("normal_quantile(0.975)", stats.norm.ppf(0.975)),
            ("student_t_probability(-2.5, 7.25)", stats.t.cdf(-2.5, 7.25)),
            ("student_t_probability(-40.0, 900)", stats.t.cdf(-40, 900)),
            ("student_t_quantile(0.975, 7.25)", stats.t.ppf(0.975, 7.25)),
            ("chi_square_tail(10.83, 1)", stats.chi2.sf(10.83, 1)),
            ("chi_square_tail(3.5, 4)", stats.chi2.sf(3.5, 4)),
        ):
            [(found,)] = con.execute(f"select {sql}").fetchall()
            assert found == pytest.approx(expected, rel=1e-9), sql
        for sql in (
            "normal_quantile(1.5)",
            "chi_square_tail(1, 0)",
            "student_t_quantile(0.9, null)",
        ):
            assert con.execute(f"select {sql}").fetchall() == [(None,)], sql


@pytest.mark.parametrize("name", [BUNDLE, RANKING, SAME, SKEWED])
def test_samples_equal_a_count_of_the_files(
    demo_shop: Shop, exported: dict[str, Exported], name: str
) -> None:
    rows = _marts(demo_shop, "experiment_samples", name)
    one = exported[name]
    counts = {row["variant"]: len(one.units(row["variant"])) for row in rows}
    assert {row["variant"]: row["assigned_count"] for row in rows} == counts
    doubled = sum(len(found) > 1 for found in one.variants.values())
    assert {row["several_variants_count"] for row in rows} == {doubled}
    assert sum(counts.values()) + doubled == len(one.variants)
    [p] = {row["sample_ratio_p"] for row in rows}
    assert p == pytest.approx(stats.chisquare(list(counts.values())).pvalue, abs=1e-9)


@pytest.mark.parametrize("name", [BUNDLE, SAME])
def test_results_of_means_equal_welch(
    exported: dict[str, Exported], results: dict[str, dict[str, Any]], name: str
) -> None:
    row, one = results[name], exported[name]
    control, variant = (one.column(v, 0) for v in ("control", row["variant"]))
    _assert_welch(row, "", control, variant)
    assert (row["control_unit_count"], row["variant_unit_count"]) == (len(control), len(variant))


def _assert_welch(
    row: dict[str, Any], prefix: str, control: np.ndarray, variant: np.ndarray
) -> None:
    test = stats.ttest_ind(variant, control, equal_var=False)
    low, high = test.confidence_interval(0.95)
    ratios = _fieller(control, variant, test.df)
    expected = {
        "control_mean": control.mean(), "variant_mean": variant.mean(),
        "absolute_lift": variant.mean() - control.mean(), "p_value": test.pvalue,
        "absolute_lift_low": low, "absolute_lift_high": high,
        "relative_lift": variant.mean() / control.mean() - 1,
        "relative_lift_low": ratios[0] - 1, "relative_lift_high": ratios[1] - 1,
    }  # fmt: skip
    found = {name: row[prefix + name] for name in expected}
    assert found == pytest.approx(expected, abs=2e-8, rel=1e-7)


def _fieller(control: np.ndarray, variant: np.ndarray, degrees: float) -> tuple[float, float]:
    """Ratios of means at which the test is exactly at 5 %, by root finding."""
    quantile = stats.t.ppf(0.975, degrees)
    means = variant.mean(), control.mean()
    errors = variant.var(ddof=1) / len(variant), control.var(ddof=1) / len(control)

    def distance(ratio: float) -> float:
        return abs(means[0] - ratio * means[1]) - quantile * sqrt(errors[0] + ratio**2 * errors[1])

    middle = means[0] / means[1]
    return (
        optimize.brentq(distance, middle - 2, middle, xtol=1e-13),
        optimize.brentq(distance, middle, middle + 2, xtol=1e-13),
    )


def test_result_of_a_ratio_equals_the_delta_method(
    exported: dict[str, Exported], results: dict[str, dict[str, Any]]
) -> None:
    row, one = results[RANKING], exported[RANKING]
    linear = []
    for variant in ("control", "personal"):
        clicks, views = one.column(variant, 0), one.column(variant, 1)
        ratio = clicks.sum() / views.sum()
        linear.append(ratio + (clicks - ratio * views) / views.mean())
    _assert_welch(row, "", *linear)
    assert (row["method"], row["adjustment_state"]) == ("delta", "ratio_metric")


def test_adjusted_result_equals_a_regression(
    exported: dict[str, Exported], results: dict[str, dict[str, Any]]
) -> None:
    row, one = results[BUNDLE], exported[BUNDLE]
    control, variant = (one.column(v, 0) for v in ("control", "bundle"))
    before = [one.column(v, 2) for v in ("control", "bundle")]
    # The slope of a regression with an intercept per variant is the pooled slope within variants.
    groups = np.repeat([0.0, 1.0], [len(control), len(variant)])
    covariate = np.concatenate(before)
    design = np.column_stack([np.ones_like(groups), groups, covariate])
    theta = np.linalg.lstsq(design, np.concatenate([control, variant]), rcond=None)[0][2]
    centred = [values - covariate.mean() for values in before]
    assert row["theta"] == pytest.approx(theta, rel=1e-6)
    _assert_welch(row, "adjusted_", control - theta * centred[0], variant - theta * centred[1])
    plain, adjusted = (
        row[prefix + "absolute_lift_high"] - row[prefix + "absolute_lift"]
        for prefix in ("", "adjusted_")
    )
    assert row["variance_reduction_rate"] == pytest.approx(1 - (adjusted / plain) ** 2, abs=1e-3)
    assert row["variance_reduction_rate"] > 0.25


def test_planted_effects_are_found_and_inside(
    demo_shop: Shop, results: dict[str, dict[str, Any]]
) -> None:
    planted = dict(
        demo_shop.ask(
            "select experiment_id, planted_ratio - 1 from "
            f"read_parquet('{demo_shop.home}/private/truth/experiments.parquet')"
        )
    )
    assert planted[BUNDLE] == pytest.approx(0.08)
    for name, prefix in ((BUNDLE, ""), (BUNDLE, "adjusted_"), (RANKING, ""), (SAME, "")):
        row = results[name]
        low, high = (row[f"{prefix}relative_lift_{end}"] for end in ("low", "high"))
        assert low <= planted[name] <= high, (name, low, high)
        assert (row[f"{prefix}p_value"] < 0.05) == (planted[name] != 0), (name, row)
        assert row["state"] == "ok"


def test_wrong_sample_ratio_withholds_the_result(results: dict[str, dict[str, Any]]) -> None:
    row = results[SKEWED]
    assert row["state"] == "sample_ratio_mismatch"
    assert row["sample_ratio_p"] < 0.001
    withheld = {name: row[prefix + name] for prefix in ("", "adjusted_") for name in SHOWN}
    assert set(withheld.values()) == {None}
    assert "planned shares" in row["state_en"] and "计划比例" in row["state_zh"]


def test_double_assignments_are_those_of_the_truth(demo_shop: Shop) -> None:
    truth = f"{demo_shop.home}/private/truth/experiments.parquet"
    counts = demo_shop.ask(
        f"""select several_variants_count, (select any_value(several_variants_count)
            from marts.experiment_samples where experiment_id = '{SAME}')
        from read_parquet('{truth}') where experiment_id = '{SAME}'"""
    )
    [(planted, found)] = counts
    assert planted == found > 0


def test_planned_experiment_has_no_figures(demo_shop: Shop) -> None:
    rows = _marts(demo_shop, "experiment_results", "bundle_offer_2026_11")
    assert [(row["variant"], row["state"]) for row in rows] == [
        ("large", "planned"), ("small", "planned"),
    ]  # fmt: skip
    assert {row[name] for row in rows for name in SHOWN} == {None}


@pytest.mark.parametrize("name", [SAME, SKEWED, "bundle_offer_2026_11"])
def test_plans_reach_the_power_of_a_normal_test(demo_shop: Shop, name: str) -> None:
    rows = {row["variant"]: row for row in _marts(demo_shop, "experiment_plans", name)}
    control = rows.pop("control")
    for row in rows.values():
        effect = control["baseline"] * control["least_effect_rate"] / sqrt(control["variance"])
        ratio = row["planned_rate"] / control["planned_rate"]
        needed = _solved(effect, ratio, control["power"])
        assert control["needed_count"] == pytest.approx(ceil(needed), abs=1)
        assert row["needed_count"] == pytest.approx(ceil(needed * ratio), abs=1)
        total = needed / control["planned_rate"]
        assert row["needed_days"] == ceil(total / row["daily_unit_count"])


def _solved(effect: float, ratio: float, power: float) -> float:
    """Units of the control, as statsmodels' NormalIndPower finds them: both tails, by root finding."""
    limit = stats.norm.isf(0.025)

    def missing(units: float) -> float:
        shift = effect * sqrt(units / (1 + 1 / ratio))
        return stats.norm.sf(limit - shift) + stats.norm.cdf(-limit - shift) - power

    return optimize.brentq(missing, 2, 1e9)


def test_planned_variance_is_that_of_the_precedent(
    demo_shop: Shop, exported: dict[str, Exported]
) -> None:
    row = _marts(demo_shop, "experiment_plans", "bundle_offer_2026_11")[0]
    control = exported[BUNDLE].column("control", 0)
    assert row["precedent_id"] == BUNDLE
    assert row["baseline"] == pytest.approx(control.mean(), abs=1e-5)
    assert row["variance"] == pytest.approx(control.var(ddof=1), rel=1e-6)
    unknown = _marts(demo_shop, "experiment_plans", RANKING)[0]
    assert (unknown["state"], unknown["needed_count"]) == ("no_variance", None)


Draw = Callable[[np.random.Generator, np.ndarray], dict[str, np.ndarray]]


def _drawn(draw: Draw, *, draws: int, units: int, seed: int) -> dict[str, Any]:
    """Units of many experiments, half of each treated."""
    random = np.random.default_rng(seed)
    treated = np.tile(np.arange(units) % 2 == 1, draws)
    return {
        "experiment_id": np.repeat(np.arange(draws), units),
        "variant": np.where(treated, "variant", "control"),
        **draw(random, treated),
    }


def _skewed(random: np.random.Generator, treated: np.ndarray) -> dict[str, np.ndarray]:
    """A skewed value, larger by 8 % if treated, and the same person's value before; a tenth has none."""
    before, after = random.normal(size=(2, len(treated)))
    covariate = np.exp(0.6 * before)
    covariate[random.random(len(treated)) < 0.1] = np.nan
    value = np.exp(0.48 * before + 0.36 * after - 0.18)
    return {"numerator": value * np.where(treated, 1.08, 1.0), "covariate": covariate}


def _clicks(random: np.random.Generator, treated: np.ndarray) -> dict[str, np.ndarray]:
    """Clicks and views, with a personal rate that grows with the views, and 10 % more clicks if treated."""
    views = random.integers(1, 11, len(treated))
    rate = 0.1 + 0.01 * views + 0.1 * random.random(len(treated))
    clicks = random.binomial(views, rate * np.where(treated, 1.1, 1.0))
    return {"numerator": clicks.astype(float), "denominator": views.astype(float)}


def test_equal_variants_have_uniform_p_values(lab: ExperimentLab) -> None:
    for kind, draw in (("mean", _skewed), ("ratio", _clicks)):
        found = lab.lifts(
            kind, _drawn(lambda r, t, d=draw: d(r, np.zeros_like(t)), draws=1000, units=400, seed=1)
        )
        for adjusted in set(found["is_adjusted"]):
            p_values = found["p_value"][found["is_adjusted"] == adjusted]
            assert len(p_values) == 1000
            assert stats.kstest(p_values, "uniform").pvalue > 0.01, (kind, adjusted)


@pytest.mark.parametrize(
    ("kind", "draw", "absolute", "relative"),
    [("mean", _skewed, 0.08, 0.08), ("ratio", _clicks, 0.022, 0.1)],
)
def test_intervals_cover_the_planted_lift(
    lab: ExperimentLab, kind: str, draw: Draw, absolute: float, relative: float
) -> None:
    found = lab.lifts(kind, _drawn(draw, draws=500, units=400, seed=7))
    for adjusted in sorted(set(found["is_adjusted"])):
        rows = found["is_adjusted"] == adjusted
        for name, planted in (("absolute", absolute), ("relative", relative)):
            low, high = (found[f"{name}_lift_{end}"][rows] for end in ("low", "high"))
            assert len(low) == 500
            covered = float(np.mean((low <= planted) & (planted <= high)))
            assert 0.93 <= covered <= 0.97, (kind, adjusted, name, covered)
    if kind == "mean":
        plain, adjusted = (
            found["absolute_error"][found["is_adjusted"] == a] for a in (False, True)
        )
        assert np.mean(1 - (adjusted / plain) ** 2) == pytest.approx(0.52, abs=0.06)


def test_interval_and_p_value_never_disagree(lab: ExperimentLab) -> None:
    found = lab.lifts("mean", _drawn(_skewed, draws=500, units=100, seed=3))
    for name in ("absolute", "relative"):
        outside = (found[f"{name}_lift_low"] > 0) | (found[f"{name}_lift_high"] < 0)
        assert Counter(outside == (found["p_value"] < 0.05)) == {True: 1000}


def test_error_of_a_ratio_equals_the_bootstrap(lab: ExperimentLab) -> None:
    units = _drawn(_clicks, draws=1, units=1000, seed=5)
    found = lab.lifts("ratio", units)
    random = np.random.default_rng(11)
    ratios = {}
    for variant in ("control", "variant"):
        rows = np.flatnonzero(units["variant"] == variant)
        picked = random.choice(rows, size=(4000, len(rows)))
        ratios[variant] = units["numerator"][picked].sum(1) / units["denominator"][picked].sum(1)
    lift = ratios["variant"] - ratios["control"]
    relative = ratios["variant"] / ratios["control"] - 1
    assert found["absolute_error"][0] == pytest.approx(lift.std(), rel=0.05)
    ends = [found[f"relative_lift_{end}"][0] for end in ("low", "high")]
    assert ends == pytest.approx(list(np.quantile(relative, [0.025, 0.975])), abs=0.006)
