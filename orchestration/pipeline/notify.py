"""Which message is due, and to which places of shop.yml: the digest, failed runs, late feeds.

A place receives each message once, whichever process finds the reason. What cannot be sent is logged, is
due again at the next run or `shop360 digest --send`, and never fails a run. Messages hold no value of a
person: figures of all shops, names of steps and feeds, dates.
"""

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from orchestration.config.notify_config import Place
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig, load_shop_config
from orchestration.messages.deliver import Outcome, deliver
from orchestration.messages.deliveries import Entry, deliveries
from orchestration.messages.document import Message
from orchestration.pipeline.notify_messages import failure_message, late_message, now, with_facts
from orchestration.reports.digest import data_until, read_digest
from orchestration.reports.digest_document import digest_message
from orchestration.reports.feed_ages import feed_ages, today_in

_LOG = logging.getLogger("shop360.notify")
_KEPT_RUNS = 100
Entries = dict[str, Entry]


def run_failed(settings: Settings, run_id: str, steps: Sequence[str]) -> list[Outcome]:
    """Send that a run failed at these steps, once per run."""
    with _never_failing(), _open(settings) as (shop, entries):
        places = [
            place
            for place in _for("run_failed", shop)
            if not run_id or run_id not in entries[place.key]["runs"]
        ]
        return _send_failed_run(settings, shop, entries, places, run_id, steps)
    return []


def late_feeds(settings: Settings) -> list[Outcome]:
    """Send the late feeds that a place has not received today."""
    outcomes: list[Outcome] = []
    with _never_failing(), _open(settings) as (shop, entries):
        if not (places := _for("feeds_late", shop)):
            return []
        today = today_in(shop.shop.timezone)
        late = {
            f"{age.feed} {age.source_system} {age.shop_id}": age
            for age in feed_ages(settings, today)
            if age.is_late
        }
        # Places that have received the same feeds get the same message.
        groups: dict[tuple[str, ...], list[Place]] = {}
        for place in places:
            known = entries[place.key]["late"]
            fresh = tuple(key for key in late if known.get(key) != str(today))
            groups.setdefault(fresh, []).append(place)
        for fresh, group in groups.items():
            if fresh:
                message = late_message(shop, {key: late[key] for key in fresh})
                outcomes += _deliver(shop, group, message, entries)
        for outcome in outcomes:
            if outcome.is_taken:
                entries[outcome.place.key]["late"] = dict.fromkeys(late, str(today))
    return outcomes


def digest(settings: Settings, *, again: bool = False) -> list[Outcome]:
    """Send the digest to the places that have not received it, with `again` to all that receive digests.

    Raises DigestMissing without a release that has a digest.
    """
    with _open(settings) as (shop, entries):
        if not (places := _for("digest", shop)):
            return []
        found = read_digest(settings, shop)
        due = [place for place in places if again or entries[place.key]["digest"] != found.token]
        message = digest_message(found)
        message = replace(message, facts=with_facts(shop, "digest", message.facts))
        outcomes = _deliver(shop, due, message, entries)
        for outcome in outcomes:
            if outcome.is_taken:
                entries[outcome.place.key]["digest"] = found.token
        earlier = [place for place in places if place not in due]
        return outcomes + [Outcome(place, "digest", True, is_earlier=True) for place in earlier]


def after_run(settings: Settings) -> list[Outcome]:
    """Send everything that is due: a failed run that was not sent, late feeds, the digest."""
    outcomes = unsent_failures(settings) + late_feeds(settings)
    if settings.released.exists():
        with _never_failing():
            outcomes += digest(settings)
    return outcomes


def send_now(settings: Settings, *, again: bool = False) -> list[Outcome]:
    """The same for a person or cron: raises DigestMissing where there is no digest to send."""
    others = unsent_failures(settings) + late_feeds(settings)
    return digest(settings, again=again) + others


def unsent_failures(settings: Settings) -> list[Outcome]:
    """Send again the last failed run to the places that did not take it."""
    with _never_failing(), _open(settings) as (shop, entries):
        outcomes = []
        for place in _for("run_failed", shop):
            if failed := entries[place.key]["unsent"]:
                outcomes += _send_failed_run(
                    settings, shop, entries, [place], failed["run_id"], failed["steps"]
                )
        return outcomes
    return []


def _send_failed_run(
    settings: Settings,
    shop: ShopConfig,
    entries: Entries,
    places: Sequence[Place],
    run_id: str,
    steps: Sequence[str],
) -> list[Outcome]:
    until = data_until(settings)
    message = failure_message(
        shop,
        run_id,
        steps,
        str(until) if until else None,
        has_release=settings.released.exists(),
    )
    outcomes = _deliver(shop, places, message, entries)
    for outcome in outcomes:
        entry = entries[outcome.place.key]
        entry["unsent"] = None if outcome.is_taken else {"run_id": run_id, "steps": list(steps)}
        if outcome.is_taken and run_id:
            entry["runs"] = [*entry["runs"], run_id][-_KEPT_RUNS:]
    return outcomes


def _for(kind: str, shop: ShopConfig) -> list[Place]:
    return [place for place in shop.notify if kind in place.messages]


def _deliver(
    shop: ShopConfig, places: Sequence[Place], message: Message, entries: Entries
) -> list[Outcome]:
    """Send, and note for `shop360 status` what went wrong last at each place."""
    outcomes = deliver(places, message, shop.path.resolve().parent)
    for outcome in outcomes:
        failure = {
            "place": outcome.place.label,
            "message": message.kind,
            "at": now(),
            "why": outcome.why,
        }
        entries[outcome.place.key]["failure"] = failure if outcome.why else None
    return outcomes


@contextmanager
def _open(settings: Settings) -> Generator[tuple[ShopConfig, Entries], None, None]:
    """The configuration, and what each of its places has received."""
    shop = load_shop_config(settings.config)
    if not shop.notify or settings.is_rebuilding:
        yield shop.model_copy(update={"notify": ()}), {}
        return
    with deliveries(settings, [place.key for place in shop.notify]) as entries:
        yield shop, entries


@contextmanager
def _never_failing() -> Generator[None, None, None]:
    try:
        yield
    except Exception as error:
        _LOG.warning("notify: %s", type(error).__name__)
