"""Checks what the engine of the target needs, and starts it."""

from orchestration.config.settings import Settings


def check(settings: Settings) -> None:
    """Raise SparkMissing or DuckLakeMissing, with what to do, when this machine cannot run the target."""
    if settings.target == "ducklake":
        from orchestration.engines import ducklake

        ducklake.require(settings)
    if settings.target == "spark":
        from orchestration.engines.spark.requirements import require_client, require_server

        require_client()
        require_server()


def ready(settings: Settings) -> None:
    """Start what the engine needs: nothing for DuckDB, a server for Spark unless one is named.

    For DuckLake, its extensions are installed and the lake is opened once.
    """
    if settings.target == "ducklake":
        from orchestration.engines import ducklake

        ducklake.prepare(settings)
    if settings.target == "spark":
        from orchestration.engines.spark.server import ensure_server

        ensure_server(settings)
