"""A YAML file of the operator: read with every scalar as text, and hints for misspelled words."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the closest known words, and all of them, or `otherwise`, when none is close."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return otherwise or f"expected one of {', '.join(known)}"


class _Loader(yaml.BaseLoader):
    """Scalars stay text (`no`, `007`, `1e3` mean what they say); a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1 and not isinstance(key.value, list):
                raise yaml.MarkedYAMLError(
                    problem=f"key {key.value!r} stands there twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, every scalar as text. Raises `ValueError` with the operator's text."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not YAML in UTF-8: {error}") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: expected keys at the top, found {type(content).__name__}")
    return content
