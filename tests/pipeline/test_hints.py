"""Do the commands that shop360 prints lead to the shop that the operator works on?"""

import re
import shlex
from pathlib import Path

import pytest
from shops import REPO, Shop

from orchestration.config.hints import full_command, with_full_commands
from orchestration.config.settings import PROJECT, Settings

_LITERAL = re.compile(r"\]shop360 [a-z]|print\(.*`shop360 [a-z]")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop all of whose paths need quotes."""
    folder = tmp_path / "my [new] shop's"
    folder.mkdir()
    config = folder / "shop one.yml"
    config.write_bytes((REPO / "shop.yml").read_bytes())
    return Shop(folder / "home of it", config, folder / "in box")


def _command_in(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if f"shop360 {name}" in line)
    quoted = re.search(r"`([^`]*)`", line)
    command = quoted[1] if quoted else line[line.index("shop360 ") :]
    return shlex.split(command)[1:]


def test_every_hint_leads_back_to_the_same_shop(shop: Shop) -> None:
    places = ["--home", str(shop.home), "--config", str(shop.config), "--inbox", str(shop.inbox)]
    missing = shop.cli("status")
    assert missing.returncode == 2
    assert _command_in(missing.stderr, "init") == ["init", *places]
    created = shop.cli("init")
    assert _command_in(created.stdout, "land") == ["land", "--dry-run", *places]
    assert _command_in(shop.cli("status").stdout, "run") == ["run", *places]
    for asked in (["query", "select 1"], ["goals"], ["explain", "C1"]):
        assert _command_in(shop.cli(*asked).stderr, "run") == ["run", *places], asked


def test_a_hint_for_the_default_shop_has_no_options() -> None:
    usual = Settings(PROJECT / "data", PROJECT / "shop.yml", PROJECT / "data" / "inbox")
    assert full_command("status", usual).endswith("shop360 status")


def test_a_command_in_an_error_gets_the_options_of_the_shop(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "a home", PROJECT / "shop.yml", tmp_path / "a home" / "inbox")
    text = with_full_commands("Type `shop360 rebuild`, or `shop360 run --demo`.", settings)
    place = f"--home '{tmp_path}/a home'"
    ready = f"Type `shop360 rebuild {place}`."
    assert with_full_commands(ready, settings) == ready
    assert text.count(place) == 2
    assert f"shop360 rebuild {place}`, or `" in text and f"shop360 run --demo {place}`." in text


def test_no_hint_is_printed_without_the_options_of_its_shop() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in (REPO / "orchestration").rglob("*.py")
        for line in path.read_text().splitlines()
        if _LITERAL.search(line) and '"' in line and '"""' not in line
    ]
    help_text = "Put exports into the inbox, describe them in shop.yml"
    assert [line for line in found if help_text not in line] == []
