"""Where things are: the one place that knows paths, environment variables and defaults.

What a shop's exports mean is not here but in `shop_config.py`.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.system.errors import OperatorError
from orchestration.system.files import write_whole

PROJECT = Path(__file__).resolve().parents[2]


TARGETS = ("duckdb", "ducklake", "spark")


class SettingsError(OperatorError):
    """A setting has a value that means nothing."""

    exit_code = 2


@dataclass(frozen=True)
class Settings:
    """The folders and files of one shop, and the engine that builds its models.

    Several shops live side by side by `home`.
    """

    home: Path
    config: Path
    inbox: Path
    target: str = "duckdb"
    lake: str = ""
    """Folder or URL of the files that Spark or DuckLake reads; unused by DuckDB."""
    is_rebuilding: bool = False
    """Whether the warehouse is the new one that `shop360 rebuild` makes beside the old one."""

    @property
    def private(self) -> Path:
        """Everything that only the owner of the home may read; one closed folder is the fence."""
        return self.home / "private"

    @property
    def warehouse(self) -> Path:
        """The private warehouse file: one writer, never opened by readers."""
        return (self.rebuilding if self.is_rebuilding else self.private) / "warehouse.duckdb"

    @property
    def rebuilding(self) -> Path:
        """Where a rebuild works until its warehouse is checked."""
        return self.private / "rebuilding"

    @property
    def kept(self) -> Path:
        """Copies of what the archive does not hold: customer ids and their history."""
        return self.private / "kept"

    @property
    def archive(self) -> Path:
        """Landed files, named by the hash of their content."""
        return self.private / "archive"

    @property
    def serving(self) -> Path:
        """Released generations and the `current` link, readable by BI users."""
        return (self.rebuilding if self.is_rebuilding else self.home) / "serving"

    @property
    def released(self) -> Path:
        """The file that analysts and BI tools open, read-only."""
        return self.serving / "current" / "shop360.duckdb"

    @property
    def page(self) -> Path:
        """The report page of the release, one HTML file."""
        return self.serving / "current" / "page.html"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write to this home."""
        return self.private / "writer.lock"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: run history, schedules, sensors."""
        return self.private / "dagster"

    @property
    def dagster_events(self) -> Path:
        """The events of each run, a file per run."""
        return self.dagster_home / "history" / "runs"

    @property
    def extensions(self) -> Path:
        """DuckDB extensions that DuckLake needs, installed from wheels."""
        return self.private / "extensions"

    @property
    def dbt_target(self) -> Path:
        """Dbt's compiled files and manifest, which name the engine's own relations."""
        return (self.rebuilding if self.is_rebuilding else self.private) / "dbt" / self.target

    @property
    def data_docs(self) -> Path:
        """The Great Expectations site."""
        return self.private / "data_docs"

    @property
    def seeds(self) -> Path:
        """All seeds of a shop that has lists of its own; else the project's are read."""
        return self.private / "seeds"

    @property
    def dbt_seeds(self) -> Path:
        """Copies of `seeds` for dbt, which writes the statement that loads a seed over a file outside its project."""
        return self.dbt_target / "seeds"

    @property
    def logs(self) -> Path:
        """Logs of Dagster and dbt, one file per job."""
        return self.private / "logs"

    @property
    def scratch(self) -> Path:
        """Working files of a running process."""
        return self.private / "tmp"

    @property
    def truth(self) -> Path:
        """What is known of the demo shop."""
        return self.private / "truth"

    @property
    def lake_place(self) -> str:
        """The folder or URL of the lake, without a trailing slash; `file://` is a folder."""
        return (self.lake or str(self.home / "lake")).removeprefix("file://").rstrip("/")

    @property
    def spark(self) -> Path:
        """Catalog and tables of the Spark server that a run starts; its tables know their own place."""
        old = self.home / "spark"
        return old if old.is_dir() else self.private / "spark"

    def remember_target(self) -> None:
        """Called when raw data has taken the shape that the target needs."""
        note = self.private / "target"
        if not note.exists() or note.read_text() != self.target:
            write_whole(note, self.target)

    def export(self) -> None:
        """Hand the settings to child processes and to dbt's profile through the environment."""
        os.environ["SHOP360_HOME"] = str(self.home)
        os.environ["SHOP360_PRIVATE"] = str(self.private)
        os.environ["SHOP360_CONFIG"] = str(self.config)
        os.environ["SHOP360_INBOX"] = str(self.inbox)
        os.environ["SHOP360_WAREHOUSE"] = str(self.warehouse)
        os.environ["SHOP360_TARGET"] = self.target
        os.environ["SHOP360_REBUILDING"] = "1" if self.is_rebuilding else ""
        os.environ["DAGSTER_HOME"] = str(self.dagster_home)
        os.environ["DBT_TARGET_PATH"] = str(self.dbt_target)
        os.environ["DBT_LOG_PATH"] = str(self.dbt_target / "logs")
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        os.environ["GX_ANALYTICS_ENABLED"] = "false"


def seeds_folder() -> Path:
    """Where dbt finds the seeds of the shop that the environment is set for."""
    return PROJECT / os.environ.get("SHOP360_SEEDS", "seeds")


def usual_home() -> Path:
    """The home of a command without --home: the working directory where it is a shop's folder, else data/."""
    here = Path.cwd()
    return here if (here / "shop.yml").exists() and (here / "inbox").is_dir() else PROJECT / "data"


def usual_config(home: Path) -> Path:
    """The configuration of a home: its own shop.yml, else that of the project."""
    own = home / "shop.yml"
    return own if own.exists() else PROJECT / "shop.yml"


def load_settings(
    home: Path | None = None,
    config: Path | None = None,
    inbox: Path | None = None,
    target: str | None = None,
) -> Settings:
    """Settings from the arguments, else from SHOP360_* variables, else the home's or repo's own.

    Raises SettingsError for a target that does not exist.
    """

    def choose(given: Path | None, variable: str, default: Path) -> Path:
        return Path(given or os.environ.get(variable) or default).expanduser().resolve()

    root = choose(home, "SHOP360_HOME", usual_home())
    engine = target or os.environ.get("SHOP360_TARGET") or _remembered(root)
    if engine not in TARGETS:
        raise SettingsError(f"--target {engine}: expected one of {', '.join(TARGETS)}.")
    return Settings(
        home=root,
        config=choose(config, "SHOP360_CONFIG", usual_config(root)),
        inbox=choose(inbox, "SHOP360_INBOX", root / "inbox"),
        target=engine,
        lake=_lake(os.environ.get("SHOP360_LAKE") or str(root / "lake")),
        is_rebuilding=os.environ.get("SHOP360_REBUILDING") == "1",
    )


def _remembered(home: Path) -> str:
    """The engine of the home's last run: a bare `shop360 land` must not move it to another."""
    # The second place is that of earlier versions, before the home is moved to this layout.
    notes = (home / "private" / "target", home / "target")
    for note in notes:
        # Readers of the release may not look into the private folder, and need no engine.
        with contextlib.suppress(PermissionError):
            if note.exists() and (name := note.read_text().strip()):
                return name
    return "duckdb"


def _lake(place: str) -> str:
    return place.rstrip("/") if "://" in place else str(Path(place).expanduser().resolve())
