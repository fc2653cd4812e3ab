"""How well the tags find the traits that the demo planted: the figures of docs/customer-value.md."""

import re

import pytest
from shops import REPO, Shop

# What was planted, and the value of the tag that states it.
TRAITS = {
    "Preferred category": (
        "t.category = g.top_category",
        "g.top_category not in ('none', 'mixed')",
    ),
    "Content mode": ("t.content_mode = g.content_mode", "g.content_mode not in ('none', 'mixed')"),
    "Active hours": ("t.hour_group = g.active_hour", "g.active_hour not in ('none', 'mixed')"),
    "Device": (
        "if(t.device = 'mini_program', 'mobile', t.device) = g.device",
        "g.device not in ('none', 'mixed')",
    ),
    "After-sale reason": ("t.main_reason = g.aftersale_reason", "g.aftersale_reason <> 'none'"),
    "Buys at festivals only": ("t.festival_only", "g.festival_only = 'yes'"),
    "Deal sensitivity high": ("t.deal_seeker", "g.deal_sensitivity = 'high'"),
    "Fills up often": ("t.rounder", "g.rounder = 'often'"),
    "Refund tier high": ("t.refund_proneness = 'often'", "g.refund_tier = 'high'"),
    "Several platforms": ("t.multi_platform", "g.multi_platform = 'several'"),
    "Abandoned cart": ("t.cart_abandoner", "g.cart_abandoner <> 'none'"),
    "Price band high": ("t.price_level * t.value_ratio > 1.3", "g.price_band = 'high'"),
    "Probability active": ("t.alive_until is null", "g.p_alive = 'active'"),
    "Suspected reseller": ("t.reseller", "g.risk = 'reseller'"),
    "Brushing": ("t.brushing", "g.risk = 'brushing'"),
}
_PEOPLE = """
    with found as (
        select orders.customer_id, people.person_id
        from read_parquet('{truth}/people.parquet') as people
        inner join marts.orders as orders
            on people.record_type = 'order' and people.source_system = orders.source_system
                and people.shop_id = orders.shop_id and people.record_id = orders.order_id
        where not orders.is_anonymous
        group by orders.customer_id, people.person_id
        qualify row_number() over (
            partition by orders.customer_id order by count(*) desc, people.person_id
        ) = 1
    )
    select {columns}
    from found
    inner join read_parquet('{truth}/traits.parquet') as t on found.person_id = t.person_id
    inner join marts.customer_tags_current as g on found.customer_id = g.customer_id"""


def _found(shop: Shop) -> dict[str, tuple[int, int, int]]:
    """Per trait: customers with the tag, of these with the trait, and customers with the trait."""
    found = {}
    for name, (trait, tag) in TRAITS.items():
        # A trait of many values: everyone has one, so only what the tag says can be right.
        holders = "count(*)" if " = g." in trait else f"count(*) filter ({trait})"
        columns = f"count(*) filter ({tag}), count(*) filter (({tag}) and ({trait})), {holders}"
        truth = shop.home / "private" / "truth"
        [found[name]] = shop.ask(_PEOPLE.format(truth=truth, columns=columns))
    return found


def _documented() -> dict[str, tuple[int, float, float]]:
    text = (REPO / "docs" / "customer-value.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w -]+) \| ([\d,]+) \| (\d+) % \| (\d+) % \|$", text, re.MULTILINE)
    return {name: (int(n.replace(",", "")), int(p) / 100, int(r) / 100) for name, n, p, r in rows}


def test_planted_traits_are_found_as_documented(demo_shop: Shop) -> None:
    documented, found = _documented(), _found(demo_shop)
    assert set(documented) == set(TRAITS)
    for name, (tagged, right, holders) in found.items():
        stated, precision, recall = documented[name]
        assert tagged == stated, name
        assert right / max(tagged, 1) == pytest.approx(precision, abs=0.006), name
        assert right / max(holders, 1) == pytest.approx(recall, abs=0.006), name


if __name__ == "__main__":
    import sys
    from pathlib import Path

    for trait, (tagged, right, holders) in _found(Shop(Path(sys.argv[1]))).items():
        print(f"| {trait} | {tagged:,} | {right / max(tagged, 1):.0%} | {right / max(holders, 1):.0%} |".replace("%", " %"))  # fmt: skip
