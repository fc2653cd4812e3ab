"""Does each place receive a message in its own form, and is a refusal a failure? Real servers, no stand-ins."""

import base64
import hashlib
import hmac
import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from message_servers import HttpServer, MailServer, self_signed
from rich.cells import cell_len

from orchestration.config.mapping_check import Checker
from orchestration.config.notify_config import Place, read_places
from orchestration.messages.deliver import Outcome, deliver
from orchestration.messages.document import Cell, Document, Message, Section, Table
from orchestration.messages.html_page import as_html
from orchestration.messages.text import as_text, wrapped

HOSTILE = "<@all> [link](http://x) *bold* `code`\n# head <script>alert(1)</script> & \u202eabc"


def _message(language: str, items: int = 3) -> Message:
    table = Table(
        ("", "figure", "vs 2026-03-01"),
        ((Cell("净销售额 (CNY)"), Cell("22.52万"), Cell("-1.0%", "bad")),),
    )
    section = Section(
        "数字", table, (HOSTILE,), tuple(f"第 {i} 条：{'数据' * 20}" for i in range(items))
    )
    document = Document(language, "山茶小铺：数据截至 2026-03-02", ("发布于 06:00",), (section,))
    facts = {"shop": "camellia", "what": "digest"}
    return Message("digest", {"zh": document, "en": document}, facts, "bad")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = HttpServer()
    monkeypatch.setenv("ROBOT", server.url)
    monkeypatch.setenv("ROBOT_SECRET", "SEC-of-the-robot")
    yield server
    server.close()


def _place(**entry: Any) -> Place:
    check = Checker()
    places = read_places(check, [entry])
    assert check.problems == []
    return places[0]


def _sent(tmp_path: Path, message: Message | None = None, **entry: Any) -> Outcome:
    [outcome] = deliver([_place(**entry)], message or _message("zh"), tmp_path)
    return outcome


def test_wecom_gets_markdown_within_its_limit(server: HttpServer, tmp_path: Path) -> None:
    assert _sent(tmp_path, format="wecom", url_env="ROBOT").is_taken
    assert _sent(tmp_path, _message("zh", items=200), format="wecom", url_env="ROBOT").is_taken
    small, large = server.received
    assert small["msgtype"] == "markdown" and small.keys() == {"msgtype", "markdown"}
    lines = small["markdown"]["content"].split("\n")
    assert lines[0] == "## 山茶小铺：数据截至 2026-03-02"
    assert "- 净销售额 (CNY) **22.52万** · vs 2026-03-01 -1.0%" in lines
    text = large["markdown"]["content"]
    assert 3900 < len(text.encode()) <= 4096 and text.endswith("\n…")
    assert all(len(line) == len("- 第 10 条：") + 40 for line in text.split("\n")[-5:-1])


def test_values_cannot_format_or_mention_anything(server: HttpServer, tmp_path: Path) -> None:
    for name in ("wecom", "dingtalk", "feishu"):
        _sent(tmp_path, format=name, url_env="ROBOT")
    server.answer = b"ok"
    _sent(tmp_path, format="slack", url_env="ROBOT")
    assert len(server.received) == 4
    for body in server.received:
        text = json.dumps(body, ensure_ascii=False)
        assert not set("<>[`\u202e") & set(text.replace('": [', "")), text
        assert "＜@all＞" in text and "＊bold＊" in text
    assert "＞ &amp; abc" in json.dumps(server.received[-1], ensure_ascii=False)


def test_dingtalk_is_signed_in_the_address(server: HttpServer, tmp_path: Path) -> None:
    place = {"format": "dingtalk", "url_env": "ROBOT"}
    assert _sent(tmp_path, **place).is_taken
    assert _sent(tmp_path, **place, secret_env="ROBOT_SECRET").is_taken
    plain, signed = server.requests
    assert "sign" not in plain.path
    query = parse_qs(urlsplit(signed.path).query)
    assert query["token"] == ["secret-key-of-the-robot"]
    [timestamp], [sign] = query["timestamp"], query["sign"]
    assert abs(int(timestamp) / 1000 - time.time()) < 60
    expected = hmac.new(
        b"SEC-of-the-robot", f"{timestamp}\nSEC-of-the-robot".encode(), hashlib.sha256
    )
    assert sign == base64.b64encode(expected.digest()).decode()
    assert signed.body["msgtype"] == "markdown"
    assert signed.body["markdown"]["title"] == "山茶小铺：数据截至 2026-03-02"
    assert signed.body["markdown"]["text"].startswith("### 山茶小铺")


def test_feishu_gets_a_card_signed_in_the_body(server: HttpServer, tmp_path: Path) -> None:
    server.answer = b'{"code": 0, "msg": "success", "data": {}}'
    assert _sent(tmp_path, format="feishu", url_env="ROBOT", secret_env="ROBOT_SECRET").is_taken
    [body] = server.received
    key = f"{body['timestamp']}\nSEC-of-the-robot".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert abs(int(body["timestamp"]) - time.time()) < 60
    assert body["msg_type"] == "interactive"
    card = body["card"]
    assert card["header"]["title"] == {
        "tag": "plain_text",
        "content": "山茶小铺：数据截至 2026-03-02",
    }
    assert card["header"]["template"] == "red"
    assert [element["tag"] for element in card["elements"]] == ["markdown", "hr", "markdown"]
    assert "**22.52万**" in card["elements"][2]["content"]


def test_large_messages_stay_within_every_limit(server: HttpServer, tmp_path: Path) -> None:
    message = _message("zh", items=2000)
    for name in ("dingtalk", "feishu"):
        assert _sent(tmp_path, message, format=name, url_env="ROBOT").is_taken
    server.answer = b"ok"
    assert _sent(tmp_path, message, format="slack", url_env="ROBOT").is_taken
    for body in server.received[:2]:
        assert len(json.dumps(body, ensure_ascii=False).encode()) < 20_000
    blocks = server.received[2]["blocks"]
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks) and len(blocks) <= 50


def test_slack_gets_blocks_and_answers_ok(server: HttpServer, tmp_path: Path) -> None:
    server.answer = b"ok"
    assert _sent(tmp_path, format="slack", url_env="ROBOT").is_taken
    [body] = server.received
    assert body["text"] == "山茶小铺：数据截至 2026-03-02"
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section"]
    assert "*22.52万*" in body["blocks"][2]["text"]["text"]
    server.answer = b"no_text"
    assert _sent(tmp_path, format="slack", url_env="ROBOT").why == "refused: no_text"


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000: invalid webhook"),
        ("dingtalk", b'{"errcode": 310000, "errmsg": "keywords not in content"}', "310000: keywords"),
        ("feishu", b'{"code": 19021, "msg": "sign match fail"}', "19021: sign match fail"),
        ("feishu", b'{"StatusCode": 9499, "StatusMessage": "Bad Request"}', "9499: Bad Request"),
        ("wecom", b'{"errcode": 1, "errmsg": "secret-key-of-the-robot"}', r"code 1: \*\*\*"),
        ("dingtalk", b"<html>please log in</html>", "not that of a robot"),
        ("wecom", b"{}", "code unknown"),
        ("wecom", b"[1]", "not that of a robot"),
    ],
)  # fmt: skip
def test_a_refusal_with_status_200_is_a_failure(
    server: HttpServer, tmp_path: Path, name: str, answer: bytes, why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    server.answer = answer
    outcome = _sent(tmp_path, format=name, url_env="ROBOT")
    assert not outcome.is_taken

    assert re.search(why, outcome.why), outcome.why
    assert "secret-key" not in caplog.text and outcome.why in caplog.text


def test_no_failure_of_a_connection_shows_the_key(
    server: HttpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cases = {
        f"http://127.0.0.1:{port}/?key=0123-4567": "ConnectionRefusedError: Connection refused",
        "http://no-such-host.invalid/?key=0123-4567": "gaierror",
        "no address 0123-4567": "not an http or https address",
        "http://[0123-4567": "not an http or https address",
        "https://127.0.0.1:x0123-4567/": "not an http or https address",
        "file:///etc/passwd?0123-4567": "not an http or https address",
    }
    for url, why in cases.items():
        monkeypatch.setenv("ROBOT", url)
        outcome = _sent(tmp_path, format="wecom", url_env="ROBOT")
        assert not outcome.is_taken and outcome.why, url
        assert why in outcome.why and "0123" not in outcome.why, outcome.why
    monkeypatch.setenv("ROBOT", server.url)
    server.delay = 3
    started = time.monotonic()
    outcome = _sent(tmp_path, format="wecom", url_env="ROBOT", timeout_seconds=0.4)
    assert outcome.why == "no answer within 0.4 seconds" and time.monotonic() - started < 2


def test_a_redirect_is_not_followed(server: HttpServer, tmp_path: Path) -> None:
    server.status, server.location = 302, server.url
    outcome = _sent(tmp_path, format="wecom", url_env="ROBOT")
    assert outcome.why == "HTTP 302" and len(server.requests) == 1


def test_a_place_that_fails_does_not_stop_the_others(server: HttpServer, tmp_path: Path) -> None:
    places = [
        _place(format="wecom", url_env="NOT_SET_ANYWHERE"),
        _place(format="wecom", url_env="ROBOT"),
        _place(format="command", command="false"),
    ]
    outcomes = deliver(places, _message("zh"), tmp_path)
    assert [outcome.is_taken for outcome in outcomes] == [False, True, False]


@pytest.mark.parametrize(
    ("stdin", "starts"), [("text", "山茶小铺"), ("html", "<!doctype"), ("json", "{")]
)
def test_a_program_reads_the_form_it_chose(tmp_path: Path, stdin: str, starts: str) -> None:
    (tmp_path / "keep.py").write_text(
        "import sys; open('kept', 'wb').write(sys.stdin.buffer.read())"
    )
    command = [sys.executable, "keep.py"]
    assert _sent(tmp_path, format="command", command=command, stdin=stdin, language="zh").is_taken
    assert (tmp_path / "kept").read_text(encoding="utf-8").startswith(starts)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found))
    return found


@pytest.fixture
def mail_place(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("MAIL_USER", "robot@shop.example")
    monkeypatch.setenv("MAIL_PASSWORD", "p4ssword-of-the-mail")
    return {
        "format": "smtp", "host": "localhost", "from": "robot@shop.example", "language": "zh",
        "to": ["ann@shop.example", "bob@shop.example"],
    }  # fmt: skip


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_has_text_and_html_over_an_encrypted_login(
    tmp_path: Path, certificate: Path, mail_place: dict[str, Any], security: str
) -> None:
    login = ("robot@shop.example", "p4ssword-of-the-mail")
    server = MailServer(certificate, tls_from_start=security == "tls", login=login)
    place = {**mail_place, "port": server.port, "security": security}
    outcome = _sent(tmp_path, **place, user_env="MAIL_USER", password_env="MAIL_PASSWORD")
    server.close()
    assert outcome == Outcome(outcome.place, "digest", True), outcome.why
    assert server.logins == [(*login, True)]
    [mail] = server.mails
    assert server.recipients == [["ann@shop.example", "bob@shop.example"]]
    assert mail["Subject"] == "山茶小铺：数据截至 2026-03-02" and mail["From"] == place["from"]
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain" and html.get_content_type() == "text/html"
    assert text.get_content().replace("\r\n", "\n") == as_text(_message("zh").document("zh"))
    assert "22.52万" in html.get_content()


def test_a_mail_server_without_encryption_gets_no_password(
    tmp_path: Path, mail_place: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    server = MailServer(login=("x", "y"))
    place = {**mail_place, "port": server.port, "user_env": "MAIL_USER"}
    outcome = _sent(tmp_path, **place, password_env="MAIL_PASSWORD")
    assert not outcome.is_taken and server.logins == [] and server.mails == []
    plain = {**mail_place, "port": server.port, "security": "none"}
    server.login = None
    assert _sent(tmp_path, **plain).is_taken and len(server.mails) == 1
    server.close()
    assert "p4ssword" not in caplog.text


def test_failures_of_a_mail_server_name_no_person(
    tmp_path: Path, certificate: Path, mail_place: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    place = {**mail_place, "user_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"}
    server = MailServer(certificate, login=("another", "one"))
    outcome = _sent(tmp_path, **place, port=server.port)
    assert outcome.why == "the mail server answered 535" and not outcome.is_taken
    server.login = None
    server.refuses = ("bob@shop.example",)
    outcome = _sent(tmp_path, **mail_place, port=server.port)
    assert outcome.is_taken and outcome.why == "1 of 2 addresses were refused"
    server.refuses = ("ann@shop.example", "bob@shop.example")
    outcome = _sent(tmp_path, **mail_place, port=server.port)
    assert not outcome.is_taken and outcome.why == "all 2 addresses were refused"
    server.close()
    assert "@shop.example" not in caplog.text and "p4ssword" not in caplog.text


def test_an_unknown_certificate_stops_a_mail(
    tmp_path: Path, mail_place: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(self_signed(tmp_path))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    outcome = _sent(tmp_path, **mail_place, port=server.port)
    server.close()
    assert not outcome.is_taken and outcome.why.startswith("SSLCertVerificationError")
    assert server.mails == []


def test_text_fits_80_columns_whatever_the_values() -> None:
    table = Table(
        ("", "数值", "vs 2025-11-02"), ((Cell("退款率（按退款日）" * 9), Cell("1.88%"), Cell("—")),)
    )
    long = Section("名" * 100, table, ("x" * 300, HOSTILE), ("字" * 200, "word " * 40))
    text = as_text(Document("zh", "题" * 90, ("ab " * 50,), (long,)))
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "".join(text.split()).partition("x" * 300)[1] == "x" * 300
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


def test_lines_break_between_words_and_chinese_characters() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("甲乙丙丁，戊", 8) == ["甲乙丙", "丁，戊"]
    assert wrapped("- 数据截至 2026-11-01，已 27 天", 20, hang=2) == [
        "- 数据截至",
        "  2026-11-01，已 27",
        "  天",
    ]
    assert wrapped("", 8) == []


def test_html_escapes_every_value_and_loads_nothing() -> None:
    bad = '"><img src=x onerror=alert(1)>'
    table = Table(("", bad, bad), ((Cell(bad), Cell(bad), Cell(bad)),))
    page = as_html(Document("zh", bad, (bad,), (Section(bad, table, (bad,), (bad,)),)))
    assert page.count("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;") == 11
    assert not any(word in page for word in ("<img", "<script", "<link", "http", "url("))
