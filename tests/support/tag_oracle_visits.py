"""The rules of tags that sum up the visits of a window of days."""

from datetime import date

from tag_facts import Facts, Person
from tag_oracle import HOURS, tag, top, within


@tag
def visit_frequency(facts: Facts, person: Person, day: date) -> str:
    count = len({visit["session_on"] for visit in within(person.visits, "session_on", day, 30)})
    return "frequent" if count >= 4 else ("none", "once", "several", "several")[count]


@tag
def browse_depth(facts: Facts, person: Person, day: date) -> str:
    visits = within(person.visits, "session_on", day, 90)
    views = sum(visit["view_item_count"] for visit in visits)
    if not visits:
        return "none"
    return {0: "shallow", 1: "middle", 2: "middle"}.get(views // len(visits), "deep")


@tag
def cart_abandoner(facts: Facts, person: Person, day: date) -> str:
    """Known once the seven days have passed."""
    carts = [
        visit
        for visit in within(person.visits, "session_on", day, 90, age=7)
        if visit["is_cart_abandoned"]
        and not any(0 <= (on - visit["session_on"]).days <= 7 for on in person.purchase_days)
    ]
    return ("none", "once", "repeated")[min(len(carts), 2)]


@tag
def active_hour(facts: Facts, person: Person, day: date) -> str:
    visits = within(person.visits, "session_on", day, 180)
    groups = [
        group
        for visit in visits
        for first, last, group in HOURS
        if visit["start_hour"] is not None and first <= visit["start_hour"] <= last
    ]
    return top(((group, 1) for group in groups), 0.5) if len(groups) >= 5 else "none"


@tag
def device(facts: Facts, person: Person, day: date) -> str:
    visits = within(person.visits, "session_on", day, 180)
    return top(((visit["device_type"], 1) for visit in visits), 0.7)
