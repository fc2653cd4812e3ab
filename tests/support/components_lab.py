"""A dbt project of one model that resolves a table of ties with the project's own macros, and nothing else."""

import os
import subprocess
from pathlib import Path

from orchestration.config.settings import PROJECT
from orchestration.engines.manifest import dbt_executable

MACROS = ("materializations/connected_components.sql", "portable.sql")

_PROJECT = """\
name: lab
profile: lab
model-paths: [models]
macro-paths: [macros]
flags: {send_anonymous_usage_stats: false, use_colors: false}
"""

_PROFILE = """\
lab:
  target: lab
  outputs:
    lab:
      type: duckdb
      path: lab.duckdb
      threads: 2
      config_options: {temp_directory: tmp, memory_limit: MEMORY}
      settings: {preserve_insertion_order: false}
"""

_MODEL = """\
{{ config(materialized='connected_components', most_rounds=ROUNDS) }}
select node_a, node_b from TIES
"""


def write_project(
    folder: Path, ties: str = "ties", *, rounds: int = 60, memory: str = "4GB"
) -> None:
    """A model `found` over the table `ties` of `lab.duckdb`; the macros are copies, so a test may change one."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "macros").mkdir(exist_ok=True)
    (folder / "dbt_project.yml").write_text(_PROJECT)
    (folder / "profiles.yml").write_text(_PROFILE.replace("MEMORY", memory))
    model = _MODEL.replace("ROUNDS", str(rounds)).replace("TIES", ties)
    (folder / "models" / "found.sql").write_text(model)
    for name in MACROS:
        text = (PROJECT / "macros" / name).read_text(encoding="utf-8")
        (folder / "macros" / Path(name).name).write_text(text, encoding="utf-8")


def run_project(folder: Path) -> "subprocess.CompletedProcess[str]":
    """`dbt run`, in a process of its own."""
    return subprocess.run(
        [dbt_executable(), "run", "--profiles-dir", "."],
        cwd=folder,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
