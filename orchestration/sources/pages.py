"""The pages of a list, one after the other, in the ways in which APIs divide lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.config.api_config import Paginator, Resource
from orchestration.sources import json_text
from orchestration.sources.errors import SourceError
from orchestration.sources.http import Answer, Client

Rows = list[Mapping[str, Any]]


def read(
    client: Client, place: str, resource: Resource, params: Mapping[str, str]
) -> Iterator[Rows]:
    """The rows of each page. Raises SourceError where a page is no page, or pages do not end."""
    pages = resource.paginator
    path, asked, number = resource.path, dict(params), pages.first
    if pages.size_param:
        asked[pages.size_param] = str(pages.size)
    read_so_far, before, offset = {""}, None, 0
    while True:
        if pages.type in ("page", "offset"):
            asked[pages.param or pages.type] = str(number if pages.type == "page" else offset)
        answer = client.get(path, asked)
        rows = _rows(answer, place, resource)
        if not rows and pages.type in ("page", "offset"):
            return
        if rows and rows == before:
            raise SourceError(f"{place}: two pages are the same; check the paginator in shop.yml")
        yield rows
        before, number, offset = rows, number + 1, offset + len(rows)
        if pages.type in ("page", "offset"):
            continue
        following = _following(answer, pages)
        if following is None:
            return
        if following in read_so_far:
            raise SourceError(f"{place}: pages do not end: one names an earlier page as the next")
        read_so_far.add(following)
        if pages.type == "cursor":
            asked[pages.param or "cursor"] = following
        else:
            # The address of the next page has all parameters.
            path, asked = following, {}


def _following(answer: Answer, pages: Paginator) -> str | None:
    """Cursor or address of the next page; None at the end."""
    if pages.type == "none":
        return None
    if pages.type == "link":
        return answer.next_link
    try:
        return json_text.text(json_text.at(answer.content, pages.path)) or None
    except KeyError:
        return None


def _rows(answer: Answer, place: str, resource: Resource) -> Rows:
    """The list of an answer. An answer without it is an error: many APIs report errors with status 200."""
    for path, wanted in resource.ok.items():
        try:
            found = json_text.text(json_text.at(answer.content, path))
        except KeyError:
            found = None
        if found != wanted:
            raise SourceError(
                f"{place}: the API reports an error: {path} is {str(found)[:40]}, expected {wanted}"
            )
    try:
        listed = json_text.at(answer.content, resource.data)
    except KeyError as error:
        raise SourceError(
            f"{place}: an answer has no {error.args[0]}, expected a list at `data: {resource.data}`"
        ) from None
    listed = [] if listed is None and resource.data else listed
    if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
        where = f"`data: {resource.data}`" if resource.data else "the answer"
        raise SourceError(f"{place}: expected a list of objects at {where}")
    return listed


def elements(rows: Rows, place: str, resource: Resource) -> Iterator[dict[str, str | None]]:
    """Each row in cells; with `each`, one row per element of the list within, and its `parent`."""
    for row in rows:
        if not resource.each:
            yield json_text.flat(row)
            continue
        try:
            inner = json_text.at(row, resource.each)
        except KeyError as error:
            raise SourceError(f"{place}: a row has no {error.args[0]}, named by `each`") from None
        outer = {name: value for name, value in row.items() if name != resource.each.split(".")[0]}
        for element in inner or []:
            if not isinstance(element, Mapping):
                raise SourceError(f"{place}: expected objects in `each: {resource.each}`")
            yield json_text.flat(element) | json_text.flat(outer, "parent.")
