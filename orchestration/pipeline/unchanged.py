"""Whether a run would find nothing to do: the inbox is as it was, and the release holds what a run would make.

Each release is noted with the code, the packages, the salt, the matching models and the target that made it.
The gate knows the rows and the configuration.
"""

import hashlib
import json
import os
from importlib.metadata import version

from orchestration.config.settings import PROJECT, Settings
from orchestration.engines.warehouse import connect
from orchestration.matching.model import folder
from orchestration.pipeline.arrivals import is_as_landed
from orchestration.release import gate
from orchestration.release.generations import current
from orchestration.system.files import write_whole

_NOTE = "last_release.json"
_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "splink", "great-expectations")


def note_release(settings: Settings) -> None:
    """Keep what made the release that is served now."""
    write_whole(settings.private / _NOTE, json.dumps(_makers(settings)))


def is_unchanged(settings: Settings) -> bool:
    """Whether a run would release the same again; call it as the writer of the home.

    On other engines than DuckDB this is not known: their rows can change without the warehouse.
    """
    if settings.is_rebuilding or settings.target != "duckdb":
        return False
    if not settings.released.exists() or not is_as_landed(settings):
        return False
    try:
        noted = json.loads((settings.private / _NOTE).read_text(encoding="utf-8"))
        if noted != _makers(settings):
            return False
        with connect(settings) as con:
            gate.assert_open(settings, con)
    except (OSError, ValueError, gate.NothingToRelease):
        return False
    return True


def _makers(settings: Settings) -> dict[str, str]:
    code = hashlib.sha256()
    for path in sorted((PROJECT / "orchestration").rglob("*")):
        if path.suffix in (".py", ".yml", ".csv", ".js", ".css"):
            code.update(path.read_bytes())
    code.update(" ".join(version(package) for package in _PACKAGES).encode())
    code.update(os.environ.get("SHOP360_SALT", "").encode())
    # The name of a model has a checksum of its content.
    code.update(" ".join(sorted(p.name for p in folder(settings).glob("model-*.json"))).encode())
    return {
        "generation": current(settings).name,
        "target": settings.target,
        "code": code.hexdigest()[:16],
    }
