"""What each place has received, for one process at a time: the file `private/notified.json`.

An entry per place, by the key of its configuration:
`digest` the release that it has, `runs` the failed runs, `late` the day of the last message per late feed,
`unsent` a failed run that could not be sent, `failure` what went wrong last.
"""

import contextlib
import fcntl
import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

from orchestration.config.settings import Settings

Entry = dict[str, Any]
_FILE = "notified.json"
_EMPTY: Entry = {"digest": "", "runs": [], "late": {}, "unsent": None, "failure": None}


@contextmanager
def deliveries(settings: Settings, keys: Iterable[str]) -> Generator[dict[str, Entry], None, None]:
    """An entry for each key; written back when the block ends. Entries of other keys are removed."""
    path = settings.private / _FILE
    with path.open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        known = _entries(handle.read())
        entries = {key: {**json.loads(json.dumps(_EMPTY)), **known.get(key, {})} for key in keys}
        try:
            yield entries
        finally:
            handle.truncate(0)
            json.dump({"places": entries}, handle, ensure_ascii=False)


def failures(settings: Settings) -> tuple[Entry, ...]:
    """The places whose last message failed: `place`, `message`, `at` (UTC) and `why`."""
    with contextlib.suppress(OSError):
        entries = _entries((settings.private / _FILE).read_text(encoding="utf-8"))
        found = (entry.get("failure") for entry in entries.values())
        return tuple(failure for failure in found if isinstance(failure, dict))
    return ()


def _entries(text: str) -> dict[str, Entry]:
    """The entries; none where the file is empty, torn or of an earlier version."""
    try:
        places = json.loads(text)["places"]
        return {key: entry for key, entry in places.items() if isinstance(entry, dict)}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
