"""A part of the assets, materialised in Dagster after a landing, does not open the gate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shops import REPO, Shop

_MATERIALISE = """
import sys
import dagster as dg
from orchestration.definitions import defs
selection = [dg.AssetKey(["marts", sys.argv[1]])]
with dg.DagsterInstance.get() as instance:
    job = defs.resolve_implicit_global_asset_job_def()
    job.execute_in_process(instance=instance, asset_selection=selection)
"""


@pytest.fixture
def shop(demo_shop: Shop, tmp_path: Path) -> Shop:
    return demo_shop.copy(tmp_path / "partial")


def _checks(shop: Shop) -> int:
    [(count,)] = shop.ask_warehouse("select count(*) from meta.check_results")
    return count


def _materialise(shop: Shop, mart: str) -> None:
    """What Dagster does for one selected asset."""
    home = {"SHOP360_HOME": str(shop.home), "SHOP360_CONFIG": str(shop.config)}
    done = subprocess.run(
        [sys.executable, "-c", _MATERIALISE, mart],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
        env={**os.environ, **home, "DAGSTER_HOME": str(shop.home / "private" / "dagster")},
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_partial_build_after_a_landing_releases_nothing(shop: Shop) -> None:
    served, checks = shop.released.resolve(), _checks(shop)
    export = next((shop.home / "inbox" / "crm").glob("*授权记录*.csv"))
    header, first, *_ = export.read_bytes().splitlines()
    export.with_name("授权记录_later.csv").write_bytes(b"\n".join([header, first]) + b"\n")
    # The torn files of the demo shop are refused again: exit code 1.
    assert shop.cli("land").returncode == 1
    _materialise(shop, "calendar")
    released = shop.cli("release")
    assert released.returncode == 1
    assert "not built since the last landing" in released.stderr
    assert shop.released.resolve() == served
    assert _checks(shop) == checks
