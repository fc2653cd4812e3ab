"""Every function that models call from SQL, and the packages that a worker of a cluster needs for them."""

import orchestration.attribution
import orchestration.system
import orchestration.value
from orchestration.attribution import sql_functions as attribution
from orchestration.value import sql_functions as value

FUNCTIONS = (*value.FUNCTIONS, *attribution.FUNCTIONS)
PACKAGES = (orchestration.value, orchestration.attribution, orchestration.system)
