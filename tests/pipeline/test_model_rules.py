"""The structure of the models: direction, headers, primary keys and words, and that each rule can fail."""

import json
from pathlib import Path

import pytest
from shops import Shop

from tools import structure

PROJECT = structure.PROJECT


@pytest.fixture(scope="module")
def manifest(demo_shop: Shop) -> dict:
    path = demo_shop.home / "private" / "dbt" / "duckdb" / "manifest.json"
    return json.loads(path.read_text())


def test_models_read_earlier_topics_and_no_marts(manifest: dict) -> None:
    assert structure.wrong_directions(manifest) == []


def test_headers_equal_descriptions(manifest: dict) -> None:
    assert structure.headers_that_differ(manifest) == []


def test_models_that_others_read_name_their_key(manifest: dict) -> None:
    assert structure.missing_keys(manifest) == []


def test_keys_are_unique_in_the_demo_shop(manifest: dict, demo_shop: Shop) -> None:
    models = structure.Models(manifest)
    repeated = {}
    for node in models.nodes.values():
        if key := structure.primary_key(node):
            rows = demo_shop.ask_warehouse(
                f"select {', '.join(key)} from {node['schema']}.{node['name']}"
                f" group by {', '.join(key)} having count(*) > 1 limit 2"
            )
            if rows:
                repeated[node["name"]] = (key, rows)
    assert repeated == {}


def test_prose_has_no_forbidden_words() -> None:
    assert structure.forbidden_words(PROJECT) == []


def test_names_of_tests_are_short() -> None:
    names = structure.test_names(PROJECT)
    assert len(names) > 600
    assert [name for name in names if len(name) > 60] == []


def _planted(**changes: dict) -> dict:
    node = {
        "resource_type": "model",
        "name": "int_kpi__late",
        "original_file_path": "models/intermediate/kpi/int_kpi__late.sql",
        "raw_code": "-- One row per day.\nselect 1",
        "description": "One row per day.",
        "config": {"meta": {"primary_key": ["day_on"]}},
        "depends_on": {"nodes": []},
    }
    early = {
        **node,
        "name": "int_orders__early",
        "original_file_path": "models/intermediate/orders/int_orders__early.sql",
        "depends_on": {"nodes": ["model.shop360.int_kpi__late"]},
    }
    mart = {**node, "name": "orders", "original_file_path": "models/marts/sales/orders.sql"}
    nodes = {"int_kpi__late": node, "int_orders__early": early, "orders": mart}
    for name, change in changes.items():
        nodes[name] = {**nodes[name], **change}
    return {"nodes": {f"model.shop360.{name}": found for name, found in nodes.items()}}


def test_rules_fail_on_planted_offences(tmp_path: Path) -> None:
    assert structure.wrong_directions(_planted()) == [
        "int_orders__early (orders) reads int_kpi__late of the later or unknown topic kpi"
    ]
    on_a_mart = _planted(
        int_orders__early={"depends_on": {"nodes": []}},
        int_kpi__late={"depends_on": {"nodes": ["model.shop360.orders"]}},
    )
    assert structure.wrong_directions(on_a_mart) == ["int_kpi__late reads the mart orders"]
    [differs] = structure.headers_that_differ(_planted(orders={"description": "One row."}))
    assert differs.startswith("orders: ")
    assert structure.missing_keys(_planted(int_kpi__late={"config": {}})) == ["int_kpi__late"]
    (tmp_path / "docs").mkdir()
    word = structure.FORBIDDEN[0]
    (tmp_path / "docs" / "page.md").write_text(f"The table is made\n{word}.\n")
    assert structure.forbidden_words(tmp_path) == [f"docs/page.md:2: {word}"]
