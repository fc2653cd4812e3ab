"""The section `audience` of shop.yml: who may export audiences, and to which platforms.

Without an exporter and a recipient, no audience can be exported.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from orchestration.config.mapping import Texts


class Recipient(BaseModel):
    """A platform that may receive identifiers of customers who consent."""

    model_config = ConfigDict(extra="forbid")
    consent: Literal["any", "named"] = "any"
    """`any`: the shop's text of consent names this recipient, so decisions without a recipient count, too."""
    code: Texts = ()
    """Values of `recipient` in crm.consents that mean it; without them those of the platform."""
    minimum: int | None = Field(default=None, ge=1)
    phone: Literal["e164", "no_plus", "china_mobile"] | None = None
    """Form of phones before hashing, for platforms that document none."""
    hash: Literal["sha256", "md5"] | None = None


class Audience(BaseModel):
    """Exporters by their name on the machine or the name given with --as, and recipients by platform."""

    model_config = ConfigDict(extra="forbid")
    exporters: Texts = ()
    recipients: dict[str, Recipient] = {}
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    """Country of phones without country code whose record states no country."""

    @field_validator("recipients", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`meta: true` and `meta: named` are short for a recipient with defaults; `false` is none."""
        if not isinstance(value, dict):
            return value
        short = {"true": {}, "named": {"consent": "named"}}
        texts = {name: str(given).lower() for name, given in value.items()}
        return {
            name: short.get(texts[name], given)
            for name, given in value.items()
            if texts[name] != "false"
        }
