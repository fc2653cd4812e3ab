"""SQL text from Python values: literals, identifiers and lists of words. The only place that quotes."""

from collections.abc import Sequence


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def ident(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def mysql_ident(name: str) -> str:
    """An identifier of MySQL and MariaDB."""
    return "`" + name.replace("`", "``") + "`"


def among(value: str, words: Sequence[str | int]) -> str:
    """Whether an SQL expression is one of the words, without `in`.

    DuckDB turns a long `in` into a join, and a join loses the order of the file's rows.
    """
    literals = [quoted(word) if isinstance(word, str) else str(word) for word in words]
    branches = " ".join(f"when {literal} then true" for literal in dict.fromkeys(literals))
    return f"(case {value} {branches} else false end)"
