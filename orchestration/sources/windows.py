"""Which time a resource is asked for: since its cursor, or days that the source may have restated."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.config.api_config import Resource
from orchestration.sources.state import Part

Params = dict[str, str]


def requests_of(
    resource: Resource, part: Part, zone: ZoneInfo, now: datetime, full: bool
) -> list[Params]:
    """The parameters of each request, in the order of time."""
    if resource.cursor and resource.start:
        since = datetime.combine(resource.start, datetime.min.time(), zone)
        if part.cursor and not full:
            since = datetime.fromisoformat(part.cursor) - resource.overlap
        return [_filled(resource, {"since": _shown(since, resource, zone)})]
    if resource.look_back and resource.start:
        today = now.astimezone(zone).date()
        begin = resource.start
        if part.until and not full:
            begin = max(begin, date.fromisoformat(part.until) - resource.look_back)
        return [
            _filled(resource, {"from_day": first.isoformat(), "to_day": last.isoformat()})
            for first, last in _slices(begin, today, resource.days_per_request)
        ]
    return [dict(resource.params)]


def _filled(resource: Resource, values: Params) -> Params:
    found = {}
    for name, text in resource.params.items():
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        found[name] = text
    return found


def _slices(first: date, last: date, days: int | None) -> Iterable[tuple[date, date]]:
    step = timedelta(days=days or (last - first).days + 1)
    while first <= last:
        yield first, min(last, first + step - timedelta(days=1))
        first += step


def _shown(moment: datetime, resource: Resource, zone: ZoneInfo) -> str:
    if resource.cursor_format == "epoch_s":
        return str(int(moment.timestamp()))
    if resource.cursor_format == "epoch_ms":
        return str(int(moment.timestamp() * 1000))
    if resource.cursor_format == "day":
        return moment.astimezone(zone).date().isoformat()
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(text: str, resource: Resource, zone: ZoneInfo) -> datetime | None:
    """The moment that a cell of the cursor states; None where it states none."""
    try:
        if resource.cursor_format in ("epoch_s", "epoch_ms"):
            unit = 1 if resource.cursor_format == "epoch_s" else 1000
            return datetime.fromtimestamp(int(text) / unit, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
