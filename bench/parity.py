"""`make parity`: one shop built on DuckDB and on Spark, every mart compared row by row.

The exports land once, and a copy of the home moves to Spark. So both have the same salt and landing times,
and each engine resolves the customers and assigns their ids independently.

The demo shop is always compared, the real exports of a bicycle shop if they are present. Exit code 1
if any row differs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config.settings import PROJECT

SHOP360 = str(Path(sys.executable).with_name("shop360"))
REAL_DATA = Path(os.environ.get("SHOP360_REAL_DATA", PROJECT.parent / "shared" / "data"))


@dataclass(frozen=True)
class EnginePair:
    """One shop in two homes of one folder, with one inbox."""

    folder: Path
    config: Path
    inbox: Path

    def home(self, target: str) -> Path:
        """The home of an engine."""
        return self.folder / target

    def run(self, target: str) -> None:
        """Land, check, build and release on an engine; ends this program when that fails."""
        print(f"\n# {self.folder.name}: {target}", flush=True)
        places = ["--home", self.home(target), "--config", self.config, "--inbox", self.inbox]
        done = subprocess.run([SHOP360, "run", "--target", target, *places], check=False)
        if done.returncode:
            sys.exit(done.returncode)

    def copy(self) -> None:
        """Copy the home with its landed rows and without the tables that DuckDB built, for Spark."""
        shutil.copytree(self.home("duckdb"), self.home("spark"), symlinks=True)
        with duckdb.connect(str(self.home("spark") / "private" / "warehouse.duckdb")) as con:
            for schema in ("marts", "intermediate", "staging"):
                con.execute(f"drop schema if exists {schema} cascade")

    def is_equal(self) -> bool:
        """Compare the two releases and print the differences."""
        print("\n# duckdb (left) and spark (right)", flush=True)
        homes = [self.home("duckdb"), self.home("spark")]
        return subprocess.run([SHOP360, "compare", *homes], check=False).returncode == 0


def main() -> None:
    """Build and compare; the homes are removed at the end unless a folder is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000, help="size of the demo shop")
    parser.add_argument(
        "--folder", type=Path, help="where to keep the homes; else they are removed"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (given.folder or Path(scratch)).resolve()
        demo = EnginePair(folder / "demo", PROJECT / "shop.yml", folder / "demo" / "inbox")
        if not demo.inbox.exists():
            size = ["--customers", str(given.customers), "--inbox", demo.inbox]
            subprocess.run([SHOP360, "demo", "--home", folder / "demo", *size], check=True)
        shops = [demo]
        bicycles = REAL_DATA / "crm_erp"
        if bicycles.is_dir():
            config = PROJECT / "examples" / "crm_erp" / "shop.yml"
            shops.append(EnginePair(folder / "crm_erp", config, bicycles))
        else:
            print(f"{bicycles} is absent: the real exports are left out.")
        equal = []
        for shop in shops:
            shop.run("duckdb")
            shop.copy()
            shop.run("spark")
            equal.append(shop.is_equal())
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
