"""What of the inbox no run has landed yet: the reason for a run, whichever way the last one started.

Each run notes the files of the inbox, as they were before it landed them, when its landing has ended.
"""

import json
from collections.abc import Mapping

from orchestration.config.settings import Settings
from orchestration.landing.read import inbox
from orchestration.system.files import write_whole

State = Mapping[str, str]
"""Size and time of change of each file, by its path below the inbox."""


def inbox_state(settings: Settings) -> State:
    """The files that landing would look at; empty without an inbox."""
    if not settings.inbox.is_dir():
        return {}
    found = inbox.scan(settings.inbox)
    paths = {delivery.path for delivery in found.deliveries}
    paths |= {settings.inbox / name for name, _ in found.torn}
    state = {}
    for path in sorted(paths):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        state[path.relative_to(settings.inbox).as_posix()] = f"{stat.st_size}:{stat.st_mtime_ns}"
    return state


def note_landed(settings: Settings, state: State) -> None:
    """Keep what the inbox held when a landing that has now ended began."""
    write_whole(settings.private / _NOTE, json.dumps({"inbox": _place(settings), "files": state}))


def not_landed(settings: Settings) -> State:
    """The files that are new or have changed since the last landing of a run."""
    state, landed = inbox_state(settings), _landed(settings)
    return {name: stat for name, stat in state.items() if landed.get(name) != stat}


def is_as_landed(settings: Settings) -> bool:
    """Whether the inbox holds exactly what it held at the last landing of a run."""
    return settings.warehouse.exists() and inbox_state(settings) == _landed(settings)


_NOTE = "inbox.json"


def _place(settings: Settings) -> str:
    """The inbox as the note names it: an inbox within the home moves with the home."""
    if settings.inbox.is_relative_to(settings.home):
        return settings.inbox.relative_to(settings.home).as_posix()
    return str(settings.inbox)


def _landed(settings: Settings) -> State:
    # Without its warehouse a home has landed nothing, whatever a note says.
    if not settings.warehouse.exists():
        return {}
    try:
        note = json.loads((settings.private / _NOTE).read_text(encoding="utf-8"))
        return note["files"] if note["inbox"] == _place(settings) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
