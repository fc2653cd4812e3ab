"""Checks before an export: the exporter, the recipient, and the folder of the files."""

import getpass
from pathlib import Path

from orchestration.audience.platforms import AudienceError, AudienceNotSetUp, Platform
from orchestration.config.audience_config import Audience, Recipient
from orchestration.config.settings import Settings


def allowed(audience: Audience, name: str | None) -> str:
    """The name of the exporter. Raises AudienceError where shop.yml does not list it."""
    if not audience.exporters:
        raise AudienceNotSetUp(
            "Audience export is off: shop.yml names no exporter. Add the section `audience` with "
            "`exporters` and `recipients`; docs/audience.md describes what must be settled before."
        )
    operator = name or getpass.getuser()
    if operator not in audience.exporters:
        raise AudienceError(
            f"{operator} is no exporter of this shop: audience.exporters in shop.yml does not list the name. "
            "Give a listed name with --as, or ask the owner of shop.yml."
        )
    return operator


def recipient_of(audience: Audience, platform: Platform) -> Recipient:
    """The settings of the platform as a recipient. Raises AudienceNotSetUp where shop.yml has none."""
    recipient = audience.recipients.get(platform.code)
    if recipient is None:
        raise AudienceNotSetUp(
            f"audience.recipients in shop.yml does not list {platform.code}. Add `{platform.code}: true` if "
            f"the consent that customers gave names it as a recipient, or `{platform.code}: named` if only "
            "decisions with this recipient in crm.consents count."
        )
    return recipient


def safe_place(settings: Settings, to: Path | None) -> None:
    """Raise AudienceError where files would be where readers of the release or other programs look."""
    if to is None:
        return
    place = to.expanduser().resolve()
    if place.is_relative_to(settings.home) and not place.is_relative_to(settings.private):
        raise AudienceError(
            f"--to {to}: readers of the release can reach it; choose another folder."
        )
    if place.is_relative_to(settings.inbox):
        raise AudienceError(f"--to {to}: this is the inbox; choose another folder.")
    if place.exists() and not place.is_dir():
        raise AudienceError(f"--to {to}: this is a file; give a folder.")
