"""The folders of a home: who may open them, how they are made, and how an older layout moves.

<home>/            traversable by everyone
    private/       0700: warehouse, archive, salt, logs, everything that names people
    serving/       readable by everyone: the released files
    inbox/         0700 when shop360 makes it
    lake/          0700: only with Spark or DuckLake
"""

import contextlib
import fcntl
import os
import stat
from collections.abc import Generator, Iterator
from pathlib import Path

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.system.errors import OperatorError

_MOVED = (
    "archive", "dagster", "data_docs", "dbt", "extensions", "logs", "matching", "salt", "target",
    "tmp", "truth", "warehouse.duckdb.wal", "warehouse.duckdb", "writer.lock",
)  # fmt: skip
"""What earlier versions kept directly in the home; the lock moves last."""

_GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class HomeMissing(OperatorError):
    """The command needs a home that exists."""

    exit_code = 2


class HomeBusy(OperatorError):
    """An older version is writing to a home that has to move to the new layout."""


def exists(settings: Settings) -> bool:
    """Whether there is a home, of this layout or an older one; an inbox alone is a home too."""
    old = any((settings.home / name).exists() for name in ("warehouse.duckdb", "dagster"))
    return old or settings.private.is_dir() or (settings.home / "inbox").is_dir()


def require(settings: Settings) -> None:
    """Raise HomeMissing unless the home exists, so that a mistyped path creates nothing."""
    if not exists(settings):
        raise HomeMissing(
            f"{settings.home}: there is no shop360 home. Check --home and SHOP360_HOME; "
            f"`{full_command('init', settings)}` creates one; so do demo and run."
        )


def make(settings: Settings) -> bool:
    """Create what is missing, move an older layout, close what is private; whether the home is new.

    From here on, files of this process and its children are the owner's alone. Raises HomeBusy while
    an older version writes to the home.
    """
    is_new = not exists(settings)
    if not settings.home.is_dir():
        settings.home.mkdir(parents=True)
        settings.home.chmod(0o711)
    os.umask(0o077)
    settings.private.mkdir(exist_ok=True)
    moved = _move_older_layout(settings)
    if moved or stat.S_IMODE(settings.private.stat().st_mode) & _GROUP_AND_OTHERS:
        close(settings)
    for folder in (settings.dagster_home, settings.dbt_target, settings.scratch, settings.logs):
        folder.mkdir(parents=True, exist_ok=True)
    if settings.inbox == settings.home / "inbox":
        settings.inbox.mkdir(exist_ok=True)
        _take_from(settings.inbox, stat.S_IRWXO)
    return is_new


def close(settings: Settings) -> None:
    """Take group and others out of every private file and folder."""
    for root in (settings.private, settings.home / "lake", settings.home / "spark"):
        if root.is_dir():
            _take_from(root, _GROUP_AND_OTHERS)
            for path in _below(root):
                _take_from(path, _GROUP_AND_OTHERS)


def open_serving(settings: Settings) -> None:
    """Make the folder of releases, readable by everyone whatever the umask."""
    if not settings.serving.is_dir():
        settings.serving.mkdir(parents=True)
        settings.serving.chmod(0o755)


def _below(root: Path) -> Iterator[Path]:
    """Every file and folder, without following links."""
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*folders, *files))


def _take_from(path: Path, bits: int) -> None:
    # A file that another process removed meanwhile, or of another owner, is no reason to stop.
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & bits:
            path.chmod(stat.S_IMODE(mode) & ~bits)


def _move_older_layout(settings: Settings) -> bool:
    names = [name for name in _MOVED if (settings.home / name).exists()]
    names += [path.name for path in settings.home.glob("landing-*")]
    if not names:
        return False
    with _locked_by_older_version(settings):
        for name in names:
            source, target = settings.home / name, settings.private / name
            if source.is_symlink():
                target.symlink_to(source.resolve())
                source.unlink()
            elif not target.exists():
                source.rename(target)
    return True


@contextlib.contextmanager
def _locked_by_older_version(settings: Settings) -> Generator[None, None, None]:
    """Hold the lock where earlier versions look for it."""
    with (settings.home / "writer.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeBusy(
                f"{settings.home} has the layout of an earlier version, and a run of it is going on. "
                "Wait for the run to end, then type the command again."
            ) from None
        yield
