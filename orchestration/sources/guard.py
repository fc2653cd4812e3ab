"""The guard against a source that lost its rows by a fault: an emptied table, a wrong permission."""

from orchestration.config.sources_config import PartSpec

FEW = 20
"""So few rows may all be deleted at once."""


def lost_too_much(place: str, part: PartSpec, before: int, now: int, is_accepted: bool) -> str:
    """What the operator reads where more rows are gone at once than shop.yml allows; else nothing."""
    limit = part.deleted_at_most
    if is_accepted or part.deletions == "never" or before <= FEW or now >= before * (1 - limit):
        return ""
    return (
        f"{place} has {now:,} rows, and had {before:,}: more than {limit:.0%} are gone, so none is "
        "withdrawn. If they were deleted on purpose, type "
        f"`shop360 fetch {place.partition('.')[0]} --accept-deletions`"
    )
