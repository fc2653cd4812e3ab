"""The trained model: what was learned, from what, when and by which Splink, as a JSON file of the home.

A score depends on the model and the two records, on nothing else: the shares of common names are part
of the model, so that a pair scores the same on every day.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.matching.policy import MatchingError

FEWEST_HOUSEHOLDS = 1 / 32
"""Least that `Model.households` may be."""


@dataclass(frozen=True)
class Model:
    """`shares`: m and u by comparison and level. `names`: shares of common values by column.

    `rare` is the share that any other value is taken to have. `prior`: the probability that two records
    are one person. `households`: how many pairs of records that share a phone, an address or an e-mail
    are two people, for each that is one. `one_system`: bits against a pair
    of one system, which gave an id of its own to each. `domains`: e-mail domains of many people.
    """

    version: str
    trained_at: str
    splink_version: str
    record_count: int
    records_from: str
    records_to: str
    training_pairs: dict[str, int]
    prior: float
    households: float
    shares: dict[str, dict[str, tuple[float, float]]]
    names: dict[str, dict[str, float]]
    rare: float
    one_system: float = 0.0
    domains: list[str] = field(default_factory=list)


def folder(settings: Settings) -> Path:
    """Where models and the memory of what was scored are kept."""
    return settings.private / "matching"


def new_version(content: dict[str, Any]) -> tuple[str, str]:
    """A version, sortable by time and tied to the content, and the time."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:6]
    return f"{now.translate(str.maketrans(' ', 'T', ':-'))}-{digest}", now


def save(settings: Settings, model: Model) -> Path:
    """Write the model, whole or not at all; earlier ones stay."""
    path = folder(settings) / f"model-{model.version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(asdict(model), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)
    return path


def load(settings: Settings) -> Model | None:
    """The latest model, or None before the first training. Raises MatchingError when it is damaged."""
    paths = sorted(folder(settings).glob("model-*.json"))
    if not paths:
        return None
    try:
        content = json.loads(paths[-1].read_text(encoding="utf-8"))
        content["shares"] = {
            name: {level: (m, u) for level, (m, u) in levels.items()}
            for name, levels in content["shares"].items()
        }
        return Model(**content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MatchingError(
            f"{paths[-1]}: no model of this version of shop360 ({error}). "
            f"Type `{full_command('identity train', settings)}` to train a new one."
        ) from None
