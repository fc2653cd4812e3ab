"""The conditions of `where` in shop.yml: their forms, and what is wrong with one.

`landing/check/row_filter.py` makes SQL of them.
"""

import re

COMPARED = re.compile(r"(<=|>=|<|>)\s*([+-]?[0-9]+(?:[.][0-9]+)?)")
PATTERN = re.compile(r"(!?~)\s*(.+)", re.DOTALL)


def problem(text: str) -> str | None:
    """What is wrong with one condition of shop.yml, or None."""
    if text[:1] in ("<", ">") and not COMPARED.fullmatch(text):
        return f"{text!r} compares with no number; expected such as '< 0' or '>= 0'"
    if found := PATTERN.fullmatch(text):
        try:
            re.compile(found[2])
        except re.error as error:
            return f"{found[2]!r} is no regular expression: {error}"
    return None
