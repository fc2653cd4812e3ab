"""The operator's say in matching: the one row of the list `match_policy`, read where dbt reads it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from orchestration.config.settings import seeds_folder
from orchestration.system.errors import OperatorError


class MatchingError(OperatorError):
    """Records cannot be matched; the text says why and what to do."""


@dataclass(frozen=True)
class MatchPolicy:
    """Thresholds are probabilities; see models/seeds/_seeds_people_money.yml for what each column means."""

    is_enabled: bool
    accept_probability: float
    review_probability: float
    max_block_size: int
    min_records: int


def load_policy(path: Path | None = None) -> MatchPolicy:
    """The policy. Raises MatchingError when the seed is missing, unreadable or contradicts itself."""
    path = path or seeds_folder() / "match_policy.csv"
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            [row] = csv.DictReader(handle)
        policy = MatchPolicy(
            is_enabled={"true": True, "false": False}[row["is_enabled"].strip().lower()],
            accept_probability=float(row["accept_probability"]),
            review_probability=float(row["review_probability"]),
            max_block_size=int(row["max_block_size"]),
            min_records=int(row["min_records"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise MatchingError(
            f"{path}: expected one row with is_enabled (true or false), accept_probability, "
            f"review_probability, max_block_size and min_records; found a problem with {error}."
        ) from None
    if not 0.5 <= policy.review_probability <= policy.accept_probability <= 1:
        raise MatchingError(
            f"{path}: expected 0.5 <= review_probability <= accept_probability <= 1, found "
            f"{policy.review_probability} and {policy.accept_probability}."
        )
    if policy.max_block_size < 2:
        raise MatchingError(
            f"{path}: max_block_size is {policy.max_block_size}, expected 2 or more."
        )
    return policy


def blocked_patterns(path: Path | None = None) -> list[tuple[str, str]]:
    """Kind and pattern of identifiers that belong to no person, such as 13800138000."""
    path = path or seeds_folder() / "blocked_identifiers.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return [(row["id_type"], row["pattern"]) for row in csv.DictReader(handle)]
