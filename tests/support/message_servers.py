"""Servers that receive messages: an HTTP server with the answers of robots, and a mail server with encryption and login."""

import base64
import contextlib
import json
import socketserver
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Received:
    """A request: path with query, headers, JSON."""

    path: str
    headers: dict[str, str]
    body: Any


class HttpServer:
    """Keeps what it receives; answers with `status` and `answer` after `delay` seconds."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.status, self.answer, self.delay = 200, b'{"errcode": 0, "errmsg": "ok"}', 0.0
        self.location = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.delay)
                outer.requests.append(Received(self.path, dict(self.headers), json.loads(body)))
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", str(len(outer.answer)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(outer.answer)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/hook?token=secret-key-of-the-robot"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def received(self) -> list[Any]:
        """The JSON of each request."""
        return [request.body for request in self.requests]

    def close(self) -> None:
        """End the server."""
        self.http.shutdown()
        self.http.server_close()


@dataclass
class MailServer:
    """A mail server of RFC 5321, with STARTTLS or TLS where it has a certificate, and login where it has a password."""

    certificate: Path | None = None
    tls_from_start: bool = False
    login: tuple[str, str] | None = None
    refuses: tuple[str, ...] = ()
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[tuple[str, str, bool]] = field(default_factory=list)
    """User, password, and whether the connection was encrypted."""

    def __post_init__(self) -> None:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, ssl.SSLError):
                    _Session(outer, self.request).run()

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def encrypted(self, connection: Any) -> Any:
        """The connection under TLS."""
        assert self.certificate is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context.wrap_socket(connection, server_side=True)

    def close(self) -> None:
        """End the server."""
        self.server.shutdown()
        self.server.server_close()


class _Session:
    """One connection."""

    def __init__(self, server: MailServer, connection: Any) -> None:
        self.server, self.is_encrypted = server, server.tls_from_start
        self.connection = server.encrypted(connection) if server.tls_from_start else connection
        self.lines = self.connection.makefile("rb")
        self.to: list[str] = []
        self.is_known = server.login is None

    def run(self) -> None:
        self.say("220 mail")
        while line := self.lines.readline().decode().strip():
            word, _, rest = line.partition(" ")
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            getattr(self, word.lower(), self.unknown)(rest)

    def say(self, text: str) -> None:
        self.connection.sendall(f"{text}\r\n".encode())

    def unknown(self, rest: str) -> None:
        self.say("502 unknown")

    def ehlo(self, rest: str) -> None:
        offers = ["mail"]
        if self.server.certificate and not self.is_encrypted:
            offers.append("STARTTLS")
        if self.server.login:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")

    def starttls(self, rest: str) -> None:
        self.say("220 go ahead")
        self.connection = self.server.encrypted(self.connection)
        self.lines, self.is_encrypted = self.connection.makefile("rb"), True

    def auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
        self.server.logins.append((user, password, self.is_encrypted))
        self.is_known = (user, password) == self.server.login
        self.say("235 welcome" if self.is_known else f"535 no such user {user}")

    def mail(self, rest: str) -> None:
        self.say("250 ok" if self.is_known else "530 log in first")

    def rset(self, rest: str) -> None:
        self.say("250 ok")

    def rcpt(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        if address in self.server.refuses:
            self.say(f"550 no such address {address}")
            return
        self.to.append(address)
        self.say("250 ok")

    def data(self, rest: str) -> None:
        self.say("354 go on")
        content = b""
        while (line := self.lines.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
        mail = message_from_bytes(content, policy=default)
        self.server.mails.append(mail)
        self.server.recipients.append(self.to)
        self.say("250 taken")


def self_signed(folder: Path) -> Path:
    """A certificate of `localhost` with its key, in one file."""
    file = folder / "localhost.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", file, "-out", folder / "cert.pem",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + (folder / "cert.pem").read_bytes())
    return file
