"""Every function that models call from SQL, and the packages that a worker of a cluster needs for them."""

import orchestration.attribution
import orchestration.promotions
import orchestration.returns
import orchestration.statistics
import orchestration.system
import orchestration.value
from orchestration.attribution import sql_functions as attribution
from orchestration.promotions import sql_functions as promotions
from orchestration.returns import sql_functions as returns
from orchestration.statistics import distributions
from orchestration.value import sql_functions as value

FUNCTIONS = (
    *value.FUNCTIONS,
    *attribution.FUNCTIONS,
    *returns.FUNCTIONS,
    *promotions.FUNCTIONS,
    *distributions.FUNCTIONS,
)
PACKAGES = (
    orchestration.value,
    orchestration.attribution,
    orchestration.returns,
    orchestration.promotions,
    orchestration.statistics,
    orchestration.system,
)
