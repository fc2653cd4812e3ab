"""Text to typed values: the SQL parsers against oracles in Python."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.check import parsing
from orchestration.landing.check.cells import tidy
from orchestration.landing.check.row_checks import identifier

MONEY = "decimal(18, 4)"
CENT = Decimal("0.0001")


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def values(con, expression, texts):
    con.execute("create or replace table texts (i integer, t varchar)")
    con.executemany("insert into texts values (?, ?)", list(enumerate(texts)))
    return [row[0] for row in con.execute(f"select {expression} from texts order by i").fetchall()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("-12.50", "-12.50"),
        ("+3", "3"),
        (".5", "0.5"),
        ("144.", "144"),
        ("1,234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("１２．５０", "12.50"),
        ("１，２３４", "1234"),
        ("¥12.30", "12.30"),
        ("￥1,299.00", "1299"),
        ("-¥12", "-12"),
        ("¥-12", "-12"),
        ("$1,000", "1000"),
        ("USD 7", "7"),
        ("12元", "12"),
        ("12.5%", "0.125"),
        ("3.5万", "35000"),
        ("1.2亿", "120000000"),
        ("2万元", "20000"),
        ("0.12345", "0.1235"),
        ("0.00005", "0.0001"),
        ("5e-05", "0.0001"),
        ("1.5E-3", "0.0015"),
        ("-2.5E+4", "-25000"),
        ("1e3", "1000"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_money_that_people_write(con, text, expected):
    assert values(con, parsing.number("t", MONEY), [text]) == [Decimal(expected)]


@pytest.mark.parametrize(
    "text",
    [
        *[
            "1e",
            "e3",
            "1e3.5",
            "1E+40",
            "1,234e3",
            "12,34",
            "1,23,456",
            "--1",
            "¥-¥1",
            "-¥-1",
            "1_000",
            ".",
            "abc",
            "12abc",
            "0x10",
            "NaN",
            "inf",
        ],
        "1 234",
        "1.2.3",
        "12元元",
        "元",
        "%",
        "123456789012345678",
        "١٢",
    ],
)
def test_money_that_is_no_number(con, text):
    assert values(con, parsing.number("t", MONEY), [text]) == [None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("\x1f25062", "25062"),
        ("25062\u200e", "25062"),
        ("\ufeff\u200b 25062\u00a0", "25062"),
        ("`25062", "25062"),
        ("&nbsp;25062&nbsp;", "25062"),
        ("'25062", "25062"),
        ('="025062"', "025062"),
        ("25062.0", "25062"),
        ("２５０６２", "25062"),
        ("25062.5", "25062.5"),
        ("A`1", "A`1"),
        ("'twas", "'twas"),
        ("AT&T;", "AT&T;"),
        ("2.50623E+14", None),
    ],
)
def test_an_id_is_cleaned_of_what_nobody_sees(con, cell, expected):
    [(text,)] = con.execute(f"select {tidy('c')} from (select ? as c)", [cell]).fetchall()
    assert values(con, identifier("t"), [text]) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3),
        ("3.0", 3),
        ("1,234", 1234),
        ("3万", 30000),
        ("0.5万", 5000),
        ("9223372036854775807", 2**63 - 1),
        ("3.7", None),
        ("1e3", 1000),
        ("1.5E-3", None),
        ("12%", None),
        ("0.55555万", None),
        ("9223372036854775808", None),
    ],
)
def test_whole_numbers(con, text, expected):
    assert values(con, parsing.number("t", "bigint"), [text]) == [expected]


@given(
    st.lists(
        st.decimals(min_value=-(10**13), max_value=10**13, places=6, allow_nan=False), min_size=1
    ),
    st.sampled_from(["{}", "¥{}", "{}元", " {}"[1:]]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_money_agrees_with_python_decimal(numbers, shape, commas):
    texts = [shape.format(f"{number:,f}" if commas else f"{number:f}") for number in numbers]
    with duckdb.connect() as con:
        found = values(con, parsing.number("t", MONEY), texts)
    assert found == [number.quantize(CENT, rounding=ROUND_HALF_UP) for number in numbers]


@given(st.lists(st.integers(min_value=0, max_value=10**15), min_size=1))
@settings(max_examples=25, deadline=None)
def test_micros_and_fen_are_exact(numbers):
    texts = [str(number) for number in numbers]
    with duckdb.connect() as con:
        fen = values(con, parsing.number("t", MONEY, Decimal("0.01")), texts)
        micros = values(con, parsing.number("t", MONEY, Decimal("0.000001")), texts)
    assert fen == [Decimal(number) / 100 if number < 10**16 else None for number in numbers]
    exact = [(Decimal(number) / 10**6).quantize(CENT, rounding=ROUND_HALF_UP) for number in numbers]
    assert micros == exact


def test_percent_unit_takes_12_and_12_percent_alike(con):
    found = values(con, parsing.number("t", "double", Decimal("0.01")), ["12.5", "12.5%", "0"])
    assert found == [0.125, 0.125, 0.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-05 10:22:33", "2024-01-05 02:22:33"),
        ("2024/1/5 9:08", "2024-01-05 01:08"),
        ("2024-01-05", "2024-01-04 16:00"),
        ("2024-01-05T10:22:33", "2024-01-05 02:22:33"),
        ("2024-01-05T10:22:33Z", "2024-01-05 10:22:33"),
        ("2024-01-05 10:22:33 UTC", "2024-01-05 10:22:33"),
        ("2024-01-05 10:22:33 -0500", "2024-01-05 15:22:33"),
        ("2024-01-05T10:22:33.250+05:30", "2024-01-05 04:52:33.250"),
        ("2024-01-05 10:22:33+08", "2024-01-05 02:22:33"),
        ("20240105", "2024-01-04 16:00"),
        ("20240105102233", "2024-01-05 02:22:33"),
        ("2024.01.05 10:30", "2024-01-05 02:30"),
        ("2024年1月5日 10:22:33", "2024-01-05 02:22:33"),
        ("2024年1月5日", "2024-01-04 16:00"),
        ("2014-12-06 02", "2014-12-05 18:00"),
        ("05/01/2024", None),
        ("2024-02-30 10:00:00", None),
        ("2024-13-01", None),
        ("5489", None),
        ("0", None),
        ("1704421353", None),
        ("yesterday", None),
    ],
)
def test_times_of_a_shop_in_shanghai(con, text, expected):
    [found] = values(con, parsing.timestamp("t", (), "Asia/Shanghai"), [text])
    assert found == (datetime.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]
)
@given(st.lists(st.datetimes(datetime(1920, 1, 1), datetime(2099, 1, 1)), min_size=1, max_size=30))
@settings(max_examples=15, deadline=None)
def test_wall_clocks_agree_with_zoneinfo(zone, moments):
    moments = [m.replace(microsecond=0) for m in moments]
    info = ZoneInfo(zone)
    # Wall clocks that exist once: gaps and repeated hours have no single right answer.
    plain = [
        m
        for m in moments
        if m.replace(tzinfo=info).utcoffset() == m.replace(tzinfo=info, fold=1).utcoffset()
    ]
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        found = values(con, parsing.timestamp("t", (), zone), [str(m) for m in plain] or ["x"])
    expected = [m.replace(tzinfo=info).astimezone(UTC).replace(tzinfo=None) for m in plain]
    assert found == (expected or [None])


def test_given_formats_are_the_only_ones(con):
    found = values(
        con, parsing.date("t", ("%d.%m.%Y",), "UTC", False), ["05.01.2024", "2024-01-05"]
    )
    assert [str(value) for value in found] == ["2024-01-05", "None"]


def test_digit_formats_need_all_their_digits(con):
    texts = ["20101229", "0", "5489", "32154", "2010122", "201012290"]
    found = values(con, parsing.timestamp("t", ("%Y%m%d",), "UTC", False), texts)
    assert [value is not None for value in found] == [True, False, False, False, False, False]


@pytest.mark.parametrize("formats", [(), ("%Y-%m-%d",), ("%d.%m.%Y",)])
@pytest.mark.parametrize("word", ["epoch", "infinity", "-infinity", "Infinity", "EPOCH"])
def test_words_of_databases_are_no_dates(con, formats, word):
    for reader in (parsing.timestamp, parsing.date):
        assert values(con, reader("t", formats, "Asia/Shanghai", not formats), [word]) == [None]


def test_days_of_a_spreadsheet(con):
    found = values(
        con,
        parsing.timestamp("t", ["excel"], "Asia/Shanghai", False),
        ["45292", "45292.5", "45292.43780092593", "5", "2024-01-01", "123456"],
    )
    assert found == [
        datetime(2023, 12, 31, 16),
        datetime(2024, 1, 1, 4),
        datetime(2024, 1, 1, 2, 30, 26),
        *[None] * 3,
    ]


def test_epochs(con):
    assert values(
        con, parsing.timestamp("t", ("epoch_s",), "Asia/Shanghai", False), ["1704421353"]
    ) == [datetime(2024, 1, 5, 2, 22, 33)]
    found = values(
        con, parsing.timestamp("t", ("epoch_ms",), "UTC", False), ["1704421353123", "12"]
    )
    assert found == [datetime(2024, 1, 5, 2, 22, 33, 123000), None]


def test_several_formats_are_tried_in_order(con):
    formats = ("epoch_ms", "%Y/%m/%d %H:%M")
    found = values(
        con, parsing.timestamp("t", formats, "UTC", False), ["1704421353000", "2024/01/05 02:22"]
    )
    assert found == [datetime(2024, 1, 5, 2, 22, 33), datetime(2024, 1, 5, 2, 22)]


def test_a_date_is_the_shops_day(con):
    texts = ["2024-01-05", "2024/1/5", "2024-01-05 23:59:59", "2024-01-05T20:00:00Z", "9999-11-20"]
    found = values(con, parsing.date("t", (), "Asia/Shanghai", True), texts)
    assert [str(day) for day in found] == [
        "2024-01-05",
        "2024-01-05",
        "2024-01-05",
        "2024-01-06",
        "9999-11-20",
    ]


def test_booleans(con):
    texts = ["1", "true", "YES", "是", "Y", "0", "False", "no", "否", "n", "2", "maybe"]
    expected = [True] * 5 + [False] * 5 + [None] * 2
    assert values(con, parsing.boolean("t"), texts) == expected
