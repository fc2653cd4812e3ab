"""Landing: exports in, `raw.*` out, every row accounted for.

`land` is the whole of it; `land.py` is the place to start reading. `land_file` takes one file from
elsewhere, `replay` everything from the archive. `sweep` clears a lake of what a killed landing left, before Spark reads it.
"""

from orchestration.landing.errors import FileRejected, LandingError
from orchestration.landing.land import land, land_file
from orchestration.landing.moving import sweep
from orchestration.landing.replay import replay
from orchestration.landing_report import Counts, Event, FileResult, LandingReport, Reason

__all__ = [
    "Counts",
    "Event",
    "FileRejected",
    "FileResult",
    "LandingError",
    "LandingReport",
    "Reason",
    "land",
    "land_file",
    "replay",
    "sweep",
]
