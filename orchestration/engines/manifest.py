"""The dbt project as dbt understands it: its manifest, parsed again only when a source has changed.

Dagster is not imported here, so that commands which never run the job start at once.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from orchestration.config.settings import PROJECT, Settings, seeds_folder
from orchestration.system import faults
from orchestration.system.errors import OperatorError

_SOURCES = ("models", "seeds", "macros", "tests/data", "dbt_project.yml", "profiles.yml")


class ProjectBroken(OperatorError):
    """The dbt project does not parse."""


def dbt_executable() -> str:
    """The dbt of this very environment, whatever PATH says."""
    return str(Path(sys.executable).with_name("shop360-dbt"))


def ensure_manifest(settings: Settings) -> Path:
    """The path of an up-to-date manifest; parses the project when a source differs from those last parsed.

    Raises ProjectBroken with dbt's own words.
    """
    forget_another_project(settings)
    manifest = settings.dbt_target / "manifest.json"
    sources = settings.dbt_target / "sources"
    if _is_whole(manifest) and sources.exists() and sources.read_text() == sources_state():
        return manifest
    state = sources_state()
    manifest.unlink(missing_ok=True)
    settings.dbt_target.mkdir(parents=True, exist_ok=True)
    parsed = subprocess.run(
        [dbt_executable(), "parse", "--quiet", "--project-dir", PROJECT, "--profiles-dir", PROJECT],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    if parsed.returncode:
        said = f"{parsed.stdout}{parsed.stderr}"
        if fault := faults.in_text(said, doing="dbt"):
            raise fault
        raise ProjectBroken(f"dbt cannot parse the project:\n{parsed.stdout}{parsed.stderr}")
    sources.write_text(state)
    return manifest


def _is_whole(manifest: Path) -> bool:
    """Whether dbt wrote both of its files to their ends; a full disk cuts them off."""
    for path in (manifest, manifest.with_name("semantic_manifest.json")):
        try:
            with path.open("rb") as stream:
                stream.seek(-1, os.SEEK_END)
                if stream.read() != b"}":
                    return False
        except OSError:
            return False
    return True


def forget_another_project(settings: Settings) -> None:
    """Drop what dbt remembers of other seeds, of another checkout or shop: it would go on loading them here."""
    owner = settings.dbt_target / "project"
    seeds = os.environ.get("SHOP360_SEEDS", "seeds")
    project = str(PROJECT) if seeds == "seeds" else f"{PROJECT}\n{seeds}"
    if owner.exists() and owner.read_text(encoding="utf-8") == project:
        return
    for name in ("manifest.json", "partial_parse.msgpack"):
        (settings.dbt_target / name).unlink(missing_ok=True)
    owner.parent.mkdir(parents=True, exist_ok=True)
    owner.write_text(project, encoding="utf-8")


def sources_state() -> str:
    """A text that changes with any file that dbt reads: a hash of paths, sizes and times of change.

    A manifest in a home that was copied is younger than sources that it does not know.
    """
    state = hashlib.sha256()
    for source in _SOURCES:
        for path in [PROJECT / source, *(PROJECT / source).rglob("*"), *seeds_folder().glob("*")]:
            if path.is_file():
                found = path.stat()
                state.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return state.hexdigest()
