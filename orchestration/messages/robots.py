"""What each chat robot is sent, how it is signed, and what its answer says.

Robots answer 200 also where they refuse a message; the code is in the body. Slack answers `ok`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from orchestration.messages import markdown
from orchestration.messages.document import Document

# The limits of the makers, less what surrounds the text.
_WECOM_BYTES = 4096
_DINGTALK_BYTES = 18_000
_FEISHU_BYTES = 18_000
_SLACK_LETTERS = 2_900
_SLACK_TITLE = 150
_SLACK_BLOCKS = 48
_CARD_COLORS = {"bad": "red", "good": "green", "": "blue"}


def body_for(name: str, document: Document, mood: str = "") -> dict[str, Any]:
    """The JSON that the robot of a format takes; without a signature."""
    return _BODIES[name](document, mood)


def _wecom(document: Document, mood: str) -> dict[str, Any]:
    title = f"## {markdown.plain(document.title, markdown.WECOM)}"
    parts = [title, *markdown.blocks(document, markdown.WECOM)]
    text = markdown.within("\n\n".join(parts), _WECOM_BYTES)
    return {"msgtype": "markdown", "markdown": {"content": text}}


def _dingtalk(document: Document, mood: str) -> dict[str, Any]:
    title = markdown.plain(document.title, markdown.DINGTALK)
    parts = [f"### {title}", *markdown.blocks(document, markdown.DINGTALK)]
    text = markdown.within("\n\n".join(parts), _DINGTALK_BYTES)
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _feishu(document: Document, mood: str) -> dict[str, Any]:
    parts = markdown.blocks(document, markdown.FEISHU)
    share = _FEISHU_BYTES // max(len(parts), 1)
    whole = sum(len(part.encode()) for part in parts) <= _FEISHU_BYTES
    elements: list[dict[str, str]] = []
    for part in parts:
        content = part if whole else markdown.within(part, share)
        elements += [{"tag": "hr"}] if elements else []
        elements.append({"tag": "markdown", "content": content})
    card = {
        "config": {"wide_screen_mode": True},
        "header": {
            "template": _CARD_COLORS[mood],
            "title": {"tag": "plain_text", "content": document.title},
        },
        "elements": elements or [{"tag": "markdown", "content": document.title}],
    }
    return {"msg_type": "interactive", "card": card}


def _slack(document: Document, mood: str) -> dict[str, Any]:
    parts = markdown.blocks(document, markdown.SLACK)[:_SLACK_BLOCKS]
    title = {"type": "plain_text", "text": document.title[:_SLACK_TITLE]}
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": _letters(part, _SLACK_LETTERS)}}
        for part in parts
    ]
    text = markdown.plain(document.title, markdown.SLACK)
    return {"text": text, "blocks": [{"type": "header", "text": title}, *sections]}


_BODIES = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "slack": _slack}


def _letters(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    lines = text.split("\n")
    while lines and len("\n".join([*lines, "…"])) > most:
        lines.pop()
    return "\n".join([*lines, "…"])


def signed_url(url: str, secret: str, seconds: float) -> str:
    """DingTalk: the time in milliseconds and the signature of it, in the address."""
    timestamp = str(round(seconds * 1000))
    text = f"{timestamp}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest())
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}timestamp={timestamp}&sign={quote_plus(sign)}"


def signature(secret: str, seconds: float) -> dict[str, str]:
    """Feishu: the time in seconds and the signature, in the body. Time and secret are the key, the text is empty."""
    timestamp = str(round(seconds))
    sign = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(sign).decode()}


def refusal(name: str, answer: bytes) -> str | None:
    """Why a robot did not take the message, from its answer; None where it did."""
    if name == "slack":
        text = answer.decode(errors="replace").strip()
        return None if text == "ok" else f"refused: {text[:200] or 'an empty answer'}"
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    if not isinstance(found, Mapping):
        return "the answer is not that of a robot; check the address"
    code = _code(found)
    if code == "0":
        return None
    words = found.get("errmsg") or found.get("msg") or found.get("StatusMessage") or ""
    return f"refused with code {code}: {str(words)[:200]}".rstrip(": ")


def _code(found: Mapping[str, Any]) -> str:
    codes = (found[key] for key in ("errcode", "code", "StatusCode") if key in found)
    return str(next(codes, "unknown"))
