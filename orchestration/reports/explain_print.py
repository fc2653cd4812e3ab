"""Prints an explanation in a terminal, with words in both languages."""

from collections.abc import Mapping, Sequence

from rich.markup import escape

from orchestration.reports.explain import Customer, Explanation, Record
from orchestration.reports.explain_left_out import LeftOut
from orchestration.reports.identity_print import WORDS
from orchestration.terminal.console import console
from orchestration.terminal.tables import print_table, print_text

_WORDS = {
    **WORDS,
    "customer_id": "customer id · 客户编号", "former_customer_id": "former customer id · 旧客户编号",
    "record_id": "CRM or ERP record · 档案编号", "order_id": "order number · 订单号",
    "identifier": "identifier · 标识", "identifier_key": "key of an identifier · 标识密钥",
    "era": "silent too long · 间隔过久", "gone": "gone · 消失", "order": "order · 订单",
    "strong": "strong · 强", "weak": "weak · 弱",
}  # fmt: skip


def print_explanation(found: Explanation) -> None:
    """Found as what, who it is, and for a few customers the chain, the rest and the history."""
    words = {**_WORDS, **found.labels}
    print_text("[bold]Found as[/] · 查到: " + "; ".join(words[kind] for kind in found.found_as))
    for entry in found.former:
        became = f"part of {entry.now} · 并入" if entry.now else "gone · 已消失"
        print_text(
            f"  {entry.customer_id}: {words[entry.change]} in build {entry.generation} "
            f"({entry.changed_at}), {entry.record_count:,} records now {became}",
        )
    for identifier in found.identifiers:
        _print_identifier(identifier, words)
    if len(found.customers) != 1:
        rows = [tuple(customer.values()) for customer in found.customers]
        heads = ("customer · 客户", "records · 记录", "orders · 订单", "since · 始于")
        _table(f"{len(rows):,} customers · 客户", heads, rows)
    for customer in found.explained:
        _print_customer(customer, words)
    if found.customers and not found.explained:
        print_text("Ask for one of these ids to see its chain of evidence · 输入客户编号查看证据链")


def _print_identifier(one: LeftOut, words: Mapping[str, str]) -> None:
    carried = f"{one.records:,} records · 记录, {one.customers:,} customers · 客户"
    verdict = f"[yellow]links no records · 不作关联[/]: {_reason(one, words)}"
    if one.reason in ("conflict", "chain", "era", "likely_match"):
        verdict = f"[yellow]does not tie all of them · 未全部关联[/]: {_reason(one, words)}"
    if not one.reason:
        verdict = "ties them · 关联" if one.records > 1 else "on one record only · 仅一条记录"
    print_text(f"  {words.get(one.id_type, one.id_type)} {one.identifier}, {carried}: {verdict}")  # fmt: skip
    _print_advice([one])


def _print_customer(customer: Customer, words: Mapping[str, str]) -> None:
    note = ": an anonymous order · 无法识别买家的订单" if customer.is_anonymous else ""
    print_text(f"\n[bold]Customer · 客户 {customer.customer_id}[/]{note}")
    _table(
        "Chain of evidence · 证据链",
        ("#", "record · 记录", "system, shop · 系统", "id · 编号", "orders · 订单", "since · 始于",
         "tied to · 关联至", "by · 依据", "identifier · 标识", "trust · 可信级", "probability · 概率"),
        [_chain_row(record, words) for record in customer.records],
    )  # fmt: skip
    if customer.left_out:
        rows = [
            (words.get(one.id_type, one.id_type), one.identifier, one.records, one.customers, _reason(one, words))
            for one in customer.left_out
        ]  # fmt: skip
        heads = (
            "kind · 类型",
            "identifier · 标识",
            "records · 记录",
            "customers · 客户",
            "reason · 原因",
        )
        _table("Identifiers that do not tie it · 未用于关联的标识", heads, rows)
        _print_advice(customer.left_out)
    rows = [
        (
            change["generation"], change["changed_at"], words.get(str(change["change"])),
            change["record_count"], change["previous_customer_id"], change["customer_id"],
            words.get(str(change["evidence_id_type"] or ""), change["evidence_id_type"]),
            "yes · 是" if change["is_manual"] else "",
        )
        for change in customer.history
    ]  # fmt: skip
    heads = ("build · 构建", "on · 日期", "change · 变更", "records · 记录", "from · 原客户",
             "customer · 客户", "evidence · 依据", "manual · 人工")  # fmt: skip
    if rows:
        _table("History · 历史", heads, rows)


def _chain_row(record: Record, words: Mapping[str, str]) -> tuple[object, ...]:
    tied = record.tied_by is not None
    sure = "" if record.probability is None else f"{record.probability:.4g}"
    return (
        record.number, words.get(record.record_type, record.record_type.upper()),
        f"{record.source_system}, {record.shop_id}", record.record_id, record.order_count, record.since,
        f"#{record.path[-2]}" if len(record.path) > 1 else "first · 首条",
        words.get(record.tied_by or "", record.tied_by), record.identifier,
        f"{record.priority}, {words.get(record.strength or '')}" if tied else "",
        f"{sure}: {record.evidence}" if record.evidence else sure,
    )  # fmt: skip


def _reason(one: LeftOut, words: Mapping[str, str]) -> str:
    reason = words.get(one.reason or "", one.reason or "")
    if one.reason == "hub":
        reason += f": {one.people} people, {one.most_people} allowed"
    if one.reason == "conflict":
        reason += f": told apart by {words.get(one.told_by or '', one.told_by)}"
    if one.reason == "era":
        reason += f": more than {one.window_days} days"
    return reason


def _print_advice(left_out: Sequence[LeftOut]) -> None:
    for advice in dict.fromkeys(one.advice for one in left_out if one.advice):
        alike = [one for one in left_out if one.advice == advice]
        reasons = ", ".join(dict.fromkeys(str(one.reason) for one in alike))
        print_text(f"  {reasons} → {advice}")
        for one in alike:
            for seed, lines in one.paste.items():
                print_text(f"[dim]    list {seed} of shop.yml[/]")
                for line in lines:
                    print_text(f"      {escape(line)}")


def _table(title: str, heads: Sequence[str], rows: Sequence[tuple]) -> None:
    print_table(heads, rows, title=title)
    console.print()
