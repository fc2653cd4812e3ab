"""The export for Superset: what the ZIP holds, and what Superset makes of it."""

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from shops import REPO, Shop

from orchestration.config.settings import load_settings
from orchestration.reports.question_answer import answer
from orchestration.reports.questions import all_questions

_PACKAGES = (
    "apache-superset==6.1.0",
    "duckdb-engine==0.17.0",
    "flask-caching==2.3.1",
    "cachetools",
    "rich",
)
"""What the package of Superset needs beside its own dependencies to start with them."""
_CONFIG = """
SECRET_KEY = "of a server that lives for one test"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""
_QUESTIONS = all_questions()


def _export(shop: Shop, folder: Path, *options: object) -> dict[str, Any]:
    """By path below the root of the ZIP what each file holds; `questions.zip` stays in the folder."""
    target = folder / "questions.zip"
    done = shop.cli("questions", "--superset", target, *options)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as source:
        names = source.namelist()
        assert {name.split("/")[0] for name in names} == {"shop360_questions"}
        return {name.split("/", 1)[1]: yaml.safe_load(source.read(name).decode()) for name in names}


@pytest.fixture(scope="module")
def files(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _export(demo_shop, tmp_path_factory.mktemp("superset"))


def _below(files: dict[str, Any], folder: str) -> dict[str, Any]:
    return {name: content for name, content in files.items() if name.startswith(f"{folder}/")}


def test_the_export_has_every_question_and_six_charts(files: dict[str, Any]) -> None:
    assert files["metadata.yaml"]["version"] == "1.0.0" and "type" not in files["metadata.yaml"]
    assert sorted(one["table_name"] for one in _below(files, "datasets").values()) == [
        question.name for question in _QUESTIONS
    ]
    assert len(_below(files, "charts")) == 6
    assert len(_below(files, "dashboards")) == len(_below(files, "databases")) == 1


def test_the_database_is_read_only_and_closed(files: dict[str, Any], demo_shop: Shop) -> None:
    [database] = _below(files, "databases").values()
    page = (REPO / "docs" / "connect-bi.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if line.startswith("duckdb:////<path>")]
    expected = line.replace("/<path>/shop360.duckdb", str(demo_shop.released))
    assert database["sqlalchemy_uri"] == expected
    assert not database["allow_dml"] and not database["allow_ctas"] and not database["allow_cvas"]


def test_every_reference_of_the_export_leads_somewhere(files: dict[str, Any]) -> None:
    [database] = _below(files, "databases").values()
    datasets = {one["uuid"]: one for one in _below(files, "datasets").values()}
    charts = {one["uuid"]: one for one in _below(files, "charts").values()}
    assert {one["database_uuid"] for one in datasets.values()} == {database["uuid"]}
    [dashboard] = _below(files, "dashboards").values()
    position = dashboard["position"]
    placed = {
        part["meta"]["uuid"]
        for part in position.values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    assert placed == set(charts)
    children = [
        child for part in position.values() if isinstance(part, dict) for child in part.get("children", [])
    ]  # fmt: skip
    assert [child for child in children if child not in position] == []


def test_charts_use_columns_that_their_question_has(files: dict[str, Any]) -> None:
    datasets = {one["uuid"]: one for one in _below(files, "datasets").values()}
    for chart in _below(files, "charts").values():
        columns = {one["column_name"] for one in datasets[chart["dataset_uuid"]]["columns"]}
        params = chart["params"]
        metrics = params.get("metrics", []) + ([params["metric"]] if "metric" in params else [])
        used = {one["column"]["column_name"] for one in metrics}
        used |= {*params.get("all_columns", []), *params.get("groupby", [])}
        used |= {params["x_axis"]} if "x_axis" in params else set()
        used |= {one["subject"] for one in params.get("adhoc_filters", [])}
        assert used and used <= columns, (chart["slice_name"], used - columns)


def test_a_dataset_has_the_sql_and_columns_of_its_question(
    files: dict[str, Any], demo_shop: Shop
) -> None:
    settings = load_settings(demo_shop.home)
    by_name = {one["table_name"]: one for one in _below(files, "datasets").values()}
    for question in _QUESTIONS:
        dataset = by_name[question.name]
        assert dataset["sql"] == question.sql
        names = [column["column_name"] for column in dataset["columns"]]
        assert names == list(answer(settings, question, {}, limit=1).names)
        times = {column["column_name"] for column in dataset["columns"] if column["is_dttm"]}
        assert times == {name for name in names if name.endswith(("_on", "_at"))}


def test_ids_depend_on_the_path_of_the_database_only(
    files: dict[str, Any], demo_shop: Shop, tmp_path: Path
) -> None:
    again = _export(demo_shop, tmp_path)
    ids = {name: content.get("uuid") for name, content in files.items()}
    assert {name: content.get("uuid") for name, content in again.items()} == ids
    elsewhere = _export(demo_shop, tmp_path, "--database", "/srv/a shop/shop360.duckdb")
    [database] = _below(elsewhere, "databases").values()
    assert database["sqlalchemy_uri"].startswith("duckdb:////srv/a%20shop/shop360.duckdb?access_")
    others = {content.get("uuid") for content in elsewhere.values()} - {None}
    assert others & set(ids.values()) == set()


def test_a_relative_database_path_ends_with_exit_code_2(demo_shop: Shop, tmp_path: Path) -> None:
    target = tmp_path / "questions.zip"
    done = demo_shop.cli("questions", "--superset", target, "--database", "shop360.duckdb")
    assert done.returncode == 2 and "absolute path" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a Superset: that of `SHOP360_SUPERSET`, or one that is installed here; else a skip."""
    if given := os.environ.get("SHOP360_SUPERSET"):
        return Path(given)
    venv = tmp_path_factory.mktemp("venv") / "superset"
    uv = REPO / ".venv" / "bin" / "uv"
    python = venv / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", "3.11", venv],
        [uv, "pip", "install", "--quiet", "--python", python, *_PACKAGES],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"apache-superset cannot be installed: {done.stderr.strip()[-300:]}")
    return python


@pytest.mark.thorough
def test_superset_imports_the_export_and_answers_alike(
    superset: Path, demo_shop: Shop, tmp_path: Path
) -> None:
    _export(demo_shop, tmp_path)
    config = tmp_path / "superset_config.py"
    config.write_text(_CONFIG.format(folder=tmp_path), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env = {**kept, "SUPERSET_CONFIG_PATH": str(config), "SUPERSET_HOME": str(tmp_path)}
    env["FLASK_APP"] = "superset"
    user = ["--username", "admin", "--firstname", "a", "--lastname", "b"]
    user += ["--email", "a@example.org", "--password", "admin"]
    for command in (["db", "upgrade"], ["fab", "create-admin", *user], ["init"]):
        _run([superset.with_name("superset"), *command], env)
    settings = load_settings(demo_shop.home)
    expected = {one.name: len(answer(settings, one, {}).rows) for one in _QUESTIONS}
    probe = REPO / "tests" / "support" / "superset_probe.py"
    for kind in ("dashboard", "assets"):
        printed = _run([superset, probe, tmp_path / "questions.zip", "admin", "admin", kind], env)
        found = json.loads(printed.splitlines()[-1])
        assert found["status"] == 200, found["answer"]
        rows = {name: len(one.get("rows", [])) for name, one in found["datasets"].items()}
        assert rows == expected, [one for one in found["datasets"].values() if "error" in one]
        empty = [name for name, one in found["charts"].items() if not one.get("rows")]
        assert len(found["charts"]) == 6 and empty == []
        assert list(found["dashboards"].values()) == [6]


def _run(command: list[Any], env: dict[str, str]) -> str:
    """The output of a command of Superset, which must end well."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
