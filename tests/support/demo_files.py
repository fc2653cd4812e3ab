"""The demo shop's exports and truth as rows, read without shop360."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

Row = dict[str, str]


def text(folder: Path, name: str) -> list[str]:
    """The lines of a csv export, whatever its packing and encoding."""
    outer, _, member = name.partition(".zip/")
    if member:
        with zipfile.ZipFile(folder / f"{outer}.zip") as archive:
            content = archive.read(member)
    else:
        content = (folder / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return content.decode("gb18030").splitlines()


def asked(demo: Path, sql: str) -> list[tuple]:
    """Rows of a question to the truth: its tables are people, money, traits and the others."""
    with duckdb.connect() as con:
        for path in (demo / "truth").glob("*.parquet"):
            con.execute(f"create view {path.stem} as from '{path}'")
        return con.execute(sql).fetchall()


def files(demo: Path, prefix: str) -> list[str]:
    """The names of the usable csv files with a prefix, members of archives included."""
    found = []
    for path in sorted((demo / "inbox").rglob("*")):
        name = path.relative_to(demo / "inbox").as_posix()
        if path.suffix == ".zip":
            found += [f"{name}/{member}" for member in zipfile.ZipFile(path).namelist()]
        elif path.is_file():
            found.append(name)
    unusable = {
        name for (name,) in asked(demo, "select file_name from defects where kind = 'torn_file'")
    }
    return [name for name in found if name.startswith(prefix) and name not in unusable]


def sound_rows(demo: Path, prefix: str) -> list[Row]:
    """The data rows of the csv files with a prefix, without those that an injected defect spoilt."""
    spoilt = set(asked(demo, "select file_name, row_number from defects where kind <> 'late_row'"))
    rows = []
    for name in files(demo, prefix):
        lines = list(csv.reader(io.StringIO("\n".join(text(demo / "inbox", name)))))
        for number, cells in enumerate(lines[1:], start=2):
            if (name, number) not in spoilt:
                rows.append(dict(zip(lines[0], (c.strip("\t") for c in cells), strict=True)))
    return rows


def money(text: str) -> Decimal:
    """An amount as exports write it."""
    return Decimal(text.replace(",", "").replace("¥", ""))


@dataclass
class Placed:
    """An order of the exports, with the person of the truth; lines are (product, quantity, price)."""

    person: int
    at: datetime
    platform: str
    mode: str
    promotion: str
    is_plain: bool
    lines: list[tuple[str, int, float]] = field(default_factory=list)

    @property
    def listed(self) -> float:
        """List price of all goods."""
        return sum(quantity * price for _, quantity, price in self.lines)


_PLATFORMS = {"天猫": "tmall", "小程序": "own", "拼多多": "pdd"}
_MODES = {
    "直播": "live",
    "短视频": "short_video",
    "搜索": "search",
    "商品卡": "shelf",
    "其他": "shelf",
}


def placed_orders(demo: Path) -> dict[str, Placed]:
    """All sound orders of the ERP, 京东 and 抖店 with their lines, gifts excepted."""
    owners = dict(
        asked(demo, "select record_id, person_id from people where record_type = 'order'")
    )
    orders: dict[str, Placed] = {}
    for row in sound_rows(demo, "erp/订单_"):
        at = datetime.fromisoformat(row["下单时间"])
        orders[row["订单编号"]] = Placed(
            owners[row["订单编号"]], at, _PLATFORMS[row["平台"]], row["成交渠道"],
            row["活动编号"], row["订单类型"] in ("普通订单", "预售订单"),
        )  # fmt: skip
    for row in sound_rows(demo, "erp/订单明细_"):
        if row["订单编号"] in orders and row["是否赠品"] == "否":
            line = row["商家编码"], int(row["数量"]), float(row["单价"])
            orders[row["订单编号"]].lines.append(line)
    for row in sound_rows(demo, "erp/京东订单_"):
        at = datetime.strptime(row["下单时间"], "%Y/%m/%d %H:%M:%S")
        mode, is_plain = _MODES[row["订单渠道"]], row["订单类型"] == "普通"
        new = Placed(owners[row["订单号"]], at, "jd", mode, row["促销编号"], is_plain)
        order = orders.setdefault(row["订单号"], new)
        order.lines.append((row["商品ID"], int(row["订购数量"]), float(row["京东价"])))
    for row in sound_rows(demo, "erp/抖店订单_"):
        at, number = datetime.fromisoformat(row["订单提交时间"]), row["主订单编号"]
        mode, is_plain = _MODES[row["流量体裁"]], row["订单类型"] == "普通订单"
        new = Placed(owners[number], at, "douyin", mode, row["活动编号"], is_plain)
        line = row["商家编码"], int(row["商品数量"]), float(row["商品单价"])
        orders.setdefault(number, new).lines.append(line)
    return orders
