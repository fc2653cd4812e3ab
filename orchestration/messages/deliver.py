"""Sends a message to several places at the same time; no place waits for another or stops the caller."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.config.notify_config import Mail, Place, Program, Robot, Webhook
from orchestration.messages.document import Message
from orchestration.messages.failures import PartlySent, reason
from orchestration.messages.mail import send_mail
from orchestration.messages.program import call
from orchestration.messages.webhook import post_facts, post_to_robot

_LOG = logging.getLogger("shop360.notify")
# A program is ended at its limit, which takes a moment.
_GRACE_SECONDS = 0.5


@dataclass(frozen=True)
class Outcome:
    """What became of a message at a place: whether the place has it, and what went wrong.

    `is_earlier`: it was not sent now, because the place has received it before.
    """

    place: Place
    message: str
    is_taken: bool
    why: str = ""
    is_earlier: bool = False


def deliver(places: Sequence[Place], message: Message, folder: Path) -> list[Outcome]:
    """An outcome for each place, in order; failures are logged. Programs run in `folder`."""
    found: dict[int, Outcome] = {}

    def send(number: int, place: Place) -> None:
        found[number] = _outcome(place, message, folder)

    started = time.monotonic()
    threads = [
        threading.Thread(target=send, args=(number, place), daemon=True)
        for number, place in enumerate(places)
    ]
    for thread in threads:
        thread.start()
    outcomes = []
    for number, (place, thread) in enumerate(zip(places, threads, strict=True)):
        # The limits of urllib and smtplib restart with each answer; this one is for the whole.
        left = started + place.timeout_seconds + _GRACE_SECONDS - time.monotonic()
        thread.join(max(left, 0))
        outcome = found.get(number) or Outcome(place, message.kind, False, _too_slow(place))
        if outcome.why:
            _LOG.warning("notify: %s: %s: %s", place.label, message.kind, outcome.why)
        outcomes.append(outcome)
    return outcomes


def _outcome(place: Place, message: Message, folder: Path) -> Outcome:
    try:
        _send(place, message, folder)
    except PartlySent as error:
        return Outcome(place, message.kind, True, reason(error))
    except TimeoutError as error:
        said = str(error) if isinstance(place, Program) else _too_slow(place)
        return Outcome(place, message.kind, False, said)
    except Exception as error:
        late = isinstance(getattr(error, "reason", None), TimeoutError)
        why = _too_slow(place) if late else reason(error, _secrets(place))
        return Outcome(place, message.kind, False, why)
    return Outcome(place, message.kind, True)


def _send(place: Place, message: Message, folder: Path) -> None:
    match place:
        case Robot():
            post_to_robot(place, message)
        case Webhook():
            post_facts(place, message)
        case Program():
            call(place, message, folder)
        case Mail():
            send_mail(place, message)


def _secrets(place: Place) -> list[str]:
    return [*place.secrets(), *([place.url] if isinstance(place, Webhook) and place.url else [])]


def _too_slow(place: Place) -> str:
    return f"no answer within {place.timeout_seconds:g} seconds"
