"""A small shop for landing tests: real files in a real inbox, a real warehouse, no stand-ins."""

import os
import resource
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.config.settings import PROJECT, Settings
from orchestration.config.shop_config import ShopConfig, load_shop_config
from orchestration.engines.lake import register
from orchestration.landing.land import land
from orchestration.landing.record.report import LandingReport

SHOP = {
    "id": "camellia",
    "name": {"en": "Camellia", "zh": "山茶小铺"},
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
}
ORDER_COLUMNS = {
    "order_id": "订单编号",
    "status": {"from": "订单状态", "map": {"交易成功": "completed", "已付款": "paid"}},
    "ordered_at": "下单时间",
    "paid_amount": "实付金额",
    "phone": ["联系手机", "手机"],
}


@contextmanager
def files_limited_to(size: int) -> Generator[None]:
    """Writing a file beyond `size` bytes fails within the block, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def orders(**changes: Any) -> dict[str, Any]:
    """A mapping of erp.orders, with changes."""
    columns = {**ORDER_COLUMNS, **changes.pop("columns", {})}
    return {"files": "orders*", "source_system": "taobao", "columns": columns, **changes}


def real_data(name: str) -> Path:
    """A folder of the real data sets, or skip."""
    root = Path(os.environ.get("SHOP360_REAL_DATA") or PROJECT.parent / "shared" / "data")
    if not (root / name).is_dir():
        pytest.skip(f"no real data at {root / name}; set SHOP360_REAL_DATA")
    return root / name


class LandingShop:
    """A home, an inbox and a shop.yml in a temporary folder."""

    def __init__(
        self,
        folder: Path,
        feeds: Mapping[str, Any] | None = None,
        *,
        target: str = "duckdb",
        lake: str = "",
        **shop: Any,
    ) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.settings = Settings(folder / "home", folder / "shop.yml", self.inbox, target, lake)
        self.clock = 1_700_000_000
        self.configure(feeds or {"erp.orders": [orders()]}, **shop)

    def configure(self, feeds: Mapping[str, Any], **shop: Any) -> None:
        """Write shop.yml."""
        content = {"shop": {**SHOP, **shop}, "feeds": dict(feeds)}
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        self.settings.config.write_text(text, encoding="utf-8")

    @property
    def config(self) -> ShopConfig:
        """The checked configuration."""
        return load_shop_config(self.settings.config)

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """A file in the inbox, each a minute younger than the one before."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return self.touch(path)

    def touch(self, path: Path, at: datetime | None = None) -> Path:
        """Give a file the next minute, or a time of its own."""
        self.clock += 60
        when = at.timestamp() if at else self.clock
        os.utime(path, (when, when))
        return path

    def land(self, **options: Any) -> LandingReport:
        """One landing."""
        return land(self.settings, self.config, **options)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows from the warehouse."""
        with self.reading() as con:
            return con.execute(sql).fetchall()

    def raw(self, table: str = "erp_orders", order: str = "order_id") -> list[dict[str, Any]]:
        """The rows of a raw table without lineage, as dictionaries."""
        with self.reading() as con:
            found = con.execute(f"select * from raw.{table} order by {order}")
            names = [column[0] for column in found.description or []]
            rows = found.fetchall()
        kept = [dict(zip(names, row, strict=True)) for row in rows]
        return [{k: v for k, v in row.items() if not k.startswith("_")} for row in kept]

    @contextmanager
    def reading(self) -> Generator[duckdb.DuckDBPyConnection]:
        """The warehouse to ask more than once."""
        with closing(duckdb.connect(str(self.settings.warehouse), read_only=True)) as con:
            con.execute("set TimeZone = 'UTC'")
            register(con, self.settings)
            yield con

    def quarantined(self) -> list[tuple[Any, ...]]:
        """Row number, column and reason code of every quarantined row."""
        return self.query(
            "select row_number, column_name, reason_code from meta.quarantine order by file_name, 1"
        )


def csv_of(*rows: Sequence[object], sep: str = ",") -> str:
    """Delimited text of the rows as they are."""
    return "".join(sep.join(str(cell) for cell in row) + "\n" for row in rows)


HEADER = ("订单编号", "订单状态", "下单时间", "实付金额", "联系手机")


def order(number: object, amount: object = "10.00", **cells: object) -> tuple[object, ...]:
    """One good order row under HEADER."""
    row = {"status": "交易成功", "at": "2024-01-05 10:00:00", "phone": "13800000000", **cells}
    return (number, row["status"], row["at"], amount, row["phone"])
