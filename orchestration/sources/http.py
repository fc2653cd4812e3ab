"""Requests to an API: retries, waiting as the API asks, and proofs of who sends them.

A request goes to the host of `base_url` and to that of the token alone, whatever an answer names.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from orchestration.config.api_config import Api, Auth
from orchestration.sources import json_text
from orchestration.sources.errors import ExtraMissing, SourceError

if TYPE_CHECKING:
    # Takes a while to import, and most shops have no API.
    import requests

_AGAIN = (429, 500, 502, 503, 504)
_EARLY = 60
"""Seconds before its end from which a token is renewed."""


@dataclass(frozen=True)
class Answer:
    """The JSON of an answer, and the address of the next page in its header."""

    content: Any
    next_link: str | None


class Client:
    """A session with one API. `secrets`: the values of the references in shop.yml, by reference."""

    def __init__(self, source: Api, secrets: Mapping[str, str]) -> None:
        try:
            import requests
            from requests.adapters import HTTPAdapter
            from urllib3 import Retry
        except ImportError:
            raise ExtraMissing(
                "A source of type rest needs requests, which is not installed: "
                "pip install 'shop360[sources]'."
            ) from None
        self.source, self.secrets = source, secrets
        self.base = source.base_url.rstrip("/") + "/"
        longest = int(source.longest_wait.total_seconds())
        retry = Retry(
            total=source.attempts - 1,
            status_forcelist=_AGAIN,
            allowed_methods={"GET", "POST"},
            backoff_factor=0.5,
            backoff_max=min(60, longest),
            retry_after_max=longest,
            raise_on_status=False,
        )
        self.session = requests.Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=retry))
        self.session.headers.update({"Accept": "application/json", "User-Agent": "shop360"})
        for name, value in source.headers.items():
            self.session.headers[name] = self.value(value)
        self.token, self.expires = "", 0.0

    def value(self, text: str) -> str:
        """A text of shop.yml, with the secret in place of its reference."""
        return self.secrets.get(text, text)

    def get(self, path: str, params: Mapping[str, str]) -> Answer:
        """One page. Raises SourceError, which names the path and the status, never parameters."""
        url = urljoin(self.base, path.lstrip("/") if "://" not in path else path)
        if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
            raise self._error(
                url, "the next page lies on another host, which gets no request; check base_url"
            )
        response = self._sent("GET", url, params=dict(params))
        if response.status_code == 401 and self._renewed():
            response = self._sent("GET", url, params=dict(params))
        self._refuse_failure(response, url)
        try:
            content = json_text.parse(response.content)
        except ValueError:
            raise self._error(url, "the answer is not JSON; check base_url and path") from None
        return Answer(content, response.links.get("next", {}).get("url"))

    def _sent(self, method: str, url: str, **options: Any) -> "requests.Response":
        """A response whose content has arrived in full; one that was cut off is asked for again."""
        import requests

        for attempt in range(self.source.attempts):
            try:
                return self.session.request(
                    method,
                    url,
                    auth=self._proof if method == "GET" else _no_proof,
                    timeout=self.source.timeout.total_seconds(),
                    allow_redirects=False,
                    **options,
                )
            except requests.exceptions.ChunkedEncodingError:
                time.sleep(min(0.5 * 2**attempt, 30))
            except requests.RequestException as error:
                # The text of the error has the address with its parameters.
                kind = type(error).__name__
                raise self._error(
                    url, f"no answer ({kind}) in {self.source.attempts} attempts"
                ) from None
        raise self._error(url, f"the answer was cut off {self.source.attempts} times")

    def _refuse_failure(self, response: "requests.Response", url: str) -> None:
        status = response.status_code
        if status in (401, 403):
            raise self._error(url, f"status {status}: the token is refused or lacks a permission")
        if 300 <= status < 400:
            raise self._error(
                url, f"status {status}: the API has another address; correct base_url"
            )
        if status in _AGAIN:
            raise self._error(
                url,
                f"status {status} in {self.source.attempts} attempts; the next fetch tries again",
            )
        if status >= 400:
            raise self._error(url, f"status {status}; check path and params")

    def _error(self, url: str, text: str) -> SourceError:
        return SourceError(f"{self.source.name}: {urlsplit(url).path}: {text}")

    def _proof(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        auth = self.source.auth
        if auth is None:
            return request
        if auth.type == "client_credentials":
            request.headers["Authorization"] = f"Bearer {self._current_token(auth)}"
        elif auth.type == "bearer":
            request.headers["Authorization"] = f"Bearer {self.value(auth.token or '')}"
        elif auth.type == "header":
            request.headers[auth.name] = self.value(auth.token or "")
        elif auth.type == "query":
            request.prepare_url(request.url or "", {auth.name: self.value(auth.token or "")})
        elif auth.type == "basic":
            from requests.auth import HTTPBasicAuth

            user, password = self.value(auth.user or ""), self.value(auth.password or "")
            return HTTPBasicAuth(user, password)(request)
        return request

    def _renewed(self) -> bool:
        """Whether the next request has a new token: the API ended the old one before its time."""
        was, self.token = self.token, ""
        return bool(was)

    def _current_token(self, auth: Auth) -> str:
        if self.token and time.monotonic() < self.expires:
            return self.token
        form = {
            "grant_type": "client_credentials",
            "client_id": self.value(auth.client_id or ""),
            "client_secret": self.value(auth.client_secret or ""),
        }
        form |= {"scope": auth.scope} if auth.scope else {}
        address = auth.token_url or ""
        response = self._sent("POST", address, data=form)
        self._refuse_failure(response, address)
        try:
            found = json_text.parse(response.content)
            self.token = str(found["access_token"])
            seconds = float(found.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._error(address, "the answer has no access_token; check token_url") from None
        self.expires = time.monotonic() + max(seconds - _EARLY, seconds / 2)
        return self.token


def _no_proof(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    """Nothing is added, and requests does not look for a .netrc."""
    return request
