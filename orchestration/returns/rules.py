"""Thresholds of returns, as the policy of the shop states them."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Rules:
    """Columns of the seed `return_policy`, which describes them."""

    least_days: int = 180
    most_gap_rate: float = 0.05
    gap_days: int = 14
    most_sales_rate: float = 0.75
    least_residual_cv: float = 0.1
    least_level_cv: float = 0.15
    least_level_changes: int = 8
    most_shared_rate: float = 0.75
    response_p: float = 0.001
    most_lift: float = 3.0
    most_interval_width: float = 2.0
    low_quantile: float = 0.05
    high_quantile: float = 0.95
    present_days: int = 56
    curve_points: int = 9
    draw_count: int = 300
    block_days: int = 28
    seed: int = 1
    power: float = 0.8
    confidence: float = 0.95
    pause_rate: float = 0.25
    assumed_decay: float = 0.5
    least_experiment_weeks: int = 8
    most_experiment_weeks: int = 104
    most_change_rate: float = 0.3


def read_rules(text: str) -> Rules:
    """Rules from `name=value` pairs that semicolons separate; a missing name keeps its default."""
    given = dict(pair.split("=", 1) for pair in text.split(";") if pair)
    whole = {field.name for field in fields(Rules) if isinstance(field.default, int)}
    values: dict[str, Any] = {
        name: round(float(value)) if name in whole else float(value)
        for name, value in given.items()
    }
    return Rules(**values)
