"""Whether the lists of the plan fit together: goals with their parents, milestones, and risks.

One list alone is checked in `lists.py`. Rows of the project are not checked here: data tests do.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from orchestration.config.lists import Place, Row, ShopList, contracts

LAYERS = ("base", "advance", "strategic")
"""From the lowest to the highest."""
Problem = Callable[[str, str], None]
"""Called with the name of the list and the problem."""


def check(lists: Mapping[str, ShopList], shop_id: str, problem: Problem) -> None:
    """Note each row of the shop's own lists that names a goal, a KPI or a feed which does not exist.

    A parent must also be of the same layer or a higher one, and no goal may serve itself in a circle.
    """
    goals = {row["goal_id"]: row for row in _rows(lists, "goals", shop_id)}
    for number, row in _own(lists, "goals", shop_id):
        if text := _parent_problem(row, goals):
            problem("goals", f"row {number}, column parent_goal_id: {text}")
    for number, row in _own(lists, "milestones", shop_id):
        if text := _unknown(row["goal_id"], goals, "a goal_id of the list goals"):
            problem("milestones", f"row {number}, column goal_id: {text}")
    kpis = {row["kpi_code"]: row for row in _rows(lists, "kpi_catalogue", shop_id)}
    feeds = {row["feed"]: row for row in _rows(lists, "feeds", shop_id)}
    for number, row in _own(lists, "risk_register", shop_id):
        for column, text in _signal_problems(row, kpis, feeds):
            problem("risk_register", f"row {number}, column {column}: {text}")


def _rows(lists: Mapping[str, ShopList], name: str, shop_id: str) -> Iterator[Row]:
    """The rows in effect for this shop: its own list, else the project's."""
    rows = lists[name].rows if name in lists else contracts()[name].defaults
    return (row for row in rows if row.get("example_of", "") in ("", shop_id))


def _own(lists: Mapping[str, ShopList], name: str, shop_id: str) -> Iterator[Place]:
    """The rows of the shop's file with their numbers."""
    if name in lists:
        for number, row in lists[name].places:
            if row["example_of"] in ("", shop_id):
                yield number, row


def _parent_problem(row: Row, goals: Mapping[str, Row]) -> str:
    parent = row["parent_goal_id"]
    if not parent:
        return ""
    if text := _unknown(parent, goals, "a goal_id of the list"):
        return text
    chain = [row["goal_id"]]
    while parent and parent in goals and parent not in chain:
        chain.append(parent)
        parent = goals[parent]["parent_goal_id"]
    if parent == row["goal_id"]:
        return f"expected a goal that does not serve this one, found {' → '.join([*chain, parent])}"
    own, above = row["layer"], goals[row["parent_goal_id"]]["layer"]
    if own in LAYERS and above in LAYERS and LAYERS.index(above) < LAYERS.index(own):
        layers = " or ".join(LAYERS[LAYERS.index(own) :])
        return (
            f"expected a goal of layer {layers}, found {row['parent_goal_id']!r} of layer {above}"
        )
    return ""


def _signal_problems(
    row: Row, kpis: Mapping[str, Row], feeds: Mapping[str, Row]
) -> Iterator[tuple[str, str]]:
    """Column and problem."""
    if row["signal"] == "feed_late":
        if text := _unknown(row["feed"], feeds, "a feed of the list feeds"):
            yield "feed", text
        elif feeds[row["feed"]]["cadence"] != "daily":
            yield "feed", f"expected a feed of the cadence daily, found {row['feed']!r}"
    elif row["signal"] == "kpi":
        for column in ("period", "comparison", "threshold"):
            if not row[column]:
                yield column, "is empty; every risk of the signal kpi needs it"
        if text := _unknown(row["kpi_code"], kpis, "a kpi_code of the list kpi_catalogue"):
            yield "kpi_code", text
        elif row["period"] and row["period"] not in (
            periods := kpis[row["kpi_code"]]["periods"].split(";")
        ):
            found = f"found {row['period']!r}"
            yield "period", f"expected {' or '.join(periods)} for {row['kpi_code']}, {found}"


def _unknown(name: str, known: Mapping[str, Row], words: str) -> str:
    if name in known:
        return ""
    close = get_close_matches(name, known, n=2)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"expected {words}, found {name!r}{hint}"
