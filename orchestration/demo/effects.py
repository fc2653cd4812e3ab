"""What advertising, messages and promotions bring in the demo: curves, shares and paths, as tables that the SQL draws from.

A purchase has at most one need of each kind, for example to be reached by the advertising of its platform.
It takes place if all its needs are met, so that each cause has an exact effect.
"""

from collections.abc import Iterator

from orchestration.demo.calendar import spread

# ad platform, number, fen per customer and day in the mean, share of paused weeks, carry-over of an
# effect to the next day, slope of the curve, spend with half of the effect as a multiple of the mean
RESPONSES = [
    ("wanxiang", 1, 4.8, 0.2, 0.5, 1.5, 1.0),
    ("qianchuan", 2, 4.4, 0.2, 0.3, 1.0, 1.0),
    ("juguang", 3, 3.4, 0.0, 0.4, 1.0, 1.0),
]

# Share of the purchases that take place only if advertising reaches the person, by what it brings.
REACH = {"wanxiang": 0.4, "qianchuan": 0.4, "halo": 0.2}
# The own store: first the purchases that need notes, then those that need notes and shopping ads …
OWN_NEEDS = [
    ("juguang", 0.18), ("pair", 0.10), ("tea_gifts", 0.06), ("wechat", 0.08), ("xiaohongshu", 0.04),
]  # fmt: skip
# M300 on Tmall: orders on its days and in the seven days after, relative to other days.
PROMOTED, AFTER, AFTER_DAYS = 1.15, 0.95, 7

VARIABLES = {
    **{f"reach_{name}": str(share) for name, share in REACH.items()},
    "promoted": str(PROMOTED), "after": str(AFTER), "after_days": AFTER_DAYS,
}  # fmt: skip

# Where a visit comes from, in a hundred visits: of those who look around, and of those who want to buy.
# Brand search, the remarketing campaign, search engines and direct visits are what people with an
# intent use; text messages come at random.
_MIXES: dict[str, dict[str, int]] = {
    "browsing": {
        "direct": 20, "baidu": 15, "xiaohongshu": 10, "weixin": 3, "juguang": 24, "tea-gifts": 9,
        "brand-cn": 3, "remarketing": 3, "wechat": 6, "sms": 7,
    },
    "intent": {"direct": 38, "baidu": 22, "brand-cn": 20, "remarketing": 20},
    "juguang": {"juguang": 100},
    "tea_gifts": {"tea-gifts": 100},
    "wechat": {"wechat": 100},
    "xiaohongshu": {"xiaohongshu": 100},
}  # fmt: skip


def own_needs() -> Iterator[tuple[str, float, float]]:
    """(need, start, share): the part of the unit interval in which a purchase of the own store has the need."""
    start = 0.0
    for need, share in OWN_NEEDS:
        yield need, round(start, 6), share
        start += share


def origins(campaigns: list[tuple]) -> Iterator[tuple[str, int, str, int | None]]:
    """(mix, bucket, origin, campaign number): buckets of a hundred for each mix of visits."""
    numbers: dict[str, list[int]] = {}
    for row in campaigns:
        if row[4] == "own_store" and row[7] != "festival":
            names = {"google": row[6], "juguang": "juguang"}
            numbers.setdefault(names.get(row[1], row[6]), []).append(row[0])
    for mix, shares in _MIXES.items():
        names = list(shares)
        for bucket, index in spread([float(share) for share in shares.values()], 100):
            linked = numbers.get(names[index])
            yield mix, bucket, names[index], linked[bucket % len(linked)] if linked else None
