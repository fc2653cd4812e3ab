"""KPIs of visitors: sets of visitors and walks through the events of their visits."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from kpi_atoms import DAY, STEPS, Answer, Atoms, Kpi, Slice, Visit

KPIS: dict[str, Kpi] = {}

FUNNEL_DAYS = 7


def visits(atoms: Atoms, piece: Slice) -> list[Visit]:
    """Visits of the period and slice; only the own site has a tracker."""
    return [
        visit
        for day in piece.days()
        for visit in atoms.visits_on.get(day, [])
        if piece.of_shop(visit.shop)
        and (piece.dimension != "channel" or visit.channel == piece.value)
    ]


def visitors(atoms: Atoms, piece: Slice, *events: str) -> set[str]:
    """Visitors of the slice who did one of these things in it, or were there at all."""
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if not events or any(name in events for name in visit.names)
    }


def new_visitors(atoms: Atoms, piece: Slice) -> set[str]:
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if atoms.first_visit_on[visit.visitor] == visit.day
    }


def by_channel(atoms: Atoms, piece: Slice, mark: str) -> set[str]:
    """Visitors who came at least once through a channel with the mark."""
    return {
        visit.visitor
        for visit in visits(atoms, piece)
        if getattr(atoms.channels[visit.channel], mark)
    }


def events(atoms: Atoms, piece: Slice, name: str) -> int:
    return sum(visit.names.count(name) for visit in visits(atoms, piece))


def share_of_visits(
    atoms: Atoms, piece: Slice, test: Callable[[Visit], bool], base: Callable[[Visit], bool]
) -> Answer:
    counted = [visit for visit in visits(atoms, piece) if base(visit)]
    return sum(map(test, counted)), len(counted)


def everything(_visit: Visit) -> bool:
    return True


def has(*names: str) -> Callable[[Visit], bool]:
    return lambda visit: any(name in names for name in visit.names)


def is_not_engaged(visit: Visit) -> bool:
    keys = {"favourite", "add_to_cart", "begin_checkout", "order", "pay", "login", "share"}
    return visit.pages <= 1 and visit.seconds <= 10 and not keys & set(visit.names)


KPIS |= {
    "visitors": lambda a, s: (len(visitors(a, s)), None),
    "sessions": lambda a, s: (len(visits(a, s)), None),
    "page_views": lambda a, s: (sum(visit.pages for visit in visits(a, s)), None),
    "page_depth": lambda a, s: (sum(v.pages for v in visits(a, s)), len(visits(a, s))),
    "bounce_single_page": lambda a, s: share_of_visits(a, s, lambda v: v.pages == 1, everything),
    "bounce_not_engaged": lambda a, s: share_of_visits(a, s, is_not_engaged, everything),
    "new_visitor_rate": lambda a, s: (len(new_visitors(a, s)), len(visitors(a, s))),
    "organic_search_share": lambda a, s: (
        len(by_channel(a, s, "is_organic_search")),
        len(visitors(a, s)),
    ),
    "paid_share": lambda a, s: (len(by_channel(a, s, "is_paid")), len(visitors(a, s))),
    "social_new_visitors": lambda a, s: (
        len(new_visitors(a, s) & by_channel(a, s, "is_social")),
        None,
    ),
    "item_views": lambda a, s: (events(a, s, "view_item"), None),
    "atc_rate_session": lambda a, s: share_of_visits(a, s, has("add_to_cart"), everything),
    "atc_rate_event": lambda a, s: (events(a, s, "add_to_cart"), events(a, s, "view_item")),
    "cart_abandonment": lambda a, s: share_of_visits(
        a, s, lambda v: not has("order", "pay")(v), has("add_to_cart")
    ),
    "item_buy_rate": lambda a, s: (
        len(visitors(a, s, "view_item") & visitors(a, s, "pay")),
        len(visitors(a, s, "view_item")),
    ),
}


def _visitors_who(*names: str) -> Kpi:
    return lambda a, s: (len(visitors(a, s, *names)), len(visitors(a, s)))


KPIS |= {
    "product_view_rate": _visitors_who("view_item"),
    "atc_rate_visitor": _visitors_who("add_to_cart"),
    "fav_atc_rate": _visitors_who("favourite", "add_to_cart"),
    "checkout_rate": _visitors_who("begin_checkout"),
    "order_cvr": _visitors_who("order"),
    "pay_cvr": _visitors_who("pay"),
}

FUNNEL = ("visit", "view", "cart", "checkout", "order", "pay")
STEP_EVENTS = {0: (), **{step: (name,) for name, step in STEPS.items()}}


def _loss_open(step: int) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        here = visitors(atoms, piece, *STEP_EVENTS[step])
        return len(here - visitors(atoms, piece, *STEP_EVENTS[step + 1])), len(here)

    return answer


def _loss_session(step: int) -> Kpi:
    def answer(atoms: Atoms, piece: Slice) -> Answer:
        return share_of_visits(
            atoms, piece, lambda v: v.deepest_step == step, lambda v: v.deepest_step >= step
        )

    return answer


def _loss_window(step: int) -> Kpi:
    """Visitors of a day and step without the next step within the days after."""

    def answer(atoms: Atoms, piece: Slice) -> Answer:
        lost = counted = 0
        for day in piece.days():
            last = day + DAY * FUNNEL_DAYS
            if last > atoms.last_event_on:
                break
            one_day = Slice("day", day, day, piece.shop, "all", "all")
            for visitor in visitors(atoms, one_day, *STEP_EVENTS[step]):
                stream = [
                    (event.event_at, visit.day, STEPS.get(event.event_name, 0))
                    for visit in atoms.visits_of[visitor]
                    for event in visit.events
                    if day <= visit.day <= last
                ]
                since = min(at for at, on, taken in stream if on == day and step in (0, taken))
                counted += 1
                lost += not any(at >= since and taken == step + 1 for at, _, taken in stream)
        return lost, counted

    return answer


for _number, (_here, _next) in enumerate(pairwise(FUNNEL)):
    KPIS[f"loss_{_here}_{_next}"] = _loss_open(_number)
    KPIS[f"loss_{_here}_{_next}_session"] = _loss_session(_number)
    KPIS[f"loss_{_here}_{_next}_7d"] = _loss_window(_number)


def _retention(days_after: int, counts: Callable[[list[Visit], date, int], bool]) -> Kpi:
    """New visitors of the period who came back in one of the ways of counting."""

    def answer(atoms: Atoms, piece: Slice) -> Answer:
        cohort = {
            visitor
            for visitor in new_visitors(atoms, piece)
            if atoms.first_visit_on[visitor] + DAY * days_after <= atoms.last_event_on
        }
        back = [
            counts(atoms.visits_of[visitor], atoms.first_visit_on[visitor], days_after)
            for visitor in cohort
        ]
        return sum(back), len(cohort)

    return answer


def _on_that_day(came: list[Visit], first: date, after: int) -> bool:
    return first + DAY * after in {visit.day for visit in came}


def _on_it_or_later(came: list[Visit], first: date, after: int) -> bool:
    return max(visit.day for visit in came) >= first + DAY * after


def _in_those_hours(came: list[Visit], first: date, after: int) -> bool:
    began = min(visit.began_at for visit in came)
    return any(
        DAY * after <= visit.began_at - began < DAY * (after + 1)
        for visit in came
        if visit.day > first
    )


for _after in (1, 7, 30):
    KPIS[f"ret_d{_after}"] = _retention(_after, _on_that_day)
    KPIS[f"ret_d{_after}_unbounded"] = _retention(_after, _on_it_or_later)
    KPIS[f"ret_d{_after}_hours"] = _retention(_after, _in_those_hours)
