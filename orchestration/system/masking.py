"""What the text of an error may say: its kind and its place, never a value of the data.

Libraries quote what they choke on: a cell, a key, a whole line. Such a text is stored, logged and
released, so every one of them passes `plain`. Texts of this project are written without values.
"""

import re
from collections.abc import Mapping

import duckdb

# Errors about SQL and about files name columns, tables and paths, not values.
_ABOUT_SQL = ("Binder", "Catalog", "Parser", "Syntax")
_ABOUT_FILES = ("IO", "Out of Memory", "Permission", "HTTP", "Connection", "Missing Extension")
_ABOUT_FILES += ("Internal", "Interrupt", "TransactionContext", "Transaction", "FATAL", "Fatal")
_ABOUT_VALUES = ("Conversion", "Constraint", "Invalid Input", "Out of Range", "Mismatch Type")
_ABOUT_VALUES += ("Invalid Type", "Not implemented", "Serialization", "Dependency", "Cast", "Data")
_ABOUT_VALUES += ("Sequence", "Decimal", "Parameter", "Settings", "Expression")
_KINDS = "|".join((*_ABOUT_SQL, *_ABOUT_FILES, *_ABOUT_VALUES))
_DATABASE = re.compile(rf"\b({_KINDS}) Error: ?(.*)")
_SPARK = re.compile(r"\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]")

_READ_BY_DBT = ("SHOW TABLE EXTENDED is not supported for v2 tables",)

# Lines of dbt around the text of the database.
_KEPT = re.compile(
    r"(?:[A-Z]\w+ Error(?: in \w+ [\w.]+(?: \([^()]*\))?)?"
    r"|Got \d+ results?, configured to (?:warn|fail) if [!=<>]+ ?\d+"
    r"|compiled code at \S+|\d+ of \d+ (?:ERROR|FAIL|WARN|START|OK|SKIP) .*)",
    re.IGNORECASE,
)
_TYPE = re.compile(
    r"\b(?:to|into|as|type|target type is) \(?[\"']?(U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER|\d+)?|DATE|TIMESTAMP[A-Z_]*|TIME|"
    r"DECIMAL(?:\(\d+, ?\d+\))?|DOUBLE|FLOAT|BOOL(?:EAN)?|INTERVAL|JSON|UUID|BLOB|VARCHAR|STRING)\b",
)
_SAID = (
    (r"(?:when casting from )?source column (\w+)", "source column {}"),
    (r"NOT NULL constraint failed: ([\w.]+)", "{} is NULL"),
    (r"CHECK constraint failed on table (\w+)", "check constraint of {}"),
    (r"([Dd])uplicate key", "duplicate key"),
    (r"foreign key constraint", "foreign key"),
    (r"CSV Error on Line: (\d+)", "line {}"),
    (r"Expected Number of Columns: (\d+)", "expected {} columns"),
    (r"Found: (\d+)", "found {}"),
    (r"Maximum line size of (\d+) bytes exceeded", "a line is longer than {} bytes"),
    (r"(?i)(unterminated quote)", "unterminated quote"),
    (r"(?i)(not utf-?8 encoded|invalid unicode|byte sequence mismatch)", "invalid Unicode"),
    (r"(?i)(malformed json)", "malformed JSON"),
    (r"No magic bytes|too small to be a Parquet file", "not a Parquet file"),
    (r"(?i)invalid (date|timestamp|time) field format", "a value is no {}"),
    (r"(?i)(out of range|overflow)", "a value is out of range"),
    (r"(?i)(could not (?:convert|cast|parse)|can't be cast)", "a value cannot be converted"),
)
_PERSONAL = re.compile(
    r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
    r"|(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
    r"|[^\s@'\"<>(),;:=]+@[^\s@'\"<>(),;:=]+\.\w{2,}"
)
_HIDDEN = "its text is not shown, as it may quote a value"

# What `_database` says itself: a text may pass twice.
_PHRASE = "|".join(re.escape(form).replace(r"\{\}", r"[\w.]+") for _, form in _SAID)
_PLAIN = re.compile(rf"(?:{re.escape(_HIDDEN)}|(?:(?:{_PHRASE}|type [\w(), ]+?)(?:, |$))+)")


def plain(error: BaseException | str) -> str:
    """One error in words that hold no cell: kind, line, column and type, without what was quoted.

    Errors of this project are written for the operator and pass; a text without a known form is
    replaced by the name of its class.
    """
    if isinstance(error, str):
        return _reduced(error)
    module = type(error).__module__.partition(".")[0]
    if module == "orchestration":
        return masked(str(error))
    if isinstance(error, duckdb.Error) or _DATABASE.search(str(error)):
        return _reduced(str(error))
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, UnicodeError):
        return "text in another encoding than expected"
    if module in ("zipfile", "zlib", "gzip") or isinstance(error, EOFError | RuntimeError):
        return _unquoted(str(error)) or type(error).__name__
    return f"{type(error).__name__}: {_HIDDEN}"


def masked(text: str) -> str:
    """The text without what has the form of a mobile number, an identity number or an e-mail address."""
    return _PERSONAL.sub("***", text)


def masked_row(row: Mapping[str, object], personal: set[str]) -> dict[str, object]:
    """A row without its personal columns, and without values that have the form of a personal one."""
    return {
        name: masked(value) if isinstance(value, str) else value
        for name, value in row.items()
        if name not in personal
    }


def safe(error: Exception) -> Exception:
    """The error itself where its text is ours; else one of the same kind with a plain text."""
    if not _may_quote(error):
        return error
    try:
        twin = type(error)(plain(error))
    except Exception:
        twin = RuntimeError(f"{type(error).__name__}: {plain(error)}")
    return twin.with_traceback(error.__traceback__)


def _may_quote(error: Exception) -> bool:
    module = type(error).__module__.partition(".")[0]
    if module == "builtins":
        return isinstance(error, ValueError | LookupError | TypeError | ArithmeticError)
    return isinstance(error, duckdb.Error) or module in (
        "pyarrow", "sqlalchemy", "pyspark", "polars", "pandas", "numpy", "fastexcel", "json",
        "decimal", "csv", "_csv", "splink", "great_expectations", "dbt_common", "dbt", "duckdb",
        "_duckdb", "grpc", "py4j", "pydantic", "pydantic_core",
    )  # fmt: skip


def _reduced(text: str) -> str:
    """The lines of a text up to the first database error, that error in plain words, and dbt's own lines."""
    out: list[str] = []
    quoting = False
    for line in text.splitlines():
        bare = line.strip()
        found = _DATABASE.search(bare)
        if found or _SPARK.search(bare):
            # What follows may be the value, the line of the file, or a stack that repeats both.
            quoting = True
            said = _database(*found.groups(), text) if found else _of_spark(bare)
            if said not in out:
                out.append(said)
        elif bare and (not quoting or _KEPT.fullmatch(bare)):
            quoting = quoting and not _KEPT.fullmatch(bare)
            out.append(line.rstrip())
    return masked("\n".join(out)).strip()


def _of_spark(line: str) -> str:
    """The error class in brackets, by which dbt knows a missing schema or table, and what else dbt reads."""
    classes = "".join(dict.fromkeys(f"[{name}]" for name in _SPARK.findall(line)))
    phrases = [phrase for phrase in _READ_BY_DBT if phrase in line]
    return " ".join(["Spark error", classes, *phrases])


def _database(kind: str, rest: str, text: str) -> str:
    if kind in _ABOUT_SQL:
        return f"{kind} Error: {_identifiers(rest)}"
    if kind in _ABOUT_FILES:
        return f"{kind} Error: {rest}".rstrip(": ")
    if _PLAIN.fullmatch(rest):
        return f"{kind} Error: {rest}"
    # The further lines of the error may hold facts that are no values.
    facts = [
        form.format(*found.groups())
        for form_of, form in _SAID
        if (found := re.search(form_of, text))
    ]
    if kinds := _TYPE.search(text):
        facts.append(f"type {kinds[1]}")
    return f"{kind} Error: {', '.join(dict.fromkeys(facts)) or _HIDDEN}"


def _identifiers(text: str) -> str:
    """Text about SQL: names in double quotes stay, literals go."""
    text = re.sub(r"'.*'", "'…'", text)
    return re.sub(r'"([^"]*)"', lambda m: m[0] if _is_name(m[1]) else '"…"', text)


def _is_name(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", text)) and not re.search(r"\d{5}", text)


def _unquoted(text: str) -> str:
    """The first line without anything in quotes, from the first quote to the last."""
    line = text.splitlines()[0] if text else ""
    return masked(re.sub(r"'.*'|\".*\"", "…", line))
