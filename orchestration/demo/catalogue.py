"""What the demo shop sells, where, under which promotions and campaigns, and the words of its files.

Plain lists only: the SQL in `sql/` draws from them.
"""

from datetime import date

# platform, shop_id, name in the exports, system that exports its orders, share of buyers
SHOPS = [
    ("tmall", "tmall_flagship", "山茶天猫旗舰店", "wangdiantong", 0.34),
    ("douyin", "douyin_store", "山茶抖音旗舰店", "douyin", 0.22),
    ("own", "own_store", "山茶小程序商城", "wangdiantong", 0.19),
    ("jd", "jd_flagship", "山茶京东旗舰店", "jd", 0.14),
    ("pdd", "pdd_store", "山茶拼多多店", "wangdiantong", 0.11),
]


def _words(text: str) -> list[str]:
    return text.split()


# category, subcategory, nouns, lowest and highest price in yuan, weight
_RANGES = [
    ("茶叶", "绿茶", ("明前龙井", "碧螺春", "安吉白茶", "信阳毛尖"), 59, 328, 1.2),
    ("茶叶", "红茶", ("正山小种", "祁门红茶", "滇红金芽", "金骏眉"), 49, 298, 1.1),
    ("茶叶", "乌龙", ("铁观音", "凤凰单丛", "大红袍", "冻顶乌龙"), 69, 358, 0.9),
    ("茶叶", "普洱", ("熟普小沱", "生普茶饼", "陈皮普洱", "古树散茶"), 39, 468, 0.8),
    ("茶叶", "花草茶", ("茉莉花茶", "玫瑰花茶", "山茶花茶", "桂花乌龙"), 19, 99, 1.5),
    ("护肤", "洁面", ("山茶花洁面乳", "茶籽洁面泡", "绿茶卸妆油", "茶皂洁面皂"), 29, 129, 1.3),
    ("护肤", "精华", ("山茶花精华油", "茶多酚精华", "白茶精华水", "次抛精华液"), 99, 399, 1.0),
    ("护肤", "面霜", ("山茶花面霜", "白茶保湿霜", "茶籽修护霜", "轻盈凝霜"), 89, 369, 0.9),
    ("护肤", "面膜", ("绿茶泥膜", "山茶花面膜", "白茶冻膜", "茶叶眼膜"), 39, 169, 1.6),
    ("家居", "茶具", ("白瓷盖碗", "紫砂壶", "玻璃公道杯", "旅行茶具"), 49, 599, 0.7),
    ("家居", "香氛", ("茶香蜡烛", "山茶扩香石", "线香礼盒", "衣物香包"), 29, 199, 0.9),
    ("家居", "茶小样", ("茶包尝鲜装", "滤茶网", "茶匙", "杯垫"), 9, 59, 1.4),
]
_SERIES = ("经典", "山野", "雅集")


def products() -> list[tuple]:
    """product_no, id, name, category, subcategory, series, price and cost in cents, category number, weight.

    Product 0 is the free tea sample, never sold; the partner of a product is the next of its series.
    """
    rows: list[tuple] = [(0, "SC1000", "随单茶样", "家居", "茶小样", "经典", 0, 260, 2, 0.0)]
    numbers = {"茶叶": 0, "护肤": 1, "家居": 2}
    for category, subcategory, nouns, low, high, weight in _RANGES:
        for position, noun in enumerate(nouns):
            for series, name in enumerate(_SERIES):
                number = len(rows)
                step = (high - low) / (len(nouns) * len(_SERIES) - 1)
                yuan = low + round(step * (position * len(_SERIES) + series))
                price = yuan * 100 - 10 if yuan < 60 else yuan * 100
                cost = price * (22 + number * 7 % 31) // 100
                rows.append(
                    (
                        number,
                        f"SC{1000 + number}",
                        f"{name}{noun}",
                        category,
                        subcategory,
                        name,
                        price,
                        cost,
                        numbers[category],
                        weight * (1.6, 1.0, 0.6)[series] * (1 + number * 13 % 7 / 3),
                    )
                )
    return rows


# code, name, type, funded_by, threshold, discount in yuan, rate, shops ("" = all)
PROMOTIONS = [
    ("M300", "满300减40", "满减", "商家", 300, 40, None, "tmall own jd"),
    ("KD300", "跨店每满300减50", "满减", "共同", 300, 50, None, "tmall jd"),
    ("C199", "店铺券满199减20", "优惠券", "商家", 199, 20, None, "tmall own jd douyin"),
    ("LIVE85", "直播间85折", "折扣", "商家", None, None, 0.15, "douyin"),
    ("BYBT", "百亿补贴", "限时补贴", "平台", None, None, 0.12, "pdd"),
    ("VIP90", "会员日9折", "折扣", "商家", None, None, 0.10, "own"),
]

# Products that are bought as a set, and two that are never bought together.
PLANTED_SETS = [
    (13, 109, 139), (61, 97, 85), (50, 121, 135), (37, 110, 144), (66, 102, 86),
    (25, 136, 142, 124), (62, 69, 98, 75),
]  # fmt: skip
REPELLING = (100, 106)

# ad platform, account, system, shop, [(campaign, type)], share of the shop's sales where it follows them
AD_PLATFORMS = [
    (
        "wanxiang",
        "WX880012",
        "wanxiangtai",
        "tmall_flagship",
        [("关键词-绿茶", "keyword"), ("人群-老客", "audience"), ("货品全站", "whole_shop")],
        0.0,
    ),
    (
        "qianchuan",
        "QC5530071",
        "qianchuan",
        "douyin_store",
        [("直播间-日播", "live"), ("短视频-种草", "short_video"), ("商城-搜索", "search")],
        0.0,
    ),
    (
        "juguang",
        "JG300245",
        "juguang",
        "own_store",
        [("种草-敏感肌", "note"), ("种草-办公室茶", "note"), ("搜索-山茶花", "search")],
        0.0,
    ),
    (
        "google",
        "761-220-9044",
        "google_ads",
        "own_store",
        [("brand-cn", "search"), ("tea-gifts", "shopping"), ("remarketing", "display")],
        0.05,
    ),
]

WORDS = {
    "surname": _words(
        "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 𠮷"
    ),
    "given": _words(
        "伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 子涵 欣怡 宇轩 梓萱 浩然 雨桐 佳怡 思远 一诺 婉清 若曦 嘉懿"
    ),
    # Homophones of the given names above: how a clerk writes them after a phone call.
    "misheard": _words(
        "玮 方 那 秀瑛 闵 婧 莉 蔷 雷 君 阳 永 燕 洁 鹃 滔 铭 朝 秀岚 侠 萍 钢 贵英 子函 心怡 雨轩 紫萱 昊然 语桐 嘉怡 思源 伊诺 宛清 若溪 佳懿"
    ),
    "place": _words(
        "浙江省/杭州市 浙江省/宁波市 江苏省/南京市 江苏省/苏州市 广东省/广州市 广东省/深圳市 广东省/佛山市 上海市/上海市 北京市/北京市 四川省/成都市 福建省/厦门市 福建省/福州市 山东省/青岛市 湖北省/武汉市 湖南省/长沙市 河南省/郑州市 陕西省/西安市 重庆市/重庆市 云南省/昆明市 辽宁省/大连市"
    ),
    "term": _words("龙井 白茶 茶具 山茶花面膜 送礼 面霜 敏感肌 茶包 盖碗 伴手礼"),
    "topic": _words("物流 质量 退款 发票 用法咨询 换货"),
    "channel": _words("小程序客服 企业微信 电话 天猫旺旺"),
    "reason": _words("七天无理由 质量问题 拍错/多拍 未按时发货 与描述不符 不想要了"),
    "praise": _words(
        "茶香很正，会回购 包装精美，送人合适 用了一周皮肤不干了 物流快，客服耐心 味道淡了些 性价比高"
    ),
}


def promotion_days(days: list[tuple[date, str]]) -> list[tuple[str, date]]:
    """(promotion code, day) of those that run on some days only; the others always run."""
    rows = []
    for day, festival in days:
        if festival in ("618", "double_11"):
            rows.append(("KD300", day))
        elif 8 <= day.day <= 16 or festival:
            rows.append(("M300", day))
        if day.day == 8:
            rows.append(("VIP90", day))
    return rows


def fillers(rows: list[tuple]) -> list[tuple[int, int]]:
    """(gap in whole yuan, product_no): the cheapest product that lifts a basket over a threshold."""
    cheap = sorted((row[6], row[0]) for row in rows if 0 < row[6] <= 10_000)
    return [(gap, next(no for price, no in cheap if price >= gap * 100)) for gap in range(1, 72)]


def campaigns(first: date, last: date) -> list[tuple]:
    """Evergreen and festival campaigns of every ad platform, and two free ones of the shop itself."""
    rows: list[tuple] = []
    festivals = [("618大促", 5, 25, 6, 20), ("双11大促", 10, 20, 11, 11)]
    for platform, account, system, shop, evergreen, share in AD_PLATFORMS:
        plans = [(name, kind, first, last) for name, kind in evergreen]
        for year in range(first.year, last.year + 1):
            for name, from_month, from_day, to_month, to_day in festivals:
                start, end = date(year, from_month, from_day), date(year, to_month, to_day)
                if first <= start and end <= last:
                    plans.append((f"{year}{name}", "festival", start, end))
        for name, kind, start, end in plans:
            number = len(rows) + 1
            rows.append(
                (
                    number, platform, account, system, shop, f"{7300000000 + number * 1013}",
                    name, kind, share, start, end, platform,
                    "display" if kind == "display" else "cpc", f"{platform}_{number:02d}",
                    f"https://{platform}.example/ads",
                )
            )  # fmt: skip
    for source, medium in (("wechat", "private"), ("sms", "crm")):
        number = len(rows) + 1
        rows.append(
            (
                number, None, None, None, "own_store", f"OWN{number}", source, medium, 0.0,
                first, last, source, medium, f"{source}_push", None,
            )
        )  # fmt: skip
    return rows
