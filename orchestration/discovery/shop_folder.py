"""Making a shop of a folder of exports: inbox, shop.yml, and the few answers that no export has."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
import yaml
from rich.markup import escape

from orchestration.config.settings import Settings
from orchestration.config.shop_config import known_zone, load_shop_config
from orchestration.discovery import printed
from orchestration.discovery.block_text import text_of
from orchestration.discovery.blocks import set_month_first
from orchestration.discovery.exports import Progress
from orchestration.discovery.proposal import Proposal, propose
from orchestration.landing.read import inbox
from orchestration.landing.read.currency_words import CODES
from orchestration.landing.read.readers import FORMATS
from orchestration.system.errors import OperatorError
from orchestration.system.files import write_whole
from orchestration.terminal.console import console
from orchestration.terminal.progress_bars import showing_progress

_SUFFIXES = {*FORMATS, ".csv", ".tsv", ".txt", ".gz", ".zip"}
_CHINA = ("Asia/Shanghai", "CNY")
_LISTS = """\
# Lists of the shop, one csv each: goals, costs, exchange rates, links of customers. docs/lists.md has their columns.
# lists:
#   goals: lists/goals.csv
#   fx_rates: {add: lists/rates.csv}
"""


class FolderError(OperatorError):
    """The folder, or an answer, is of no use."""

    exit_code = 2


@dataclass
class Answers:
    """What no export says; None is asked for, or has a default."""

    name: str | None = None
    timezone: str | None = None
    currency: str | None = None
    has_refunds: bool | None = None
    asks: bool = True


def make(settings: Settings, copy_from: Path | None, answers: Answers, progress: Progress) -> bool:
    """Create what is missing of a shop's folder; whether shop.yml is new. Raises FolderError."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.inbox.exists():
        settings.inbox.mkdir(parents=True, mode=0o700)
    _take_exports(settings, copy_from)
    if settings.config.exists():
        return False
    deliveries = inbox.scan(settings.inbox).deliveries
    with showing_progress():
        proposal = propose(deliveries, progress)
    if proposal.exports or proposal.unreadable:
        printed.print_summary(proposal)
    _ask(settings, answers, proposal)
    (settings.home / "lists").mkdir(exist_ok=True)
    write_whole(settings.config, _shop_yml(settings, answers, proposal))
    load_shop_config(settings.config)
    for doubt in dict.fromkeys(d for block in proposal.blocks for d in block.doubts):
        console.print(f"[yellow]![/] {escape(doubt)}", soft_wrap=True)
    console.print(f"wrote {escape(str(settings.config))}", soft_wrap=True)
    return True


def _take_exports(settings: Settings, copy_from: Path | None) -> None:
    """Move exports that lie loose in the folder into the inbox, and copy those of another folder."""
    loose = [
        path
        for path in sorted(settings.home.iterdir())
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")
    ]
    for path in loose:
        target = settings.inbox / path.name
        if target.exists():
            raise FolderError(f"{path}: the inbox has a file of this name; remove one of them")
        path.rename(target)
    if loose:
        console.print(
            f"moved {len(loose)} files into {escape(str(settings.inbox))}", soft_wrap=True
        )
    if copy_from is None:
        return
    if not copy_from.is_dir():
        raise FolderError(f"{copy_from}: no such folder")
    for path in sorted(copy_from.rglob("*")):
        target = settings.inbox / path.relative_to(copy_from)
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)


def _ask(settings: Settings, answers: Answers, proposal: Proposal) -> None:
    """At most five questions; without asking, what the exports suggest."""
    usual_zone, usual_currency = _CHINA if proposal.is_chinese else (_local_zone(), "USD")
    usual_currency = proposal.currency or usual_currency
    asks = answers.asks
    answers.name = answers.name or _answer(asks, "Name of the shop", settings.home.name)
    answers.timezone = answers.timezone or _answer(asks, "Time zone of its days", usual_zone)
    answers.currency = (answers.currency or _answer(asks, "Currency", usual_currency)).upper()
    try:
        known_zone(answers.timezone)
    except ValueError as error:
        raise FolderError(f"--timezone: {error}") from None
    if answers.currency not in CODES:
        raise FolderError(f"--currency {answers.currency}: expected an ISO code such as CNY")
    if any(block.unordered for block in proposal.blocks):
        first = "month" if answers.timezone.startswith("America/") else "day"
        if (
            _answer(asks, "In dates such as 03/04/2024, is the day or the month first", first)
            == "month"
        ):
            set_month_first(proposal.blocks)
    if (
        answers.has_refunds is None
        and "erp.orders" in proposal.feeds
        and "erp.refunds" not in proposal.feeds
    ):
        words = "Has the shop refunds that these exports do not list (yes, no)"
        answers.has_refunds = not _answer(asks, words, "yes").lower().startswith("n")


def _answer(asks: bool, question: str, usual: str) -> str:
    return str(typer.prompt(question, default=usual, err=True)).strip() if asks else usual


def _local_zone() -> str:
    """The machine's time zone, UTC where it has no name."""
    name = Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
    try:
        known = bool(name) and ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        known = None
    return name.removeprefix("Etc/") if known else "UTC"


def _shop_yml(settings: Settings, answers: Answers, proposal: Proposal) -> str:
    """The text of shop.yml."""
    shop = {
        "id": re.sub(r"[^a-z0-9]+", "_", settings.home.name.lower()).strip("_") or "shop",
        "name": {"en": answers.name, "zh": answers.name},
        "timezone": answers.timezone,
        "currency": answers.currency,
    }
    parts = [
        yaml.safe_dump({"shop": shop}, allow_unicode=True, sort_keys=False, default_flow_style=None)
    ]
    if proposal.blocks:
        parts.append(text_of(proposal.blocks))
    else:
        parts.append("# feeds: none yet; put exports into the inbox, then inspect them\n")
    if answers.has_refunds is False and "erp.refunds" not in proposal.feeds:
        parts[-1] += "  # The shop has no refunds beyond these exports.\n  erp.refunds: none\n"
    return "\n".join([*parts, _LISTS])


def has_mappings(settings: Settings) -> bool:
    """Whether shop.yml maps anything."""
    return bool(load_shop_config(settings.config).mappings)


def places(settings: Settings) -> Iterator[tuple[str, Path]]:
    """What a shop's folder holds, with where it is."""
    yield "home", settings.home
    yield "config", settings.config
    yield "inbox", settings.inbox
