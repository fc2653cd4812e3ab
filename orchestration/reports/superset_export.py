"""A ZIP that Superset imports: the release as a database, each question as a dataset, and a dashboard on them.

The format is that of Superset's own export, version 1.0.0. `metadata.yaml` states no type, so that both imports take
the file: that of dashboards, and that of assets, which replaces what an earlier import made.
"""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import yaml

from orchestration.config.settings import Settings
from orchestration.reports.questions import Question, QuestionError
from orchestration.reports.sql_query import fetch
from orchestration.reports.superset_charts import CHARTS, Chart, layout

_VERSION = "1.0.0"
_ROOT = "shop360_questions"
_DATABASE = "shop360"
_TIMES = ("DATE", "TIMESTAMP")
_SAFE = {
    "access_mode": "read_only",
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "lock_configuration": "true",
}
"""The settings of docs/connect-bi.md, in its order: the last one locks the others."""


def write_export(
    settings: Settings, questions: Sequence[Question], target: Path, database: Path | None = None
) -> int:
    """Write the ZIP, and return the number of datasets; `database` is the path that Superset opens.

    The columns of each dataset are those of the release of this home. Raises QuestionError for a relative path.
    """
    if database and not database.is_absolute():
        raise QuestionError(f"--database {database}: Superset needs an absolute path.")
    released = database or settings.released.absolute()
    files = _files(settings, questions, released)
    draft = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as sink:
            for name, content in files.items():
                text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
                sink.writestr(f"{_ROOT}/{name}", text)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return len(questions)


def database_uri(released: Path) -> str:
    """The URI of SQLAlchemy for the release: read-only, and closed to other files."""
    options = "&".join(f"{name}={value}" for name, value in _SAFE.items())
    return f"duckdb:///{quote(str(released))}?{options}"


def _files(
    settings: Settings, questions: Sequence[Question], released: Path
) -> dict[str, dict[str, Any]]:
    """By path inside the ZIP what each file holds."""
    _, [[zh, en]] = fetch(settings, "select zh, en from meta.shop")
    title = f"{zh} · {en} · shop360"
    by_name = {question.name: question for question in questions}
    files: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": _VERSION, "timestamp": datetime.now(UTC).isoformat()},
        f"databases/{_DATABASE}.yaml": {
            "database_name": title,
            "sqlalchemy_uri": database_uri(released),
            "expose_in_sqllab": True,
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "extra": {"allows_virtual_table_explore": True},
            "uuid": _uuid(released, "database"),
            "version": _VERSION,
        },
    }
    for question in questions:
        name = f"datasets/{_DATABASE}/{question.name}.yaml"
        files[name] = _dataset(settings, question, released)
    charts = [chart for chart in CHARTS if chart.question in by_name]
    for chart in charts:
        name = f"charts/{chart.question}.yaml"
        files[name] = _chart(chart, by_name[chart.question], released)
    positions = [
        (_uuid(released, f"chart {chart.question}"), _title(by_name[chart.question]))
        for chart in charts
    ]
    files["dashboards/shop360.yaml"] = {
        "dashboard_title": title,
        "description": "Saved questions of shop360 (常用问题).",
        "slug": None,
        "uuid": _uuid(released, "dashboard"),
        "position": layout(title, positions),
        "metadata": {"color_scheme": "supersetColors"},
        "version": _VERSION,
    }
    return files


def _dataset(settings: Settings, question: Question, released: Path) -> dict[str, Any]:
    _, columns = fetch(settings, f"describe {question.sql}")
    return {
        "table_name": question.name,
        "description": f"{question.zh} {question.en}\n{question.answers}",
        "sql": question.sql,
        "filter_select_enabled": True,
        "uuid": _uuid(released, f"dataset {question.name}"),
        "columns": [_column(str(name), str(kind)) for name, kind, *_ in columns],
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "version": _VERSION,
        "database_uuid": _uuid(released, "database"),
    }


def _column(name: str, kind: str) -> dict[str, Any]:
    return {
        "column_name": name,
        "type": kind,
        "is_dttm": kind.startswith(_TIMES),
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _chart(chart: Chart, question: Question, released: Path) -> dict[str, Any]:
    return {
        "slice_name": _title(question),
        "description": question.answers,
        "viz_type": chart.viz_type,
        "params": {**_plain(chart.params), "viz_type": chart.viz_type},
        "uuid": _uuid(released, f"chart {chart.question}"),
        "version": _VERSION,
        "dataset_uuid": _uuid(released, f"dataset {chart.question}"),
    }


def _plain(value: Any) -> Any:
    """The value with plain dicts and lists, which YAML writes without tags or anchors."""
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _title(question: Question) -> str:
    return f"{question.zh} {question.en}"


def _uuid(released: Path, name: str) -> str:
    """The same for the same release path and name, so that a later import replaces an earlier one."""
    return str(uuid5(NAMESPACE_URL, f"shop360:{released}:{name}"))
