"""An API on loopback with the habits of real ones: pages, limits of requests, faults, tokens that end."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

SECRET = "s3cr3t-token-value"
Row = dict[str, Any]
Answer = tuple[int, dict[str, str], str]


class Api:
    """Rows by path, and what goes wrong. Values of `rows` are JSON texts, so that no digit is lost."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}
        self.page_size = 2
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.faults: list[Answer | str] = []
        """Answered first, one per request; `cut` ends the connection in the middle of an answer."""
        self.before: Callable[[str, dict[str, str]], None] = lambda path, query: None
        self.tokens: list[str] = []
        """Tokens given out; the last one is valid."""
        self.wants_token = False
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        """End the server."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer | str:
        """One request."""
        with self.lock:
            self.requests.append((path, query, headers))
            if self.faults:
                return self.faults.pop(0)
            if path == "/token":
                self.tokens.append(f"token-{len(self.tokens)}-{SECRET}")
                body = {"access_token": self.tokens[-1], "expires_in": 3600}
                return 200, {}, json.dumps(body)
            given = headers.get("Authorization", "")
            if self.wants_token and (not self.tokens or given != f"Bearer {self.tokens[-1]}"):
                return 401, {}, '{"error": "expired"}'
            self.before(path, query)
            return self._page(path, query)

    def _page(self, path: str, query: dict[str, str]) -> Answer:
        rows = self._chosen(path, query)
        if path.startswith("/paged"):
            start = (int(query["page"]) - 1) * self.page_size
        else:
            start = int(query.get("offset") or query.get("cursor") or query.get("page_info") or 0)
        shown = rows[start : start + self.page_size]
        after = str(start + self.page_size) if start + self.page_size < len(rows) else ""
        listed = f"[{', '.join(shown)}]"
        if path.startswith("/link"):
            following = self.url + path + "?" + urlencode({"page_info": after})
            return 200, {"Link": f'<{following}>; rel="next"'} if after else {}, listed
        following = json.dumps(after or None)
        return 200, {}, f'{{"code": 0, "data": {{"list": {listed}, "next": {following}}}}}'

    def _chosen(self, path: str, query: dict[str, str]) -> list[str]:
        """The rows of the days or since the time that a request names."""
        found = [(json.loads(text), text) for text in self.rows.get(path, [])]
        if since := query.get("since"):
            found = [(row, text) for row, text in found if row["updated_at"] >= since]
        if first := query.get("from"):
            found = [(row, text) for row, text in found if first <= row["day"] <= query["to"]]
        return [text for _, text in found]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.do_GET()

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = dict(parse_qsl(parts.query))
                answer = api.answer(parts.path, query, dict(self.headers))
                status, headers, body = (200, {}, "[" * 100) if isinstance(answer, str) else answer
                content = body.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                longer = 1000 if answer == "cut" else 0
                self.send_header("Content-Length", str(len(content) + longer))
                self.end_headers()
                self.wfile.write(content)
                if longer:
                    self.close_connection = True

        return Handler
