"""Posts JSON to an address."""

import http.client
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

from orchestration.config.notify_config import Place, Robot, SignedRobot, Webhook, from_environment
from orchestration.messages import robots
from orchestration.messages.document import Message
from orchestration.messages.failures import NotSent
from orchestration.terminal.json_output import as_json

_MOST_BYTES = 65_536
_NO_ADDRESS = "the address is not an http or https address"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would turn the message into a request without content, and pass the key on."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def post_facts(place: Webhook, message: Message) -> None:
    """Post the facts of a message; raises NotSent, or what the connection raises."""
    _post(place, place.address(), message.facts)


def post_to_robot(place: Robot, message: Message) -> None:
    """Post a message in the form of a robot, which must take it; raises NotSent."""
    url, now = place.address(), time.time()
    body = robots.body_for(place.format, message.document(place.language), message.mood)
    if isinstance(place, SignedRobot) and place.secret_env:
        secret = from_environment(place.secret_env)
        if place.format == "dingtalk":
            url = robots.signed_url(url, secret, now)
        else:
            body = robots.signature(secret, now) | body
    if why := robots.refusal(place.format, _post(place, url, body)):
        raise NotSent(why)


def _post(place: Place, url: str, content: Mapping[str, Any]) -> bytes:
    if not url.lower().startswith(("http://", "https://")):
        raise NotSent(_NO_ADDRESS)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "shop360"}
    try:
        request = urllib.request.Request(url, as_json(content).encode(), headers)
        with _OPENER.open(request, timeout=place.timeout_seconds) as answer:
            return answer.read(_MOST_BYTES)
    except (ValueError, http.client.InvalidURL):
        raise NotSent(_NO_ADDRESS) from None
