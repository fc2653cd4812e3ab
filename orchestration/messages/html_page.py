"""A message as an HTML page for mails: inline styles only, no script, no external resource, every value escaped."""

from html import escape

from orchestration.messages.document import Document, Section, Table, one_line

_COLORS = {"good": "#1a7f37", "bad": "#b42318", "": "#1f2328"}
_FONT = "font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def as_html(document: Document) -> str:
    """The whole page."""
    title = _escaped(document.title)
    intro = "".join(
        f'<p style="margin:0 0 4px;color:#59636e">{_escaped(line)}</p>\n' for line in document.intro
    )
    body = "".join(_section(section) for section in document.sections)
    return (
        f'<!doctype html>\n<html lang="{_LANGUAGES.get(document.language, "en")}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body style="margin:0;padding:16px;background:#ffffff;color:#1f2328;font-size:14px;line-height:1.5;{_FONT}">\n'
        f'<div style="max-width:680px">\n<h1 style="margin:0 0 8px;font-size:18px">{title}</h1>\n'
        f"{intro}{body}</div>\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    parts = []
    if section.title:
        parts.append(
            f'<h2 style="margin:20px 0 6px;font-size:15px">{_escaped(section.title)}</h2>\n'
        )
    if section.table:
        parts.append(_table(section.table))
    parts += [
        f'<p style="margin:4px 0;font-size:12px;color:#59636e">{_escaped(note)}</p>\n'
        for note in section.notes
    ]
    if section.items:
        items = "".join(
            f'<li style="margin:2px 0">{_escaped(item)}</li>\n' for item in section.items
        )
        parts.append(f'<ul style="margin:4px 0;padding-left:20px">\n{items}</ul>\n')
    return "".join(parts)


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col" style="padding:4px 8px;border-bottom:2px solid #d1d9e0;text-align:'
        f'{"right" if i else "left"};white-space:nowrap">{_escaped(head)}</th>'
        for i, head in enumerate(table.heads)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="padding:4px 8px;border-bottom:1px solid #d1d9e0;text-align:'
            f"{'right' if i else 'left'};color:{_COLORS[cell.mood]};"
            f'font-variant-numeric:tabular-nums">{_escaped(cell.text)}</td>'
            for i, cell in enumerate(row)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return (
        '<table style="border-collapse:collapse;width:100%">\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _escaped(text: str) -> str:
    return escape(one_line(text), quote=True)
