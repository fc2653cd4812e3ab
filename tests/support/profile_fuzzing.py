"""Damaged files: what disks, spreadsheets and mail programs do to exports, drawn at random from a seed."""

import csv
import io
import json
import random
from collections.abc import Callable
from typing import Any

from profile_fixtures import Export

Change = Callable[[random.Random, bytes], bytes]
_HUGE = 200_000


def damaged(export: Export, rng: random.Random) -> tuple[bytes, list[str]]:
    """The file with one to three kinds of damage, and their names."""
    content, names = export.content(), []
    for _ in range(rng.choice((1, 1, 2, 3))):
        change = rng.choice(CHANGES)
        content = change(rng, content)
        names.append(change.__name__)
    return content, names


def _lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")


def _place(rng: random.Random, content: bytes) -> int:
    return rng.randrange(len(content) + 1)


def flipped_bytes(rng: random.Random, content: bytes) -> bytes:
    """Up to eight bytes have another value."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut_off(rng: random.Random, content: bytes) -> bytes:
    """The file ends anywhere."""
    return content[: _place(rng, content)]


def rows_lost(rng: random.Random, content: bytes) -> bytes:
    """Some lines are gone."""
    return b"\n".join(line for line in _lines(content) if rng.random() > 0.3)


def rows_twice(rng: random.Random, content: bytes) -> bytes:
    """Some lines stand there twice, the header perhaps among them."""
    return b"\n".join(one for line in _lines(content) for one in [line] * rng.choice((1, 1, 2)))


def rows_shuffled(rng: random.Random, content: bytes) -> bytes:
    """The lines are in another order."""
    lines = _lines(content)
    rng.shuffle(lines)
    return b"\n".join(lines)


def quote_unclosed(rng: random.Random, content: bytes) -> bytes:
    """A quote anywhere."""
    place = _place(rng, content)
    return content[:place] + b'"' + content[place:]


def columns_shuffled(rng: random.Random, content: bytes) -> bytes:
    """Cells are in another order, the same in each line."""
    return _with_cells(
        rng, content, lambda cells, order: [cells[i] for i in order if i < len(cells)]
    )


def column_twice(rng: random.Random, content: bytes) -> bytes:
    """A column stands there twice."""
    return _with_cells(rng, content, lambda cells, order: [*cells, *cells[order[0] : order[0] + 1]])


def column_dropped(rng: random.Random, content: bytes) -> bytes:
    """A column is gone."""
    return _with_cells(
        rng, content, lambda cells, order: [c for i, c in enumerate(cells) if i != order[0]]
    )


def delimiter_changed(rng: random.Random, content: bytes) -> bytes:
    """Another delimiter, in cells too."""
    return content.replace(b",", rng.choice((b";", b"\t", b"|", b"^", b"||", b" ")))


def encodings_mixed(rng: random.Random, content: bytes) -> bytes:
    """Some lines are in another encoding."""
    lines = _lines(content)
    for i, line in enumerate(lines):
        if rng.random() < 0.3:
            lines[i] = line.decode("utf-8", "replace").encode("gb18030", "replace")
    return b"\n".join(lines)


def huge_cell(rng: random.Random, content: bytes) -> bytes:
    """A very long text anywhere."""
    place = _place(rng, content)
    return content[:place] + b"x" * _HUGE + content[place:]


def nul_bytes(rng: random.Random, content: bytes) -> bytes:
    """NUL bytes anywhere."""
    place = _place(rng, content)
    return content[:place] + b"\0" * rng.randint(1, 5) + content[place:]


def emptied(rng: random.Random, content: bytes) -> bytes:
    """Nothing, blank lines, or the first line only."""
    return rng.choice((b"", b"\n\n\n", b" ", _lines(content)[0], b'""'))


def bom_added(rng: random.Random, content: bytes) -> bytes:
    """A mark of an encoding, right or wrong."""
    return rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb")) + content


def other_line_ends(rng: random.Random, content: bytes) -> bytes:
    """Line ends of other systems, or a mixture."""
    ends = rng.choice(((b"\r\n",), (b"\r",), (b"\r\n", b"\n", b"\n\n")))
    return b"".join(line + rng.choice(ends) for line in _lines(content))


def controls(rng: random.Random, content: bytes) -> bytes:
    """Control characters and invisible marks anywhere."""
    mark = rng.choice(("\x1f", "\x0b", "\x1b[31m", "\u200b", "\u2028", "\ufeff", "\x85", "🍵"))
    place = _place(rng, content)
    return content[:place] + mark.encode() + content[place:]


def cells_changed(rng: random.Random, content: bytes) -> bytes:
    """One cell of each line holds what exports sometimes hold."""
    odd = ("", " ", "=1+1", "1e999", "-0", "NaN", "0000-00-00", "9999-12-31", "'", "99999999999999999999", "1,5", "{}", "[]", "\\")  # fmt: skip
    words = [rng.choice(odd) for _ in range(len(_lines(content)))]
    return _with_cells(
        rng,
        content,
        lambda cells, order: [
            words.pop() if i == order[0] and words else c for i, c in enumerate(cells)
        ],
    )


CHANGES: tuple[Change, ...] = (
    flipped_bytes,
    cut_off,
    rows_lost,
    rows_twice,
    rows_shuffled,
    quote_unclosed,
    columns_shuffled,
    column_twice,
    column_dropped,
    delimiter_changed,
    encodings_mixed,
    huge_cell,
    nul_bytes,
    emptied,
    bom_added,
    other_line_ends,
    controls,
    cells_changed,
)


def _with_cells(
    rng: random.Random, content: bytes, change: Callable[[list[str], list[int]], list[str]]
) -> bytes:
    """The lines with other cells; `change` is given the cells and one order of the columns of this file."""
    text = content.decode("latin-1")
    if text.lstrip()[:1] == "{":
        return "\n".join(_object(rng, line) for line in text.split("\n")).encode("latin-1")
    rows = [next(csv.reader([line]), []) for line in text.split("\n") if "\r" not in line]
    width = max((len(row) for row in rows), default=1) or 1
    order = rng.sample(range(width), width)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(change(row, order))
    return out.getvalue().encode("latin-1")


def _object(rng: random.Random, line: str) -> str:
    """A JSON object without a key, or with another value."""
    try:
        found: Any = json.loads(line)
    except ValueError:
        return line
    if not isinstance(found, dict) or not found:
        return line
    key = rng.choice(sorted(found))
    other: Any = rng.choice((None, [], {}, "", 1e300, True, [{"key": "x", "value": 1}]))
    found[key] = other
    if rng.random() < 0.5:
        found.pop(key)
    return json.dumps(found, ensure_ascii=False)
