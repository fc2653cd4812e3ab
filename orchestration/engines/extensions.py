"""DuckDB's extensions as files of installed wheels: a closed network needs no download."""

from importlib.util import find_spec
from pathlib import Path

import duckdb

from orchestration.system.errors import OperatorError

_PACKAGES = {
    "ducklake": "duckdb_extension_ducklake",
    "postgres_scanner": "duckdb_extension_postgres_scanner",
}


class ExtensionMissing(OperatorError):
    """The wheel of an extension is not installed, or is not that of this DuckDB."""

    exit_code = 2


def extension_file(name: str, needed_by: str, extra: str) -> Path:
    """The file of an extension. Raises ExtensionMissing, which names the `extra` of shop360 that has it."""
    package = _PACKAGES[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        wanted = package.replace("_", "-")
        raise ExtensionMissing(
            f"{needed_by} needs {wanted}, which is not installed: pip install 'shop360[{extra}]'."
        )
    version = f"v{duckdb.__version__}"
    file = Path(spec.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
    if not file.exists():
        raise ExtensionMissing(
            f"{file} is missing: {package} is not the one for DuckDB {duckdb.__version__}. "
            f"pip install 'shop360[{extra}]' brings the right one."
        )
    return file
