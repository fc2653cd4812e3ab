"""An export in its order: permission, members, identifiers, consent, hashes, minimum, files, log."""

import getpass
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audience import consents, files, identifiers, log
from orchestration.audience.files import Written
from orchestration.audience.members import members, open_release
from orchestration.audience.permission import allowed, recipient_of, safe_place
from orchestration.audience.platforms import AudienceError, Platform, Rule, chosen, platforms
from orchestration.audience.selection import Carried, Digests, Selection, select
from orchestration.config.audience_config import Audience, Recipient
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.config.yaml_file import near
from orchestration.engines.warehouse import connect
from orchestration.landing.write import tables as landing_tables


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    segment: str
    platform: str
    operator: str | None = None
    to: Path | None = None
    is_dry: bool = False
    allows_small: bool = False


@dataclass
class Outcome:
    """What was exported; numbers and files, never an identifier."""

    segment: str
    platform: str
    operator: str
    selection: Selection
    rules: list[str]
    minimum: int
    removed: int
    removals_due: int
    max_days: int | None
    is_small: bool
    is_dry: bool
    lists: list[Written] = field(default_factory=list)
    removals: list[Written] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        """Whether there is a list to upload."""
        return bool(self.lists)

    def facts(self, home: Path | None = None) -> dict[str, Any]:
        """The same for programs and for the log, whose paths are relative to the home where they are in it."""
        chosen_ones = self.selection
        rows = dict.fromkeys(chosen_ones.rows, 0) if self.is_small else chosen_ones.rows
        return {
            "segment": self.segment,
            "platform": self.platform,
            "operator": self.operator,
            "os_user": getpass.getuser(),
            "rules": self.rules,
            "members": chosen_ones.members,
            "exported_members": 0 if self.is_small else chosen_ones.exported,
            "exported_identifiers": rows,
            "members_left_out": dict(chosen_ones.members_left_out),
            "identifiers_left_out": dict(chosen_ones.identifiers_left_out),
            "minimum": self.minimum,
            "is_below_minimum": self.is_small,
            "is_written": self.is_written,
            "removed_identifiers": self.removed,
            "files": [
                {
                    "path": _path(one.path, home),
                    "sha256": one.sha256,
                    "rows": one.rows,
                    "list": name,
                }
                for name, found in (("upload", self.lists), ("remove", self.removals))
                for one in found
            ],
        }


def _path(path: Path, home: Path | None) -> str:
    return str(path.relative_to(home) if home and path.is_relative_to(home) else path)


def export(settings: Settings, config: ShopConfig, request: Request) -> Outcome:
    """Export a segment; the caller holds the writer lock. Raises AudienceError where it may not be exported."""
    operator = allowed(config.audience, request.operator)
    platform = platforms().get(request.platform)
    if platform is None:
        raise AudienceError(f"--for {request.platform}: {near(request.platform, platforms())}")
    recipient = recipient_of(config.audience, platform)
    safe_place(settings, request.to)
    rules = chosen(platform, recipient, datetime.now(UTC).date())
    home = files.folder(settings, request.segment, platform.code)
    before = files.read_uploaded(home)
    with open_release(settings) as release:
        # A segment without rows may have been dropped: what the platform holds of it is to be removed.
        customers = members(release, request.segment, may_be_gone=bool(before))
    selection = _select(settings, config, customers, platform, recipient, rules)
    gone = {kind: before[kind] - selection.digests[kind] for kind in rules if before.get(kind)}
    minimum = recipient.minimum or platform.minimum
    is_small = selection.exported < minimum and not request.allows_small
    outcome = Outcome(
        segment=request.segment,
        platform=platform.code,
        operator=operator,
        selection=selection,
        rules=[rule.version for rule in rules.values()],
        minimum=minimum,
        removed=sum(map(len, gone.values())),
        removals_due=log.removals_due(log.read(settings), request.segment, platform.code),
        max_days=platform.max_days,
        is_small=is_small,
        is_dry=request.is_dry,
    )
    if is_small and selection.exported:
        selection.members_left_out["below_minimum"] = selection.exported
    if not request.is_dry:
        _write(settings, request, outcome, platform, rules, before, gone)
    return outcome


def _write(
    settings: Settings,
    request: Request,
    outcome: Outcome,
    platform: Platform,
    rules: dict[str, Rule],
    before: Digests,
    gone: Digests,
) -> None:
    """Files, log and state. What may reach the platform is noted before a file with it exists."""
    home = files.folder(settings, request.segment, platform.code)
    now = {} if outcome.is_small else outcome.selection.digests
    kinds = before.keys() | now.keys()
    held = {kind: before.get(kind, set()) | now.get(kind, set()) for kind in kinds}
    files.write_uploaded(home, held)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = stamp if request.to is None else f"{request.segment}-{platform.code}-{stamp}"
    place = (request.to or home).expanduser().resolve()
    outcome.lists = files.write_list(place, f"{name}-upload", platform, rules, now) if now else []
    if gone:
        named = {kind: rules[kind] for kind in gone}
        outcome.removals = files.write_list(place, f"{name}-remove", platform, named, gone)
    log.append(settings, "export", **outcome.facts(settings.home))
    files.write_uploaded(home, {kind: held[kind] - gone.get(kind, set()) for kind in kinds})


def _select(
    settings: Settings,
    config: ShopConfig,
    customers: list[str],
    platform: Platform,
    recipient: Recipient,
    rules: dict[str, Rule],
) -> Selection:
    _require_tables(settings)
    with connect(settings, read_only=True) as con:
        try:
            consents.load_decisions(con, recipient.code or platform.recipients)
            identifiers.load(con)
            consents.load_consents(con, any_recipient=recipient.consent == "any")
            carried = [Carried(*row) for row in identifiers.of_members(con, customers)]
            refused = consents.refused(con)
        except duckdb.CatalogException:
            raise AudienceError(
                "The models of this home are not built, or by an earlier version. Type `shop360 run` first."
            ) from None
    return select(customers, carried, refused, rules, _country(config))


def _country(config: ShopConfig) -> str | None:
    """The country of phones without country code whose record states none."""
    audience: Audience = config.audience
    return audience.country or ("CN" if config.shop.currency == "CNY" else None)


def _require_tables(settings: Settings) -> None:
    if settings.target == "duckdb" and settings.warehouse.exists():
        with connect(settings, read_only=True) as con:
            if not landing_tables.views(con):
                return
    raise AudienceError(
        "Audiences are exported from a home that DuckDB builds. Type `shop360 run --target duckdb` first."
    )
