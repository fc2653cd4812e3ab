"""What is wrong with a question for metrics, in a line: the name that does not exist, and the nearest that does."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

_GRAINS = ("day", "week", "month", "quarter", "year")
_NAMED = re.compile(r"\b(?:TimeDimension|Dimension|Entity)\(\s*['\"]([^'\"]+)['\"]")
_MOST = 3


def what_is_wrong(
    engine: MetricFlowEngine,
    metrics: Sequence[str],
    group_by: Sequence[str],
    where: Sequence[str],
    order: Sequence[str],
    error: Exception,
) -> str:
    """One line for the operator, from the names that were asked for; else MetricFlow's own first sentence."""
    known = [metric.name for metric in engine.list_metrics(include_dimensions=False)]
    for metric in metrics:
        if metric.lower() not in known:
            return f"There is no metric {metric!r}{near(metric, known, 'shop360 metrics list')}"
    slices = _slices(engine, metrics)
    asked = [(name, "--group-by") for name in group_by]
    asked += [(name, "--where") for text in where for name in _NAMED.findall(text)]
    for name, option in asked:
        if name.lower() not in slices:
            return _no_slice(engine, metrics, name, option, slices)
    sortable = [*metrics, *group_by]
    for name in order:
        if name.lstrip("-") not in sortable:
            hint = near(name.lstrip("-"), sortable, "")
            return f"--order {name}: sort by a metric or slice that is asked for{hint}"
    return _first_sentence(error)


def near(word: str, known: Iterable[str], command: str) -> str:
    """A hint that names the nearest known words, and where all of them are listed."""
    close = difflib.get_close_matches(word.lower(), list(known), n=_MOST, cutoff=0.6)
    hint = f"; did you mean {' or '.join(close)}?" if close else "."
    return f"{hint} `{command}` lists all." if command else hint


def _slices(engine: MetricFlowEngine, metrics: Sequence[str]) -> set[str]:
    """Everything that all of these metrics can be sliced by, times with every grain too."""
    dimensions = engine.simple_dimensions_for_metrics(list(metrics))
    names = {dimension.granularity_free_dunder_name for dimension in dimensions}
    names |= {dimension.dunder_name for dimension in dimensions}
    times = {n for n in names if n == "metric_time" or n.endswith(("_on", "_at"))}
    names |= {f"{name}__{grain}" for name in times for grain in _GRAINS}
    return names | {entity.name for entity in engine.entities_for_metrics(list(metrics))}


def _no_slice(
    engine: MetricFlowEngine, metrics: Sequence[str], name: str, option: str, slices: set[str]
) -> str:
    command = f"shop360 metrics dimensions --metrics {','.join(metrics)}"
    has_it = [metric for metric in metrics if name.lower() in _slices(engine, [metric])]
    without = [metric for metric in metrics if metric not in has_it]
    if has_it:
        return f"{option} {name}: {', '.join(without)} has no such slice. `{command}` lists those that all have."
    return f"{option} {name}: {', '.join(metrics)} has no such slice{near(name, slices, command)}"


def _first_sentence(error: Exception) -> str:
    """MetricFlow's own message without its advice, places and tracebacks."""
    text = str(error)
    if "Traceback" in text:
        asked = re.search(r"where filter:\s*\n\s*(.+)", text)
        found = re.search(r"^\s*jinja2[\w.]*: (.+)$", text, re.MULTILINE)
        reason = found[1].strip() if found else "it is no template"
        place = f"--where {asked[1].strip()}: " if asked else ""
        return f"{place}{reason}. Write a slice as {{{{ Dimension('platform') }}}}."
    message = re.search(r"Message:\s*\n\n?(.+?)(?:\n\s*\n|$)", text, re.DOTALL)
    return " ".join((message[1] if message else text.split("\n\n")[0]).split())
