"""One fetch: every source of shop.yml, or those named, into files of the inbox.

A source that fails does not keep the others from being fetched. Its reason is kept for `status`.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestration.config.api_config import Api
from orchestration.config.secret_values import SecretMissing, is_reference, resolve
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.config.sources_config import Database, Source
from orchestration.config.yaml_file import near
from orchestration.engines.extensions import ExtensionMissing
from orchestration.sources import delivery as deliveries
from orchestration.sources import state
from orchestration.sources.databases import TableFetch
from orchestration.sources.delivery import Delivery
from orchestration.sources.errors import ExtraMissing, SourceError
from orchestration.sources.http import Client
from orchestration.sources.lost_files import forget_lost_files
from orchestration.sources.mysql import MySql
from orchestration.sources.postgres import Postgres
from orchestration.sources.resources import ResourceFetch, fetch_resource
from orchestration.sources.results import FetchReport, SourceResult
from orchestration.sources.state import Part, State
from orchestration.system.errors import OperatorError
from orchestration.terminal.progress import report_progress


class UnknownSource(OperatorError):
    """The command names a source that shop.yml does not have."""

    exit_code = 2


def fetch(
    settings: Settings,
    config: ShopConfig,
    names: Sequence[str] = (),
    *,
    full: bool = False,
    accepts_deletions: bool = False,
) -> FetchReport:
    """Fetch the sources; with `full` all rows again. Raises UnknownSource."""
    for name in names:
        if name not in config.sources:
            hint = near(name, config.sources) if config.sources else "shop.yml has no sources"
            raise UnknownSource(f"{config.path}: no source {name!r}; {hint}")
    chosen = [source for name, source in config.sources.items() if not names or name in names]
    total = sum(len(source.parts) for source in chosen)
    report, done = FetchReport(), 0
    for source in chosen:
        report.sources.append(
            _Fetch(settings, config, source, full, accepts_deletions).run(done, total)
        )
        done += len(source.parts)
        report_progress("fetch", done, total, source.name)
    return report


class _Fetch:
    """One source."""

    def __init__(
        self, settings: Settings, config: ShopConfig, source: Source, full: bool, accepts: bool
    ) -> None:
        self.settings, self.config, self.source = settings, config, source
        self.full, self.accepts = full, accepts
        self.result = SourceResult(source.name, source.type)
        self.now = datetime.now(UTC).replace(microsecond=0)

    def run(self, done: int, total: int) -> SourceResult:
        """Fetch, and keep the reason of a failure."""
        deliveries.finish(self.settings, self.source.name)
        before = state.read(self.settings, self.source.name)
        before.findings, before.error, before.error_at = [], "", ""
        forget_lost_files(self.settings, self.source.name, before)
        try:
            if isinstance(self.source, Database):
                self._database(self.source, before, done, total)
            elif isinstance(self.source, Api):
                self._api(self.source, before, done, total)
        except (SourceError, ExtraMissing, ExtensionMissing, SecretMissing) as error:
            self._note(str(error))
        except BaseException:
            self._remove_drafts()
            raise
        return self.result

    def _note(self, error: str) -> None:
        self.result.error = error
        self._remove_drafts()
        failed = state.read(self.settings, self.source.name)
        failed.error, failed.error_at = error, self.now.isoformat()
        state.write(self.settings, self.source.name, failed)

    def _remove_drafts(self) -> None:
        """Drafts of a fetch that failed hold rows of persons."""
        deliveries.finish(self.settings, self.source.name)

    def _database(self, source: Database, before: State, done: int, total: int) -> None:
        """All tables in one transaction, delivered together."""
        url = resolve(source.url, self.config.path, f"sources.{source.name}.url")
        kind = Postgres if source.type == "postgres" else MySql
        delivery = Delivery(self.settings, source.name, after := deepcopy(before))
        with kind(source.name, url, source.timeout.total_seconds()) as server:
            for number, (name, table) in enumerate(source.tables.items()):
                report_progress("fetch", done + number, total, f"{source.name}.{name}")
                part = state.part_of(after, name, table.meaning)
                step = TableFetch(server, delivery, name, table, part, self.now, self.accepts)
                result, findings = step.run(full=self.full)
                self.result.parts.append(result)
                after.findings += findings
        self.result.findings = after.findings
        delivery.commit()

    def _api(self, source: Api, before: State, done: int, total: int) -> None:
        """Each resource by itself: one that fails does not keep the others from being delivered."""
        client = Client(source, self._secrets(source))
        zone = ZoneInfo(source.timezone or self.config.shop.timezone)
        errors: list[str] = []
        for number, (name, resource) in enumerate(source.resources.items()):
            report_progress("fetch", done + number, total, f"{source.name}.{name}")
            step = ResourceFetch(
                client, source, name, resource, zone, self.now, self.full, self.accepts, Part()
            )
            try:
                result, _, before = fetch_resource(self.settings, step, before)
                self.result.parts.append(result)
            except SourceError as error:
                errors.append(str(error))
        self.result.findings = before.findings
        if errors:
            self._note("; ".join(errors))

    def _secrets(self, source: Api) -> dict[str, str]:
        """The values of all references of an API, by reference."""
        place = f"sources.{source.name}"
        given = source.auth.model_dump() if source.auth else {}
        named = [(f"{place}.auth.{key}", value) for key, value in given.items()]
        named += [(f"{place}.headers.{key}", value) for key, value in source.headers.items()]
        named += [
            (f"{place}.resources.{name}.params.{key}", value)
            for name, resource in source.resources.items()
            for key, value in resource.params.items()
        ]
        return {
            text: resolve(text, self.config.path, where)
            for where, text in named
            if isinstance(text, str) and is_reference(text)
        }
