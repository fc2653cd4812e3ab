"""Starts a program of the shop and writes a message to its stdin."""

import os
import subprocess
from pathlib import Path

from orchestration.config.notify_config import Program
from orchestration.messages.document import Message
from orchestration.messages.failures import NotSent
from orchestration.messages.html_page import as_html
from orchestration.messages.text import as_text
from orchestration.terminal.json_output import as_json

_NOT_FOR_OTHERS = ("SHOP360_SALT",)


def call(place: Program, message: Message, folder: Path) -> None:
    """Run the program in a folder until it ends; raises NotSent, TimeoutError or OSError."""
    process = subprocess.Popen(
        place.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in _NOT_FOR_OTHERS},
        start_new_session=True,
    )
    try:
        process.communicate(_content(place, message).encode(), timeout=place.timeout_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        raise TimeoutError(f"no end within {place.timeout_seconds:g} seconds") from None
    if process.returncode:
        raise NotSent(f"exit code {process.returncode}")


def _content(place: Program, message: Message) -> str:
    if place.stdin == "json":
        return as_json(message.facts)
    document = message.document(place.language)
    return as_html(document) if place.stdin == "html" else as_text(document)
