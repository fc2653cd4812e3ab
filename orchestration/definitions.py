"""The code location of Dagster: `dagster dev -m orchestration.definitions`.

Dagster keeps the state of schedules and sensors under the name of this module. Everything is defined in
`pipeline/definitions.py`.
"""

from orchestration.pipeline.definitions import defs

__all__ = ["defs"]
