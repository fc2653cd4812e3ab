"""Matching: records that no identifier ties, compared by what describes them, land as `crm.matches`.

`run.py` is the place to start reading. What is made of the pairs is dbt's business.
"""

from orchestration.matching.policy import MatchingError, MatchPolicy, load_policy
from orchestration.matching.run import MatchReport, match, train

__all__ = ["MatchPolicy", "MatchReport", "MatchingError", "load_policy", "match", "train"]
