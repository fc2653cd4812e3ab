"""The identity traps of the demo shop: what is in each, and what a good resolution makes of it.

Who is in which trap is in `sql/5_traps.sql` and `sql/world_traps.sql`; how a warehouse fared is
told by `trap_score.py`.
"""

import duckdb

from orchestration.demo.small_tables import table
from orchestration.demo.world import run

TOGETHER, APART = "one customer", "separate"

# trap, expectation, what it is in English and Chinese
TRAPS = [
    ("household_phone", APART, "a couple on one phone", "夫妻共用一个手机号"),
    ("recycled_phone", APART, "a number given up and given out again: cards differ", "回收再放号，会员卡不同"),
    ("recycled_by_time", APART, "a number given out again: only the times differ", "回收再放号，只有时间能区分"),
    ("placeholder_phone", APART, "13800138000 as everybody's phone", "占位号 13800138000"),
    ("zero_phone", APART, "00000000000 as everybody's phone", "占位号 00000000000"),
    ("masked_phone", APART, "one mask over several phones", "脱敏手机号相同"),
    ("virtual_phone", APART, "orders on one virtual number of the platform", "平台隐私号相同"),
    ("missing_ids", APART, "buyers whose ERP record and orders have no id", "ERP 无任何标识"),
    ("hub_phone", APART, "32 buyers on one phone", "32 位买家共用一个手机号"),
    ("two_logins", APART, "two members log in on one device", "同一设备先后登录两个会员"),
    ("never_logged_in", APART, "a device without any login", "从未登录的设备"),
    ("two_cards", APART, "two member cards tied by one phone", "一个手机号对应两张会员卡"),
    ("two_unionids", APART, "two unionids on one member card", "一张会员卡对应两个 UnionID"),
    ("namesakes", APART, "two members of one name and town", "同名同城的两个会员"),
    ("double_record", TOGETHER, "a member recorded twice", "同一会员登记两次"),
    ("late_chain", TOGETHER, "a phone, then a unionid found out late, tie three records", "手机号加迟到的 UnionID 串起三条记录"),
    ("typo_phone", TOGETHER, "a second record with a wrong digit in the phone", "手机号错一位"),
    ("typo_name", TOGETHER, "a second record with a misheard name and a wrong digit", "姓名写错且手机号错一位"),
    ("typo_email", TOGETHER, "a second record with a mistyped e-mail and no phone", "邮箱写错且无手机号"),
    ("typo_birth", TOGETHER, "a second record with a wrong birth date and digit", "生日写错且手机号错一位"),
    ("typo_erp_phone", TOGETHER, "an ERP record with a wrong digit in the phone", "ERP 档案手机号错一位"),
    ("typo_erp_name", TOGETHER, "an ERP record with a misheard name and a wrong digit", "ERP 档案姓名写错且手机号错一位"),
]  # fmt: skip


def note(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `traps` of `con`: one row per record in a trap."""
    table(con, "trap_kinds", "trap varchar, expectation varchar, en varchar, zh varchar", TRAPS)
    run(con, "world_traps")
