"""Which cells of a header row may be printed: words of headers, never cells of a record.

A file without a header row has a record in its place. A row is recognised as a header by the
headers that the contract, the profiles and the mapping name; of such a row only cells that share
words with those are listed, the others are counted.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import yaml

from orchestration.config.contract import load_contract
from orchestration.config.mapping_check import PROFILES

LISTED = 40
_QUOTED = re.compile(r'^="?(.*?)"?$')
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MADE_UP = re.compile(r"column\d+(\.\d+)?")
# Words of headers that neither the contract nor a profile happens to use.
_USUAL = [
    "code",
    "zip",
    "prefix",
    "date",
    "time",
    "number",
    "note",
    "remark",
    "memo",
    "name",
    "tag",
    "list",
    "qty",
    "total",
    "sum",
    "tax",
    "fee",
    "type",
    "kind",
    "state",
    "说明",
    "备注",
    "编号",
    "名称",
    "金额",
    "时间",
    "日期",
    "状态",
    "类型",
    "数量",
    "单价",
    "总价",
    "电话",
    "手机",
    "邮箱",
    "地址",
    "号码",
    "用户",
    "会员",
    "等级",
    "创建",
    "更新",
    "付款",
    "发货",
    "物流",
    "快递",
    "渠道",
    "来源",
    "标签",
]
# The hundred most frequent family names.
_FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_COMPOUND = "欧阳|上官|司马|东方|独孤|南宫|夏侯|诸葛|尉迟|皇甫|公孙|慕容|长孙|宇文|司徒|令狐|轩辕|端木|歐陽|諸葛|司馬"
_DIGITS = re.compile(r"\d[\d -]{5,}\d")
_SHEET = re.compile(r"(sheet|table|data|export|orders?|工作表|表|数据|明细|订单|页)\s*[0-9]{0,2}")


@lru_cache(maxsize=65_536)
def normal(header: str) -> str:
    """The form in which headers are compared."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = re.sub(r"[\s\ufeff\u200b]+", "", text)
    return _QUOTED.sub(r"\1", text) if text.startswith("=") else text.lstrip("'")


def listable(headers: Sequence[str], mentioned: Iterable[str]) -> list[str] | None:
    """The cells of a header row that may be printed; None where the row is no header.

    A header row has a known header in at least every third cell and no cell like a phone number,
    an e-mail address, an identity number or another long number.
    """
    cells = [cell for cell in headers if cell.strip() and not _MADE_UP.fullmatch(cell)]
    names = known() | {normal(header) for header in mentioned}
    hits = sum(normal(cell) in names for cell in cells)
    if hits * 3 < max(len(cells), 1) or any(_is_number_or_mail(cell) for cell in cells):
        return None
    return [cell for cell in cells if normal(cell) in names or _shares_words(cell)]


def is_header_like(cells: Sequence[str]) -> bool:
    """Whether every third cell of a row is a known header or shares words with one."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    hits = sum(normal(cell) in known() or _shares_words(cell) for cell in filled)
    return bool(filled) and hits * 3 >= len(filled)


def shown(headers: Sequence[str], mentioned: Iterable[str] = (), *, trusted: bool = False) -> str:
    """The headers as a list for people, those that may not be printed as a number.

    `trusted`: the row is a header, as it has every required one.
    """
    kept = listable(headers, mentioned)
    if kept is None and trusted:
        kept = [cell for cell in headers if _shares_words(cell) or not _is_personal(cell)]
    kept = kept or []
    if not kept:
        return f"{len(headers)} cells"
    others = len(headers) - len(kept[:LISTED])
    return ", ".join(kept[:LISTED]) + (f" and {others} more" if others else "")


def name(header: str, place: int) -> str:
    """One header of a row that is a header, by its place where it may not be printed."""
    return f"header {place}" if _is_personal(header) and not _shares_words(header) else repr(header)


def sheets(names: Sequence[str]) -> str:
    """The sheets of a workbook; a name without a word of headers is given by its place."""
    return ", ".join(
        sheet if _SHEET.fullmatch(normal(sheet)) or _shares_words(sheet) else f"sheet {place}"
        for place, sheet in enumerate(names, start=1)
    )


@cache
def known() -> frozenset[str]:
    """Every header that the contract or a profile names, in comparable form."""
    names = [
        name
        for feed in load_contract().values()
        for column in feed.columns.values()
        for name in (column.name, column.en, column.zh)
    ]
    for path in PROFILES.glob("*.yml"):
        names += _headers(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))
    return frozenset(normal(name) for name in names if name.strip())


def _headers(profile: dict[str, object]) -> list[str]:
    """Every header that a profile reads, whatever the shape of its columns."""
    columns = profile.get("columns")
    found: list[str] = []
    for spec in columns.values() if isinstance(columns, dict) else ():
        if isinstance(spec, dict):
            spec = [spec.get(key) for key in ("from", "join", "hash_of")]
        listed = spec if isinstance(spec, list) else [spec]
        for item in listed:
            found += [str(part) for part in (item if isinstance(item, list) else [item]) if part]
    return found


@cache
def _words() -> frozenset[str]:
    """Latin words and pairs of Han characters of the known headers."""
    names = [
        name
        for feed in load_contract().values()
        for column in feed.columns.values()
        for name in (column.name, column.en)
    ]
    return frozenset(word for name in [*names, *known()] for word in _parts(name)) | set(_USUAL)


def _parts(text: str) -> list[str]:
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", unicodedata.normalize("NFKC", text)).casefold()
    han = re.findall(r"[\u3400-\u9fff]+", split)
    pairs = [run[i : i + 2] for run in han for i in range(len(run) - 1)]
    return [*(word for word in re.findall(r"[a-z]+", split) if len(word) > 1), *pairs]


def _shares_words(cell: str) -> bool:
    """Whether a cell reads like a header: short, no long number, words that headers have."""
    parts = _parts(cell)
    if not parts or len(cell) > 40 or re.search(r"\d{4}|@|[:：，。]", cell):
        return False
    hits = sum(part in _words() for part in parts)
    return hits * 3 >= len(parts)


def _is_personal(cell: str) -> bool:
    """Whether a cell may be a number, a mail, an address or a Chinese name."""
    return (
        len(cell) > 30
        or bool(re.search(r"\d{4}|@|[:：，。]|\d[号室弄楼]", cell))
        or bool(re.fullmatch(rf"(?:[{_FAMILIES}]|{_COMPOUND})[\u3400-\u9fff]{{1,2}}", cell))
    )


def _is_number_or_mail(cell: str) -> bool:
    return "@" in cell or bool(_DIGITS.search(unicodedata.normalize("NFKC", cell)))
