"""A part of the assets, materialised by hand in Dagster, does not open the gate."""

import os
import subprocess
import sys
from pathlib import Path

from shops import REPO, Shop


def test_a_partial_materialisation_after_a_landing_releases_nothing(
    demo_shop: Shop, tmp_path: Path
) -> None:
    shop = demo_shop.copy(tmp_path / "partial")
    served, checks = shop.released.resolve(), _checks(shop)
    export = next((shop.home / "inbox" / "crm").glob("*授权记录*.csv"))
    header, first, *_ = export.read_bytes().splitlines()
    export.with_name("授权记录_later.csv").write_bytes(b"\n".join([header, first]) + b"\n")
    # The torn files of the demo shop are refused again: exit code 1.
    assert shop.cli("land").returncode == 1
    _materialise(shop, "key:marts/calendar")
    released = shop.cli("release")
    assert released.returncode == 1
    assert "not built since the last landing" in released.stderr
    assert shop.released.resolve() == served
    assert _checks(shop) == checks


def _checks(shop: Shop) -> int:
    [(count,)] = shop.ask_warehouse("select count(*) from meta.check_results")
    return count


def _materialise(shop: Shop, selection: str) -> None:
    dagster = Path(sys.executable).with_name("dagster")
    places = {"SHOP360_HOME": shop.home, "SHOP360_CONFIG": shop.config}
    done = subprocess.run(
        [dagster, "asset", "materialize", "-m", "orchestration.definitions", "--select", selection],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
        env={**os.environ, **{name: str(place) for name, place in places.items()}},
    )
    assert done.returncode == 0, done.stderr[-3000:]
