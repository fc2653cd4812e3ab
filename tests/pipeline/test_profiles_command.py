"""`shop360 profiles` lists what the project reads without a mapping, and says how to use it."""

import json

from typer.testing import CliRunner

from orchestration.commands.main import app
from orchestration.config.profile_list import profiles


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["profiles", *arguments])
    return result.exit_code, result.output


def test_the_list_has_every_profile_and_fits_80_columns():
    code, text = _run()
    assert code == 0
    assert [one.name for one in profiles() if f"  {one.name} " not in text] == []
    program = [line for line in text.splitlines() if "profiles NAME" in line]
    wide = [line for line in text.splitlines() if len(line) > 80 and line not in program]
    assert wide == []


def test_one_profile_shows_its_columns_and_its_use():
    code, text = _run("taobao_orders")
    assert code == 0
    assert "买家实际支付金额" in text and "profile: taobao_orders" in text
    assert "land --dry-run" in text


def test_programs_get_json():
    listed = json.loads(_run("--json")[1])
    assert {one["name"] for one in listed} == {one.name for one in profiles()}
    one = json.loads(_run("weixin_shop_orders", "--json")[1])
    assert one["feed"] == "erp.orders" and one["platform_zh"] == "微信"
    assert one["columns"]["paid_amount"] == "order_detail.price_info.order_price (fen)"


def test_an_unknown_profile_names_the_nearest():
    code, text = _run("taobao_order")
    assert code == 2 and "did you mean taobao_orders" in text
    assert "lists all" in _run("zzz")[1]
