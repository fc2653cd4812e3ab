"""The words of the digest in English and Chinese, with places for values."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "{shop}: data until {day}", "no_data": "{shop}: no data yet",
        "released": "Released {time} ({zone})", "old": "The data are {count} days old",
        "day": "{day}, all shops", "week": "Week {start} to {end}, all shops",
        "month": "Month {month}, all shops", "value": "figure", "against": "vs {day}",
        "previous": "vs previous", "year_ago": "vs year ago",
        "alerts": "Alerts of the last {days} days", "no_alerts": "No alerts in the last {days} days",
        "new": "new: ", "instead": "{value} instead of {expected}", "main": "mainly {what} ({share})",
        "goals": "Goals that need a decision", "goal": "{status}: {actual} against {target} until {end}",
        "to_target": "target {value}", "to_end": "end {day}", "proposed": "proposed: {what}", "or": " or ",
        "segments": "Segments: members, entered and left since {day}",
        "segment": "{name}: {count} (+{entered} −{left})",
        "late": "Feeds that are late", "no_late": "No feed is late",
        "late_feed": "last day {day}, {count} days old, usually {rhythm}",
        "missing": "Feeds of shop.yml without data", "more": "{count} more: {command}",
        "checks": "Checks: {all}, failed {failed}, warnings {warned}",
        "at_risk": "at risk", "ahead": "ahead", "is": ": ", "then": "; ",
    },
    "zh": {
        "title": "{shop}：数据截至 {day}", "no_data": "{shop}：暂无数据",
        "released": "发布于 {time}（{zone}）", "old": "数据已有 {count} 天",
        "day": "{day}，全部店铺", "week": "{start} 至 {end} 整周，全部店铺",
        "month": "{month} 整月，全部店铺", "value": "数值", "against": "较 {day}",
        "previous": "较上期", "year_ago": "较去年",
        "alerts": "最近 {days} 天的预警", "no_alerts": "最近 {days} 天无预警",
        "new": "新：", "instead": "实际 {value}，预期 {expected}", "main": "主因 {what}（{share}）",
        "goals": "需要决定的目标", "goal": "{status}：实际 {actual}，目标 {target}，截止 {end}",
        "to_target": "目标调整为 {value}", "to_end": "延期至 {day}", "proposed": "建议：{what}", "or": " 或 ",
        "segments": "客群：现有人数，{day} 以来进入与离开", "segment": "{name}：{count}（+{entered} −{left}）",
        "late": "迟到的数据", "no_late": "没有迟到的数据",
        "late_feed": "最近数据日 {day}，已 {count} 天，通常{rhythm}",
        "missing": "shop.yml 中已配置但没有数据的来源", "more": "另有 {count} 条：{command}",
        "checks": "检查：共 {all} 项，失败 {failed}，警告 {warned}",
        "at_risk": "有风险", "ahead": "超前", "is": "：", "then": "；",
    },
}  # fmt: skip
