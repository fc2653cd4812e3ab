"""The messages about a failed run and about late feeds, in both languages."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from orchestration.config.shop_config import ShopConfig
from orchestration.messages.document import Document, Message, Section
from orchestration.reports.feed_ages import FeedAge


def failure_message(
    shop: ShopConfig, run_id: str, steps: Sequence[str], until: str | None, *, has_release: bool
) -> Message:
    """A run failed at these steps; `until` is the last day of the release that stays."""
    where, name = ", ".join(steps), shop.shop.name
    stays = {"en": "nothing is released yet", "zh": "尚无发布"}
    if has_release:
        days = {"en": f", with data until {until}", "zh": f"，数据截至 {until}"} if until else {}
        stays = {
            "en": f"the last release stays{days.get('en', '')}",
            "zh": f"上一次发布保持不变{days.get('zh', '')}",
        }
    texts = {
        "en": f"{name.en}: the run failed at {where or 'the start'}; {stays['en']}.",
        "zh": f"{name.zh}：运行在 {where or '启动时'} 失败，{stays['zh']}。",
    }
    documents = {
        "en": Document(
            "en", f"{name.en}: the run failed", (texts["en"], "shop360 status shows more.")
        ),
        "zh": Document("zh", f"{name.zh}：运行失败", (texts["zh"], "详情见 shop360 status。")),
    }
    facts = {"run_id": run_id, "steps": list(steps), "release_until": until, "text": texts}
    return Message("run_failed", documents, with_facts(shop, "run_failed", facts), "bad")


def late_message(shop: ShopConfig, late: Mapping[str, FeedAge]) -> Message:
    """Feeds that are late, by `feed system shop`."""
    name = shop.shop.name
    en = [f"{age.en} ({key}), {age.age_days} days old" for key, age in late.items()]
    zh = [f"{age.zh}（{key}），已 {age.age_days} 天" for key, age in late.items()]
    texts = {
        "en": f"{name.en}: late: {'; '.join(en)}.",
        "zh": f"{name.zh}：数据迟到：{'；'.join(zh)}。",
    }
    documents = {
        "en": Document("en", f"{name.en}: late feeds", (), (Section(items=tuple(en)),)),
        "zh": Document("zh", f"{name.zh}：数据迟到", (), (Section(items=tuple(zh)),)),
    }
    feeds = [
        {
            "feed": age.feed,
            "source_system": age.source_system,
            "shop_id": age.shop_id,
            "last_on": str(age.last_on) if age.last_on else None,
            "age_days": age.age_days,
            "rhythm": age.rhythm.name,
        }
        for age in late.values()
    ]
    facts = with_facts(shop, "feeds_late", {"feeds": feeds, "text": texts})
    return Message("feeds_late", documents, facts, "bad")


def with_facts(shop: ShopConfig, what: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the JSON of every message begins with."""
    return {"shop": shop.shop.id, "what": what, "at": now(), **facts}


def now() -> str:
    """The present time in UTC, in ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
