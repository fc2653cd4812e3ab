"""What Spark needs on this machine, checked before anything starts, with the way out in each error."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from orchestration.system.errors import OperatorError

OLDEST_JAVA = 17
_REMOTE_HINT = "or set SHOP360_SPARK_REMOTE=sc://host:15002 to use a server that runs elsewhere"


class SparkMissing(OperatorError):
    """A package or program that Spark needs is not installed."""

    exit_code = 2


def require_client() -> None:
    """The packages that dbt needs to talk to any Spark server; raises SparkMissing."""
    missing = [
        package
        for package, module in (("dbt-spark", "dbt.adapters.spark"), ("pyspark", "pyspark.sql"))
        if not _found(module)
    ]
    if missing:
        raise SparkMissing(
            f"--target spark needs {' and '.join(missing)}, which is not installed. Type `make spark`, "
            "or pip install 'shop360[spark]' for a server elsewhere and 'shop360[spark-server]' for "
            "one on this machine."
        )


def require_server() -> None:
    """A server to talk to: one that the operator names, or what it takes to start our own."""
    if not os.environ.get("SHOP360_SPARK_REMOTE"):
        spark_home()


def spark_home() -> Path:
    """Where Spark itself is installed; raises SparkMissing without it or without Java."""
    require_client()
    import pyspark

    home = Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent)
    if not (home / "jars").is_dir():
        raise SparkMissing(
            f"{home} holds Spark's client but no server. pip install 'shop360[spark-server]', "
            f"{_REMOTE_HINT}."
        )
    _require_java()
    return home


def _found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _require_java() -> None:
    java_home = os.environ.get("JAVA_HOME")
    java = str(Path(java_home) / "bin" / "java") if java_home else shutil.which("java")
    advice = (
        f"Install Java {OLDEST_JAVA} or newer (Debian: apt install openjdk-17-jre-headless) and set "
        f"JAVA_HOME if it is not on the PATH, {_REMOTE_HINT}."
    )
    if not java or not Path(java).exists():
        raise SparkMissing(
            f"A Spark server on this machine needs Java, and none was found. {advice}"
        )
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(?:1\.)?(\d+)', told.stdout + told.stderr)
    if not version or int(version[1]) < OLDEST_JAVA:
        found = version[1] if version else "an unknown version"
        raise SparkMissing(f"{java} is Java {found}. {advice}")
