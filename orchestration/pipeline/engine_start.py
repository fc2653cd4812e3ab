"""Starts what the engine needs before models are built."""

from orchestration.config.settings import Settings
from orchestration.engines import readiness


def start_engine(settings: Settings) -> None:
    """Clear the lake of what a killed landing left, then start what the engine needs.

    Spark reads whole folders, so such rows would be among the others.
    """
    if settings.target == "spark":
        from orchestration.engines.warehouse import connect
        from orchestration.landing.write.sink_change import sweep

        with connect(settings) as con:
            sweep(con, settings)
    readiness.ready(settings)
