"""The rows of a list in a csv or xlsx file, as text."""

import csv
from pathlib import Path

Table = list[tuple[int, list[str]]]
"""Line of the file and its cells, trimmed; the first is the header."""


def table_of(path: Path) -> Table:
    """All rows. Raises ValueError, in words for the operator, for a file that cannot be read."""
    try:
        rows = _workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _delimited(path)
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    if not rows:
        raise ValueError("is empty; expected a row of column names")
    number, header = rows[0]
    rows[0] = (number, [name.lower() for name in header])
    return rows


def _delimited(path: Path) -> Table:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise ValueError("is neither UTF-8 nor GB18030; save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows: Table = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise ValueError(f"row {reader.line_num}: not CSV ({error})") from None
    if wide := [number for number, cells in rows if len(cells) > len(rows[0][1])]:
        raise ValueError(
            f"row {wide[0]}: has more cells than there are columns; quote cells with commas"
        )
    return rows


def _workbook(path: Path) -> Table:
    import fastexcel

    try:
        sheet = fastexcel.read_excel(path).load_sheet(
            0, header_row=None, skip_rows=0, dtypes="string"
        )
    except (fastexcel.FastExcelError, IndexError):
        raise ValueError("is not a readable Excel workbook") from None
    table = sheet.to_arrow().to_pylist()
    rows = [
        (number, [(cell or "").strip() for cell in row.values()])
        for number, row in enumerate(table, start=1)
    ]
    return [(number, cells) for number, cells in rows if any(cells)]
