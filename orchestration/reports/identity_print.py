"""Prints the identity report: tables with words in both languages, or csv with codes."""

import csv
import sys
from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.text import Text

from orchestration.reports.identity_report import Report, Section
from orchestration.terminal.console import console
from orchestration.terminal.tables import Column, print_table, print_text

WORDS = {
    "size": "records each · 每客户记录数", "customers": "customers · 客户",
    "records": "records · 记录", "customers_by_crm_erp": "customers by CRM and ERP records · 按档案数",
    "crm_erp_records": "CRM and ERP records · 档案", "customer_id": "customer · 客户",
    "crm": "CRM", "erp": "ERP", "orders": "orders · 订单", "identifier": "identifier · 标识",
    "id_type": "kind · 类型", "people": "people · 人数", "reason": "reason · 原因",
    "identifiers": "identifiers · 标识数", "platform": "platform · 平台", "shop_id": "shop · 店铺",
    "strong_orders": "strong · 强标识订单", "strong_share": "share · 占比",
    "identified_orders": "identified · 已识别订单", "identified_share": "share · 占比",
    "entries": "entries · 条数", "change": "change · 变更", "changes": "times · 次数",
    "measure": "measure · 指标", "numerator": "numerator · 分子", "denominator": "denominator · 分母",
    "value": "value · 值", "trap": "trap · 陷阱", "expectation": "expected · 预期",
    "as_expected": "as expected · 符合", "cases": "of · 共", "en": "what it is", "zh": "说明",
    "masked": "masked · 脱敏", "placeholder": "placeholder · 占位", "hub": "hub · 枢纽",
    "conflict": "conflict · 冲突", "virtual_number": "virtual number · 隐私号",
    "unverified": "unverified · 未验证", "malformed": "malformed · 格式不符",
    "role_mailbox": "role mailbox · 公共邮箱", "service_number": "service number · 服务号码",
    "not_in_policy": "not in the policy · 策略未列", "not_an_edge": "never ties · 不作关联",
    "precision": "precision · 准确率", "recall": "recall, all true pairs · 召回率（全部）",
    "traceable_recall": "recall, traceable pairs · 召回率（可追溯）", "f1": "F1",
    "one customer": "one customer · 合一", "separate": "separate · 分开",
    "born": "born · 新生", "grown": "grown · 增长", "merged": "merged · 合并", "split": "split · 拆分",
    "moved": "moved · 转移", "manual": "manual · 人工", "chain": "chain · 连锁",
    "likely_match": "likely match · 疑似同一人",
}  # fmt: skip
_CODED = {"id_type", "reason", "measure", "expectation", "change"}


def print_tables(report: Report) -> None:
    """A table for each section."""
    words = {**WORDS, **report.kinds}
    for section in report.sections:
        title = f"[bold]{section.en}[/] · {section.zh}"
        if section.missing or not section.rows:
            print_text(f"{title}: {escape(section.missing) or 'none · 无'}\n")
            continue
        heads = [
            Column(words.get(column, column), right=isinstance(value, int | float))
            for column, value in zip(section.columns, section.rows[0], strict=True)
        ]
        print_table(heads, [_row(section, row, words) for row in section.rows], title=title)
        console.print()


def _row(section: Section, row: Sequence[object], words: Mapping[str, str]) -> list[Text]:
    cells = dict(zip(section.columns, row, strict=True))
    failed = section.code == "traps" and cells["as_expected"] != cells["cases"]
    style = "red" if failed else ""
    return [Text(_cell(column, value, words), style=style) for column, value in cells.items()]


def _cell(column: str, value: object, words: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.3%}"
    return words.get(str(value), str(value)) if column in _CODED else str(value)


def print_csv(report: Report) -> None:
    """A line for each value: section, row from 1, column, value."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("section", "row", "column", "value"))
    for section in report.sections:
        for number, row in enumerate(section.rows, start=1):
            for column, value in zip(section.columns, row, strict=True):
                writer.writerow((section.code, number, column, value))
