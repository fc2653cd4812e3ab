"""What dbt has read of the project, lent to every home of a test.

Reading it takes 8 CPU seconds, and no home reads it otherwise; dbt itself reads again whatever has
changed since. But it refuses what it read under another profile, and a profile holds the home's place.
"""

import fcntl
import hashlib
import pprint
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import jinja2
import msgpack
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials

from orchestration.config.settings import PROJECT
from orchestration.engines.manifest import sources_state

_STORE = PROJECT / ".pytest_cache" / "dbt"
_NAMES = ("manifest.json", "partial_parse.msgpack", "sources")


def lend(home: Path) -> None:
    """Give a home that dbt has not seen what dbt read for another one."""
    target = home / "private" / "dbt" / "duckdb"
    if (target / "partial_parse.msgpack").exists():
        return
    with _locked():
        if not all((_STORE / name).exists() for name in _NAMES):
            return
        target.mkdir(parents=True, exist_ok=True)
        for name in _NAMES:
            shutil.copy2(_STORE / name, target)
    (target / "project").write_text(str(PROJECT))
    readdress(home)


def keep(home: Path) -> None:
    """Keep what dbt read for this home, if the project has changed since the last was kept."""
    target = home / "private" / "dbt" / "duckdb"
    with _locked():
        state = sources_state()
        if _text(_STORE / "sources") == state or _text(target / "sources") != state:
            return
        for name in _NAMES:
            if (target / name).exists():
                shutil.copy2(target / name, _STORE)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def readdress(home: Path) -> None:
    """Tell dbt that what it read is this home's own: after a loan, or once the home is a copy."""
    path = home / "private" / "dbt" / "duckdb" / "partial_parse.msgpack"
    if path.exists():
        read = path.read_bytes()
        path.write_bytes(read.replace(found_hash(home).encode(), profile_hash(home).encode()))


def found_hash(home: Path) -> str:
    """The checksum of the connection with which dbt last read the project for this home."""
    read = (home / "private" / "dbt" / "duckdb" / "partial_parse.msgpack").read_bytes()
    return msgpack.unpackb(read, strict_map_key=False)["state_check"]["profile_hash"]["checksum"]


@contextmanager
def _locked() -> Generator[None, None, None]:
    _STORE.mkdir(parents=True, exist_ok=True)
    with (_STORE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def profile_hash(home: Path) -> str:
    """The checksum that dbt makes of its connection in this home."""
    places = {
        "SHOP360_PRIVATE": str(home / "private"),
        "SHOP360_WAREHOUSE": str(home / "private" / "warehouse.duckdb"),
    }
    profiles = jinja2.Template((PROJECT / "profiles.yml").read_text())
    rendered = profiles.render(env_var=lambda name, default="": places.get(name, default))
    output = yaml.safe_load(rendered)["shop360"]["outputs"]["duckdb"]
    described = DuckDBCredentials.from_dict(
        {name: value for name, value in output.items() if name not in ("type", "threads")}
    ).connection_info()
    return hashlib.sha256(pprint.pformat(sorted(described)).encode()).hexdigest()
