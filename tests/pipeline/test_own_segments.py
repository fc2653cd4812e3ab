"""A shop adds a segment of its own with two lists beside shop.yml, and no SQL."""

from dataclasses import replace
from pathlib import Path

import yaml
from shops import REPO, Shop
from tag_facts import Facts

_SEGMENT = "segment_code,en,zh,is_high_value\nown_regulars,Own regulars,自有常客,false\n"
_RULES = """\
segment_code,rule_number,rule_version,tag_code,tag_values,least,most
own_regulars,1,1,order_count_365,,3,
own_regulars,2,1,multi_platform,one,,
"""
_BUILT = "segments segment_rules int_value__memberships int_value__segment_periods segment_members"


def _with_lists(shop: Shop, folder: Path) -> Shop:
    folder.mkdir()
    (folder / "segments.csv").write_text(_SEGMENT, encoding="utf-8")
    (folder / "rules.csv").write_text(_RULES, encoding="utf-8")
    content = yaml.safe_load((REPO / "shop.yml").read_text(encoding="utf-8"))
    content["lists"] = {
        **content.get("lists", {}),
        "segments": {"add": "segments.csv"},
        "segment_rules": {"add": "rules.csv"},
    }
    (folder / "shop.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return replace(shop, config=folder / "shop.yml")


def test_a_segment_of_the_shop_has_its_members(demo_shop: Shop, tmp_path: Path) -> None:
    facts = Facts(demo_shop)
    shop = _with_lists(demo_shop.copy(tmp_path / "home"), tmp_path / "config")
    before = shop.ask_warehouse("select * from marts.segment_members order by all")
    built = shop.cli(
        "dbt", "build", "--exclude-resource-type", "unit_test", "--select", *_BUILT.split()
    )
    assert built.returncode == 0, built.stdout + built.stderr
    expected = set()
    for name, person in facts.people.items():
        orders = [o for o in person.orders if 0 <= (facts.as_of - o["ordered_on"]).days < 365]
        if len(orders) >= 3 and len({order["platform"] for order in orders}) == 1:
            expected.add(name)
    stated = shop.ask_warehouse(
        "select customer_id from marts.segment_members where segment_code = 'own_regulars' and is_member"
    )
    assert {name for (name,) in stated} == expected and len(expected) > 50
    others = "select * from marts.segment_members where segment_code <> 'own_regulars' order by all"
    assert shop.ask_warehouse(others) == before
