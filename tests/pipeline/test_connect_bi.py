"""Do the recipes of docs/connect-bi.md let people read, and nothing else?"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb_cli
import pytest
from shops import REPO, Shop

_PAGE = (REPO / "docs" / "connect-bi.md").read_text(encoding="utf-8")
_FORBIDDEN = (
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "attach '{folder}/other.duckdb' as other",
    "copy (select 1) to '{folder}/out.csv'",
    "export database '{folder}/all'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "set autoload_known_extensions = true",
    "set allowed_directories = ['/etc']",
    "create table marts.mine as select 1",
    "delete from marts.orders",
    "drop table marts.orders",
)
_ASK = """
import json, sys
run, statements = connect(), json.loads(sys.argv[1])
done = []
for sql in statements:
    try:
        run(sql)
        done.append(sql)
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
print(json.dumps(done))
"""


def _block(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", _PAGE, re.DOTALL)[number]


def _python(file: Path) -> str:
    code = _block("python").replace("data/serving/current/shop360.duckdb", str(file))
    return f"{code}\ndef connect():\n    return lambda sql: con.execute(sql).fetchall()\n"


def _sql(file: Path) -> str:
    code = _block("sql").replace("data/serving/current/shop360.duckdb", str(file))
    return (
        f"import duckdb\ncon = duckdb.connect()\ncon.execute({code!r})\n"
        "def connect():\n    return lambda sql: con.execute(sql).fetchall()\n"
    )


def _alchemy(url: str, arguments: dict) -> str:
    return (
        "import sqlalchemy as sa\n"
        f"con = sa.create_engine({url!r}, **{arguments!r}).connect()\n"
        "def connect():\n    return lambda sql: con.execute(sa.text(sql)).fetchall()\n"
    )


def _engine_parameters(file: Path) -> str:
    return _alchemy(f"duckdb:///{file}", json.loads(_block("json")))


def _uri(file: Path) -> str:
    return _alchemy(_block("text").strip().replace("/<path>/shop360.duckdb", str(file)), {})


@pytest.mark.parametrize("recipe", [_python, _sql, _engine_parameters, _uri])
def test_a_recipe_reads_and_does_nothing_else(
    demo_shop: Shop, tmp_path: Path, recipe: Callable[[Path], str]
) -> None:
    reads = ["select count(*) from marts.orders", "select * from meta.kpi_catalogue limit 1"]
    forbidden = [sql.format(folder=tmp_path) for sql in _FORBIDDEN]
    done = subprocess.run(
        [sys.executable, "-c", recipe(demo_shop.released) + _ASK, json.dumps(reads + forbidden)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == reads
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", ["init", "safe"])
def test_the_command_line_reads_and_does_nothing_else(
    demo_shop: Shop, tmp_path: Path, mode: str
) -> None:
    # The program that the wheel holds: the script that starts it adds a setting, which `-safe` forbids.
    duckdb = str(Path(duckdb_cli.__file__).with_name("duckdb"))
    file = str(demo_shop.released)
    start = ["-safe", "-readonly", file]
    if mode == "init":
        script = tmp_path / "shop360.sql"
        script.write_text(_block("sql").replace("data/serving/current/shop360.duckdb", file))
        start = ["-init", str(script)]
    for sql in ("select count(*) from marts.orders", *_FORBIDDEN):
        command = [duckdb, "-bail", *start, "-c", sql.format(folder=tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == sql.startswith("select count"), sql + done.stdout


def test_every_recipe_names_every_setting() -> None:
    names = re.findall(r"^\| `(\w+)` \| `", _PAGE, re.MULTILINE)
    assert len(names) == 6
    sections = _PAGE.split("\n### ")[1:]
    full = ("Python", "DuckDB CLI", "Superset", "Power BI", "R\n", "Evidence")
    for section in (one for one in sections if one.startswith(full)):
        missing = [name for name in names[1:] if name not in section]
        assert missing == [], section.splitlines()[0]
        assert re.search(r"read_?only", section, re.IGNORECASE)
