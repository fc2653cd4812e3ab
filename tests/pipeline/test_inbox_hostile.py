"""What lies in an inbox besides exports: links, pipes, odd names, locked archives, archives that fill a disk."""

import errno
import gzip
import os
import stat
import zipfile
from pathlib import Path

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

from orchestration.config.limits import Limits, LineLengths, LineTooLong
from orchestration.config.shop_config import ShopConfigError, load_shop_config
from orchestration.landing.read import inbox
from orchestration.landing.read.folder import readable_name

ROWS = csv_of(HEADER, order(1))


@pytest.fixture
def shop(tmp_path: Path) -> LandingShop:
    return LandingShop(tmp_path, {"erp.orders": [orders(files=["orders*", "**/orders*", "订单*"])]})


def _limited(shop: LandingShop, **limits: str) -> None:
    text = shop.settings.config.read_text(encoding="utf-8")
    lines = "".join(f"  {key}: {value}\n" for key, value in limits.items())
    shop.settings.config.write_text(f"{text}landing:\n{lines}", encoding="utf-8")


def test_links_and_pipes_are_listed_as_not_taken(shop: LandingShop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "orders.csv").write_text(ROWS)
    (shop.inbox / "orders1.csv").symlink_to(outside / "orders.csv")
    (shop.inbox / "folder").symlink_to(outside)
    (shop.inbox / "orders2.csv").symlink_to("nowhere")
    (shop.inbox / "orders3.csv").symlink_to("orders3.csv")
    os.mkfifo(shop.inbox / "orders4.csv")
    report = shop.land()
    assert report.files == []
    assert [name for name, _ in report.not_taken] == [
        "folder", "orders1.csv", "orders2.csv", "orders3.csv", "orders4.csv",
    ]  # fmt: skip
    assert "orders1.csv: is a symbolic link, and links are not followed" in report.warnings[1]
    assert "is a pipe" in report.warnings[4]


def test_a_file_replaced_by_a_link_is_not_followed(shop: LandingShop, tmp_path: Path) -> None:
    path = shop.put("orders1.csv", ROWS)
    [delivery] = inbox.scan(shop.inbox).deliveries
    path.rename(tmp_path / "elsewhere.csv")
    path.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(inbox.FileRejected, match="cannot be read"):
        inbox.fetch(delivery)


def test_a_name_in_gbk_lands_under_its_readable_name(shop: LandingShop) -> None:
    raw = os.fsencode(shop.inbox) + b"/" + "订单_1月.csv".encode("gbk")
    try:
        Path(os.fsdecode(raw)).write_text(ROWS)
    except OSError as error:
        pytest.skip(f"this file system takes UTF-8 names only ({error})")
    report = shop.land()
    assert [(file.file, file.status) for file in report.files] == [("订单_1月.csv", "landed")]
    assert shop.query("select file_name from meta.files") == [("订单_1月.csv",)]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("订单/a.csv".encode("gbk"), "订单/a.csv"),
        ("订单.csv".encode(), "订单.csv"),
        (b"a\xff.csv", "a\\xff.csv"),
        (b"a\nb\x1b[31m.csv", "a\\nb\\x1b[31m.csv"),
        ("a\u202etxt.csv".encode(), "a\\u202etxt.csv"),
    ],
)
def test_every_name_can_be_printed(raw: bytes, name: str) -> None:
    assert readable_name(raw) == name
    name.encode("utf-8")


def test_two_names_that_read_alike_are_not_mixed_up(shop: LandingShop) -> None:
    shop.put("订单.csv", ROWS)
    Path(os.fsdecode(os.fsencode(shop.inbox) + b"/" + "订单.csv".encode("gbk"))).write_text(ROWS)
    report = shop.land()
    assert len(report.files) == 1
    assert "another file has this name" in report.not_taken[0][1]


def test_a_name_with_markup_is_printed_as_it_is(
    shop: LandingShop, capsys: pytest.CaptureFixture[str]
) -> None:
    from orchestration.reports.summary import print_landing

    shop.put("orders[/red].csv", "")
    shop.put("other[/].csv", "")
    print_landing(shop.land(), dry_run=False)
    shown = capsys.readouterr().err
    assert "orders[/red].csv" in shown and "other[/].csv" in shown


def _locked() -> bytes:
    """A zip whose only member says that it is encrypted."""
    import io

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("orders.csv", ROWS)
    content = bytearray(file.getvalue())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def test_archives_that_cannot_be_read_are_rejected_alone(shop: LandingShop) -> None:
    shop.configure({"erp.orders": [orders(files=["orders*", "*.zip/*"])]})
    shop.put("a.zip", _locked())
    shop.put("b.zip", b"PK\x03\x04 cut off")
    shop.put("c.zip", "")
    with zipfile.ZipFile(shop.inbox / "d.zip", "w") as archive:
        archive.writestr("../../etc/orders\x1b.csv", ROWS)
    renamed = (shop.inbox / "d.zip").read_bytes().replace(b"../../etc", b"../../usr", 1)
    shop.put("e.zip", renamed)
    shop.put("orders.csv.gz", gzip.compress(ROWS.encode())[:-9])
    shop.put("orders1.csv", ROWS)
    report = shop.land()
    states = {file.file: file.status for file in report.files}
    assert states["orders1.csv"] == "landed"
    assert sorted(name for name, status in states.items() if status == "rejected") == [
        "a.zip/orders.csv", "b.zip", "c.zip", "e.zip/../../etc/orders\\x1b.csv", "orders.csv.gz"
    ]  # fmt: skip
    assert states["d.zip/../../etc/orders\\x1b.csv"] in ("landed", "unchanged")
    for file in report.rejected:
        assert file.error and "\n" not in file.error and "\x1b" not in file.error


def test_unreadable_files_and_folders_are_rejected(shop: LandingShop) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything; the next test is another user's")
    shop.put("orders1.csv", ROWS).chmod(0)
    shop.put("x.zip", ROWS).chmod(0)
    report = shop.land()
    assert len(report.rejected) == 2


def test_another_user_is_told_what_it_cannot_read(shop: LandingShop) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to be another user")
    shop.put("orders1.csv", ROWS).chmod(0)
    shop.put("x.zip", ROWS).chmod(0)
    shop.put("closed/orders2.csv", ROWS).parent.chmod(0)
    for folder in (shop.inbox, *list(shop.inbox.parents)[:-2]):
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o055)
    os.seteuid(65534)
    try:
        found = inbox.scan(shop.inbox)
        with pytest.raises(inbox.FileRejected, match=r"orders1.csv: cannot be read \(Permission"):
            inbox.fetch(found.deliveries[0])
    finally:
        os.seteuid(0)
        (shop.inbox / "closed").chmod(0o700)
    assert [name for name, _ in found.torn] == ["closed", "x.zip"]
    assert all(os.strerror(errno.EACCES) in text for _, text in found.torn)


def test_archives_beyond_the_limit_are_rejected_unread(shop: LandingShop) -> None:
    shop.configure({"erp.orders": [orders(files=["orders*", "*.zip/*"])]})
    _limited(shop, max_unpacked_file="100 KB", max_unpacked_archive="150 KB")
    shop.put("orders.csv.gz", gzip.compress(ROWS.encode() + b"\n" * 200_000))
    with zipfile.ZipFile(shop.inbox / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", ROWS + "\n" * 120_000)
    with zipfile.ZipFile(shop.inbox / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"orders{number}.csv", ROWS + "\n" * 90_000)
    shop.put("orders1.csv", ROWS)
    report = shop.land()
    answer = {file.file: file.error or "" for file in report.files}
    assert answer["orders1.csv"] == ""
    assert (
        "limit is 100.0 KB; if the file is sound, raise landing.max_unpacked_file"
        in answer["orders.csv.gz"]
    )
    assert "raise landing.max_unpacked_file in shop.yml" in answer["a.zip/orders.csv"]
    assert (
        "unpacks to 270.4 KB or more" in answer["b.zip"]
        and "max_unpacked_archive" in answer["b.zip"]
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked(shop: LandingShop) -> None:
    path = shop.inbox / "orders.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(40):
            stream.write(b"\0" * (8 << 20))
    with pytest.raises(inbox.FileRejected, match="max_unpacked_ratio"):
        inbox.fetch(inbox.scan(shop.inbox).deliveries[0])


def test_a_workbook_that_unpacks_to_too_much_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", " " * 400_000)
    limits = Limits.model_validate({"max_unpacked_workbook": "300 KB"})
    with pytest.raises(inbox.FileRejected, match="max_unpacked_workbook"):
        limits.workbook("a.xlsx", path)
    lying = path.read_bytes().replace((400_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    path.write_bytes(lying)
    with pytest.raises((inbox.FileRejected, zipfile.BadZipFile)):
        Limits.model_validate({"max_unpacked_workbook": "10 KB"}).workbook("a.xlsx", path)


@pytest.mark.parametrize("name", ["orders.csv", "orders.jsonl"])
def test_a_line_beyond_the_limit_is_rejected(shop: LandingShop, name: str) -> None:
    _limited(shop, max_line="10 KB")
    shop.put(name, ROWS + "x" * 12_000 + "\n")
    [file] = shop.land().rejected
    assert file.error is not None
    assert "line 3 has 12.0 KB or more" in file.error and "landing.max_line" in file.error


def test_lines_are_measured_across_chunks() -> None:
    lengths = LineLengths("a.csv", Limits.model_validate({"max_line": "100"}))
    for chunk in (b"a" * 60, b"\n" + b"b" * 60, b"b" * 40):
        lengths.feed(chunk)
    with pytest.raises(LineTooLong, match="line 2 has 101"):
        lengths.feed(b"b")


def test_a_long_line_within_the_limit_lands(shop: LandingShop) -> None:
    long = "x" * (20 << 20)
    shop.put("orders.csv", csv_of((*HEADER, "备注"), (*order(1), long), (*order(2), "y")))
    assert [file.status for file in shop.land().files] == ["landed"]
    assert shop.query("select count(*) from raw.erp_orders") == [(2,)]


def test_a_quote_that_swallows_the_file_is_rejected_early(shop: LandingShop) -> None:
    _limited(shop, max_line="10 KB")
    rows = csv_of(*(order(n) for n in range(2, 500)))
    shop.put("orders.csv", csv_of(HEADER, order(1, at='"2024')) + rows)
    [file] = shop.land().rejected
    assert file.error is not None and "row 2 goes on for more than" in file.error


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("max_line", "many", "landing.max_line: expected a size such as 20 GB"),
        ("max_lines", "1 MB", "landing.max_lines: unknown key; did you mean max_line"),
        ("max_unpacked_file", "0", "landing.max_unpacked_file"),
    ],
)
def test_a_wrong_limit_is_named(shop: LandingShop, key: str, value: str, words: str) -> None:
    _limited(shop, **{key: value})
    with pytest.raises(ShopConfigError) as answer:
        load_shop_config(shop.settings.config)
    assert words in str(answer.value)
