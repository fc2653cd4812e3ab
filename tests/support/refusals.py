"""Files of every kind of refusal, each with the data of one planted person in the refused part."""

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from landing_kit import LandingShop, csv_of

PHONE, NAME = "13987654321", "欧阳晓楠"
MAIL, STREET = "ouyang.xiaonan@planted.example", "梧桐巷七十七弄4402室"
IDENTITY, LATIN = "310104198811223347", "Xiaonan Ouyangsen"
PLANTED = (PHONE, NAME, MAIL, STREET, IDENTITY, LATIN)

HEADER = (
    "订单编号",
    "订单状态",
    "下单时间",
    "实付金额",
    "联系手机",
    "收货人",
    "收货地址",
    "买家留言",
)
COLUMNS = {
    "order_id": "订单编号",
    "status": {"from": "订单状态", "map": {"交易成功": "completed"}},
    "ordered_at": "下单时间",
    "paid_amount": "实付金额",
    "phone": "联系手机",
    "receiver_name": "收货人",
    "email": "邮箱",
}
PERSON = (PHONE, NAME, STREET, f"{MAIL} {IDENTITY} {LATIN}")


def row(number: object, **cells: object) -> tuple[object, ...]:
    """An order of the planted person."""
    values = {"status": "交易成功", "at": "2024-01-05 10:00:00", "amount": "10.00", **cells}
    return (number, values["status"], values["at"], values["amount"], *PERSON)


def _mapping(files: str, **changes: Any) -> dict[str, Any]:
    columns = {**COLUMNS, **changes.pop("columns", {})}
    return {"files": files, "source_system": files.split("_")[0], "columns": columns, **changes}


FEEDS = {
    "erp.orders": [
        _mapping("orders_*"),
        _mapping("sheet_*", sheet="订单"),
        _mapping("row_*", header_row=40),
        _mapping("utf_*", encoding="utf-8"),
        _mapping("look_*", columns={"status": {"from": "订单状态", "map": {"file": "table.csv", "key": "代码", "value": "名称"}}}),
        _mapping("repair_*", repairs=[{"column": "paid_amount", "when": "paid_amount > 100", "value": "paid_amount / 100", "why": "in fen"}]),
        _mapping("null_*", columns={"paid_amount": {"from": "实付金额", "invalid": "null"}}),
        _mapping("named_*", columns={"shipping_amount": {"file_name": r"_(\d{4})\."}}),
        _mapping("wrong_*", columns={"order_id": "订单编号", "paid_amount": "联系手机", "status": "收货人", "paid_at": "收货地址", "list_amount": "邮箱"}),
    ],
    "crm.consents": [{"files": "consents*", "source_system": "crm", "columns": {"customer_id": "客户", "channel": "渠道", "is_granted": "同意", "decided_at": "时间"}}],
    "crm.reviews": [{"files": "reviews*", "source_system": "crm", "columns": {"review_id": "编号", "rating": "评分", "body": "内容", "reviewed_at": "时间"}}],
}  # fmt: skip


def _book(rows: list[tuple[object, ...]], sheet: str = "订单") -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            page.write_string(number, place, str(cell))
    book.close()
    return buffer.getvalue()


def _lines(*rows: tuple[object, ...], header: tuple[object, ...] = HEADER) -> str:
    objects = [dict(zip(header, [str(cell) for cell in cells], strict=False)) for cells in rows]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def _parquet(folder: Path, header: tuple[object, ...]) -> bytes:
    path = folder / "made.parquet"
    columns = ", ".join(f"'x' as \"{name}\"" for name in header)
    with duckdb.connect() as con:
        con.execute(f"copy (select {columns}) to '{path}' (format parquet)")
    return path.read_bytes()


def _zip(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as sink:
        for name, body in members.items():
            sink.writestr(name, body)
    return buffer.getvalue()


def files(folder: Path) -> dict[str, bytes | str]:
    """Name and content of each; the name says what is wrong."""
    person, table = row(1), csv_of(HEADER, row(1), row(2))
    bare = (PHONE, NAME, STREET, MAIL, IDENTITY, LATIN, "2024-01-05", "10.00")
    ragged = csv_of(HEADER, (*person, PHONE, NAME), person[:6])
    damaged = csv_of(HEADER, *[row(n) for n in range(9)]).encode() + NAME.encode()[:-1] + b",\xff\n"
    return {
        "orders_no_header.csv": csv_of(bare, bare),
        "orders_no_header_of_orders.csv": csv_of(person, row(2)),
        "orders_no_header.xlsx": _book([bare, bare]),
        "orders_no_header.jsonl": _lines(bare, header=bare),
        "orders_no_header.parquet": _parquet(folder, bare),
        "orders_header_with_names.csv": csv_of(("订单编号", "订单状态", "下单时间", NAME, PHONE, MAIL)),
        "orders_missing_header.csv": csv_of((*HEADER[1:], NAME, LATIN), (*person[1:], "", "")),
        "orders_ragged.csv": ragged,
        "orders_quotes.csv": csv_of(HEADER, person) + f'"3"x,{NAME}{PHONE},"{MAIL}"y\n',
        "orders_open_quote.csv": csv_of(HEADER, person) + f'3,"{NAME}\n' + csv_of(*[person] * 5),
        "orders_swallowed.csv": csv_of(HEADER, person) + f'"3{NAME}\n' + csv_of(person, person) + '",' * 7 + "\n",
        "utf_encoding.csv": table.encode("gb18030"),
        "orders_damaged.csv": damaged,
        "orders_not_a_date.csv": csv_of(HEADER, row(11, at=f"{PHONE}"), row(12, at=MAIL)),
        "orders_not_a_number.csv": csv_of(HEADER, row(13, amount=NAME), row(14, amount=STREET)),
        "orders_unknown_word.csv": csv_of(HEADER, row(15, status=NAME), row(16, status=LATIN)),
        "orders_out_of_range.csv": csv_of(HEADER, row(17, at="1800-01-01")),
        "orders_scientific.csv": csv_of(HEADER, row("3.10104E+17")),
        "orders_total.csv": csv_of(HEADER, row(18), ("合计", "", "", PHONE, *PERSON)),
        "orders_total_ragged.csv": csv_of(HEADER, row(19), ("合计", PHONE, NAME)),
        "orders_missing_required.csv": csv_of(HEADER, row("")),
        "orders_contradicting.csv": csv_of(HEADER, row(20), row(20, amount="11.00")),
        "orders_bad_lines.jsonl": _lines(row(21)) + f'{{"订单编号": "{PHONE}", {NAME}\n["{MAIL}"]\n',
        "orders_keys.jsonl": _lines((*row(22), 1, 1), header=(*HEADER, NAME, PHONE)),
        "orders_unmapped.csv": csv_of((*HEADER, PHONE, "旗帜"), (*row(23), "", "")),
        "orders_nul.csv": csv_of(HEADER, row(24)).encode() + f"25,{NAME}\0\0\0\0,{PHONE}\n".encode(),
        "orders_nul_start.csv": f"{NAME}\0\0\0\0,{PHONE}\n".encode(),
        "orders_long_line.csv": csv_of(HEADER, row(26)) + f"27,{NAME}{PHONE}" + "x" * (17 << 20) + "\n",
        "orders_torn.zip": _zip(**{"orders_in.csv": table})[:-30],
        "orders_torn.csv.gz": gzip.compress(table.encode() * 50)[:-9],
        "orders_members.zip": _zip(**{"orders_a.csv": csv_of(bare, bare), "orders_b.csv": ragged}),
        "orders_text.xlsx": table,
        "orders_page.csv": f"<html>{NAME}{PHONE}</html>",
        "orders_text.parquet": f"PAR1{NAME}{PHONE}{MAIL}PAR1",
        "sheet_wrong.xlsx": _book([HEADER, person], sheet=f"{NAME}{PHONE}"),
        "row_wrong.csv": csv_of(HEADER, *[row(n) for n in range(60)]),
        "row_beyond.csv": csv_of(bare, bare),
        "look_orders.csv": csv_of(HEADER, row(30)),
        "table.csv": csv_of((NAME, PHONE), (MAIL, STREET)),
        "repair_fen.csv": csv_of(HEADER, row(31, amount=PHONE[:6]), row(32, amount="120.00")),
        "null_amount.csv": csv_of(HEADER, row(33, amount=NAME), row(34, amount=PHONE + "x"), *[row(n) for n in range(50, 60)]),
        "named_wrong.csv": csv_of(HEADER, row(35)),
        "wrong_columns.csv": csv_of(HEADER, *[row(n) for n in range(40, 44)]),
        "consents.csv": csv_of(("客户", "渠道", "同意", "时间"), ("c1", NAME, PHONE, MAIL), ("c2", "sms", NAME, "2024-01-01")),
        "reviews.csv": csv_of(("编号", "评分", "内容", "时间"), ("r1", PHONE, NAME, "2024-01-01"), ("r2", NAME, PHONE, MAIL)),
    }  # fmt: skip


def shop(folder: Path, good: int = 0) -> LandingShop:
    """A shop with all these files in its inbox, and `good` orders of other people."""
    made = LandingShop(folder, FEEDS)
    for name, content in files(folder).items():
        made.put(name, content)
    if good:
        start = dt.datetime(2024, 1, 1)
        rows = [
            (
                f"g{n}",
                "交易成功",
                start + dt.timedelta(hours=n),
                "10.00",
                f"137{n:08d}",
                "李茶",
                "茶路",
                "",
            )
            for n in range(good)
        ]
        made.put("orders_good.csv", csv_of(HEADER, *rows))
        consents = [(f"c{n}", "sms", "1", "2024-01-01") for n in range(9, 999)]
        made.put("consents_good.csv", csv_of(("客户", "渠道", "同意", "时间"), *consents))
        reviews = [(f"g{n}", n % 5 + 1, "茶", "2024-01-01") for n in range(99)]
        made.put("reviews_good.csv", csv_of(("编号", "评分", "内容", "时间"), *reviews))
    return made
