"""Sends a message as a mail with text and HTML."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from orchestration.config.notify_config import Mail, from_environment
from orchestration.messages.document import Message, one_line
from orchestration.messages.failures import NotSent, PartlySent
from orchestration.messages.html_page import as_html
from orchestration.messages.text import as_text


def mail_of(place: Mail, message: Message) -> EmailMessage:
    """The mail with its two parts."""
    document = message.document(place.language)
    mail = EmailMessage()
    mail["Subject"] = one_line(document.title)
    mail["From"] = place.sender
    mail["To"] = ", ".join(place.to)
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = make_msgid(domain=place.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(document))
    mail.add_alternative(as_html(document), subtype="html")
    return mail


def send_mail(place: Mail, message: Message) -> None:
    """Hand the mail to the server; raises NotSent, PartlySent, or what the connection raises."""
    mail = mail_of(place, message)
    with _connected(place) as server:
        if place.user_env and place.password_env:
            user, password = from_environment(place.user_env), from_environment(place.password_env)
            server.login(user, password)
        try:
            refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise NotSent(f"all {len(error.recipients)} addresses were refused") from None
    if refused:
        raise PartlySent(f"{len(refused)} of {len(place.to)} addresses were refused")


def _connected(place: Mail) -> smtplib.SMTP:
    where, limit = (place.host, place.own_port), place.timeout_seconds
    if place.security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=limit, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=limit)
    if place.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except Exception:
            server.close()
            raise
    return server
