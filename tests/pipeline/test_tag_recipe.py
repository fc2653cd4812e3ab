"""The recipe for a tag in CONTRIBUTING.md is followed in a copy of the checkout."""

import csv
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from shops import REPO, Shop
from tag_facts import seed

from tools import wide_tags

_COPIED = (
    "models", "macros", "seeds", "tests", "orchestration", "tools", "dbt_project.yml", "profiles.yml", "shop.yml",
)  # fmt: skip
_CODE = "deal_hunter"
_YML = """\
models:
  - name: int_value__tag_deal_hunter
    description: "One row per customer and day on which the tag deal_hunter may change. Whether an order of the last 365 days had a promotion."
    config: {meta: {primary_key: [customer_id, valid_from_on]}}
"""


def _block(language: str) -> str:
    text = (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.split("### Add a tag\n")[1].split("\n### ")[0]
    [block] = re.findall(rf"^ *```{language}\n(.*?)^ *```", recipe, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(block)


def _python(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, *arguments], cwd=project, env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_row_of_the_recipe_fits_the_catalogue() -> None:
    [row] = csv.reader(_block("csv").splitlines())
    tag = dict(zip(wide_tags.catalogue()[0], row, strict=True))
    known = seed("tag_catalogue")
    assert tag["tag_code"] == _CODE and _CODE not in {other["tag_code"] for other in known}
    assert tag["tag_group"] in {other["tag_group"] for other in known}
    assert f"ref('int_value__tag_{_CODE}')" not in _block("sql")


@pytest.mark.thorough
def test_the_tag_of_the_recipe_has_values(demo_shop: Shop, tmp_path: Path) -> None:
    project, shop = tmp_path / "project", demo_shop.copy(tmp_path / "home")
    project.mkdir()
    for name in _COPIED:
        source = REPO / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project / name)
    folder = project / "models/intermediate/value/tags"
    (folder / f"int_value__tag_{_CODE}.sql").write_text(_block("sql"), encoding="utf-8")
    (folder / f"int_value__tag_{_CODE}.yml").write_text(_YML, encoding="utf-8")
    with (project / "seeds/tag_catalogue.csv").open("a", encoding="utf-8") as file:
        file.write(_block("csv"))
    _python(project, "-m", "tools.wide_tags")
    _python(
        project, "-c", "from orchestration.commands.main import app; app()", "dbt", "build",
        "--select", "+customer_tags_current", "--exclude-resource-type", "unit_test",
        "--home", str(shop.home), "--config", str(project / "shop.yml"),
    )  # fmt: skip
    stated = dict(
        shop.ask_warehouse(f"select {_CODE}, count(*) from marts.customer_tags_current group by 1")
    )
    expected = shop.ask(
        """select count(distinct customer_id) from marts.orders where is_sale and not is_anonymous
           and promotion_id is not null and ordered_on > (select max(as_of_on) from marts.customer_360) - 365"""
    )
    assert [(stated["yes"],)] == expected, stated
    assert set(stated) == {"yes", "no"}
