"""Why a message could not be sent, in words without addresses, keys or names of persons."""

import smtplib
import urllib.error
from collections.abc import Iterable


class NotSent(Exception):
    """A reason that may be shown as it is."""


class PartlySent(Exception):
    """Some addresses of a mail were refused; the others have it."""


def reason(error: Exception, secrets: Iterable[str] = ()) -> str:
    """One line for logs and status. The text of other errors than our own may hold an address: only their kind is shown."""
    if isinstance(error, NotSent | PartlySent | LookupError | TimeoutError):
        return _without(str(error), secrets)
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, OSError) and cause.strerror and not cause.filename:
        return f"{type(cause).__name__}: {cause.strerror}"
    return type(cause).__name__ if isinstance(cause, Exception) else type(error).__name__


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        # Answers quote the key alone, which is the last part of most addresses.
        for part in (secret, secret.rsplit("/", 1)[-1], secret.rsplit("=", 1)[-1]):
            if len(part) > 5:
                text = text.replace(part, "***")
    return " ".join(text.split())
