"""Rows of an export that are no records: totals below the rows they add up, and explanations.

Platforms write them in the language of their user. A word alone does not make a row a total: the
checks ask as well that the row's key is empty, unreadable or that very word.
"""

import re

_WORDS = (
    "合计|总计|汇总|小计|总和|共计|累计|总数|总交易单数|本页合计|本页小计|全部合计"
    "|合計|總計|小計|總和|總數|共計|総計|総合計|計|합계|총계|소계|총합"
    "|(grand |sub ?|sub-|report |page |overall )?totals?|sums?|summary|overall"
    "|gesamt|summe|gesamtsumme|insgesamt|zwischensumme|totaux|total général|sous-total|somme"
    "|suma|soma|total general|total geral|totale( generale)?|totaal|razem|итого|всего"
    "|(genel )?toplam|tổng( cộng)?|รวม|ยอดรวม|jumlah|total keseluruhan|المجموع|الإجمالي"
)
_NOTES = (
    "注|注意|说明|備註|备注|提示|温馨提示|數據來源|数据来源|数据说明|导出时间|导出人|导出条件|统计时间|更新时间"
    "|免责声明|說明|notes?|(data )?sources?|disclaimer|remarks?|hinweis|exported (at|on|by)|generated on"
)
NO_RECORDS = ("total_row", "note_row")
"""Reason codes of rows that are no records: they are counted, but nothing is wrong with them."""
NOTE_ROW = "Explanation of the table, not a record."
# The head of a second small table of totals, below the records.
_SECOND_TABLES = ("总交易单数",)


TOTAL = (
    rf"[*#\-= ]*({_WORDS})[*#\-= ]*([:：(（].*)?|共 ?[0-9,]+ ?[条笔单行件个].*"
    "|[^0-9:：,]{2,8}[:：] ?[0-9,]+ ?[条笔单].*"
)
"""A regular expression, for Python and RE2, of a whole cell in lower case that says total."""
NOTE = rf"[*#]* ?({_NOTES}) ?[:：].*|#.*|©.*|-{{3,}}.*|={{3,}}.*"
"""The same of a cell that explains the table; such a row has no other cell."""


def is_total(cell: str) -> bool:
    """Whether a cell says that its row adds up the rows above."""
    return bool(re.fullmatch(TOTAL, _bare(cell)))


def is_note(cells: list[str]) -> bool:
    """Whether a row only explains the table."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and filled[0] == cells[0] and bool(re.fullmatch(NOTE, _bare(cells[0])))


def starts_second_table(cell: str) -> bool:
    """Whether a cell heads a small table of totals that follows the records."""
    return _bare(cell) in _SECOND_TABLES


def _bare(cell: str) -> str:
    return cell.strip(" \t\r\n\u3000\ufeff'\"`").lower()
