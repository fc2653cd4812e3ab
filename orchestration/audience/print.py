"""An export and the list of segments as people read them; neither shows an identifier."""

from rich.markup import escape

from orchestration.audience import log
from orchestration.audience.export import Outcome
from orchestration.audience.members import open_release, sizes
from orchestration.audience.reasons import REASONS
from orchestration.config.settings import Settings
from orchestration.terminal.console import console
from orchestration.terminal.tables import print_table


def print_outcome(outcome: Outcome) -> None:
    """Members and identifiers by reason, the files, and what to do with them."""
    chosen = outcome.selection
    sent = 0 if outcome.is_small else chosen.exported
    rows: list[tuple[object, ...]] = [
        ("exported · 导出", sent, 0 if outcome.is_small else sum(chosen.rows.values()))
    ]
    for code, (en, zh) in REASONS.items():
        counts = (chosen.members_left_out[code], chosen.identifiers_left_out[code])
        if any(counts):
            rows.append((f"{en} · {zh}", *counts))
    rows.append(("members · 成员", chosen.members, ""))
    print_table(
        ("", "members", "identifiers"),
        rows,
        title=f"{escape(outcome.segment)} for {outcome.platform}",
    )
    for what, found in (("upload", outcome.lists), ("remove", outcome.removals)):
        for one in found:
            console.print(f"{what}  {escape(str(one.path))}  {one.rows:,} rows", soft_wrap=True)
    for line in notes(outcome):
        console.print(line, soft_wrap=True)


def notes(outcome: Outcome) -> list[str]:
    """What the operator must know or do, one sentence or two for each."""
    found = []
    if outcome.is_small:
        found.append(
            f"{outcome.selection.exported:,} members are fewer than the minimum of {outcome.minimum:,}: no list "
            "to upload was written. --allow-small writes it anyway."
        )
    if outcome.removals:
        found.append(
            "Upload the file of removals, too: these left or withdrew since the last export."
        )
    if outcome.removals_due:
        found.append(
            f"{outcome.removals_due:,} identifiers of removed persons are still at {outcome.platform}. Replace the "
            "audience there by this list instead of adding to it."
        )
    if outcome.max_days and outcome.lists:
        found.append(
            f"{outcome.platform} forgets a member {outcome.max_days} days after the last upload."
        )
    if outcome.is_dry:
        found.append(
            f"Dry run: no file and no line of the log was written. {outcome.removed:,} identifiers would be in "
            "the list of removals."
        )
    return found


def overview(settings: Settings) -> list[dict[str, object]]:
    """Per segment the number of members, and per platform its last export."""
    with open_release(settings) as release:
        members = sizes(release)
    events = log.read(settings)
    last = {
        (entry["segment"], entry["platform"]): entry
        for entry in events
        if entry["event"] == "export"
    }
    codes = sorted(members.keys() | {segment for segment, _ in last})
    return [
        {
            "segment": code,
            "members": members.get(code, 0),
            "exports": [
                {
                    "platform": platform,
                    "at": entry["at"],
                    "operator": entry["operator"],
                    "members": entry["exported_members"],
                    "removals_due": log.removals_due(events, code, platform),
                }
                for (segment, platform), entry in sorted(last.items())
                if segment == code
            ],
        }
        for code in codes
    ]


def print_overview(segments: list[dict[str, object]]) -> None:
    """A row per segment and platform."""
    rows = []
    for one in segments:
        exports = one["exports"]
        assert isinstance(exports, list)
        for entry in exports or [{}]:
            due = entry.get("removals_due")
            rows.append(
                (
                    one["segment"], one["members"], entry.get("platform", ""), entry.get("at", "")[:10],
                    entry.get("operator", ""), entry.get("members", ""), due or "",
                )
            )  # fmt: skip
    heads = ("segment", "members", "for", "last export", "by", "exported", "removals due")
    print_table(heads, rows, title="Segments · 人群")
