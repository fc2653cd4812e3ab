"""Files of a fetch that are neither in the inbox nor in the archive: their part is read again from the beginning."""

from orchestration.config.settings import Settings
from orchestration.landing.record import archive
from orchestration.landing.record.archive import Ledger
from orchestration.sources.state import Part, State

_LAST = 2
"""Files of a fetch: if an archive lacks them, it was restored to the time before them."""


def forget_lost_files(settings: Settings, source: str, state: State) -> None:
    """Reset parts of which a file has neither landed nor lies in the inbox, and note it as a finding."""
    if not any(part.files for part in state.parts.values()):
        return
    ledger = archive.read(settings)
    landed = {entry.file_hash for entry in ledger.landed}
    for name, part in list(state.parts.items()):
        waiting = {
            file: content
            for file, content in part.files.items()
            if not _has_landed(ledger, landed, content)
        }
        lost = [file for file in waiting if not (settings.inbox / file).exists()]
        part.files = dict(list(part.files.items())[-_LAST:]) | waiting
        if lost:
            state.parts[name] = Part()
            state.findings.append(
                f"{source}.{name}: {lost[0]} has not landed and is no longer in the inbox; "
                "all rows are read again"
            )


def _has_landed(ledger: Ledger, landed: set[str], content: str) -> bool:
    return content in landed or ledger.present_hash(content) in landed
