/** The state of the data, and the definitions. */
const GRACE_DAYS = 2;

/** Days since the last day of a daily feed, by the clock of the reader. */
function ageOf(feed) {
  return feed.last_on ? Math.round((timeOf(todayThere()) - timeOf(feed.last_on)) / DAY) : null;
}

/** Daily feeds that a shop has and that are late, by the clock of the reader and the usual gap of the feed. */
function lateFeeds() {
  return data.sources.feeds.filter((feed) => feed.is_connected && feed.cadence === "daily"
    && ageOf(feed) > Math.max(feed.long_gap_days ?? 1, 1) + GRACE_DAYS - 1);
}

function bands() {
  const today = todayThere();
  const age = Math.round((timeOf(today) - timeOf(data.shop.data_until_on)) / DAY);
  const late = lateFeeds();
  const each = late.map((feed) => t("late_days", `${named(feed)} ${shopName(feed.shop_id)}`, feed.last_on.slice(5)));
  const isOfAll = late.length && late.every((feed) => feed.last_on >= data.shop.data_until_on);
  return [
    age > GRACE_DAYS && el("p", { class: "band", role: "status" }, t("stale", age, data.shop.data_until_on)),
    late.length > 0 && !isOfAll && el("p", { class: "band", role: "status" }, t("late_feeds", each.join(t("list_comma")))),
  ];
}

/** A feed of one shop: the state of its worst source, its last day, and the facts in the tooltip. */
function feedCell(rows, late) {
  const facts = rows.map((feed) => [feed.source_system, feed.row_count ? t("row_count", digits(feed.row_count, 0)) : null, state.lang === "zh" ? feed.reason_zh : feed.reason_en]
    .filter((fact) => fact && fact !== "none").join(" · ")).join("\n");
  const connected = rows.filter((feed) => feed.is_connected);
  if (!connected.length) return el("td", { title: facts }, el("span", { class: "none" }, NONE));
  const isLate = connected.some((feed) => late.has(feed) || feed.state === "late");
  const days = connected.filter((feed) => feed.cadence === "daily" && feed.last_on).map((feed) => feed.last_on.slice(5)).sort();
  return el("td", { title: facts, class: isLate ? "worse" : "" }, `${isLate ? "▲" : "✓"} ${isLate ? `${t("late")} ` : ""}${days[0] ?? ""}`);
}

function sources() {
  const { checks, feeds, identified, quarantined_count: quarantined } = data.sources;
  const late = new Set(lateFeeds());
  const shops = [...new Set([...data.shops.slice(1), ...feeds.map((feed) => feed.shop_id)])].filter((shop) => feeds.some((feed) => feed.shop_id === shop)).slice(0, data.shops.length + 1);
  const rows = [...new Set(feeds.map((feed) => feed.feed))].map((code) => {
    const own = feeds.filter((feed) => feed.feed === code);
    return [named(own[0]), ...shops.map((shop) => {
      const found = own.filter((feed) => feed.shop_id === shop);
      return found.length ? feedCell(found, late) : el("td", {}, el("span", { class: "none" }, NONE));
    })];
  });
  return card("sources", t("sources"), t("sources_legend", checks.passed, checks.warned, checks.failed, digits(quarantined, 0)),
    scrolling(t("sources"), table([t("feed"), ...shops.map(shopName)], rows)), note(t("sources_note")),
    identified.length > 0 && note(`${t("identified")}: `, identified.map((row) => `${shopName(row.shop_id)} ${percent(row.identified_order_count / row.order_count, 0)}`).join(" · ")));
}

function definitions() {
  const groups = [...new Set(Object.values(data.kpis).map((about) => about.kpi_group))];
  return card("definitions", t("definitions"), null, groups.map((group) => el("details", { class: "group" },
    el("summary", {}, TEXTS[`group_${group}`] ? t(`group_${group}`) : group),
    el("dl", {}, Object.entries(data.kpis).filter(([, about]) => about.kpi_group === group).map(([kpi, about]) => [
      el("dt", { id: `kpi-${kpi}` }, named(about), " ", el("code", {}, kpi)),
      el("dd", {}, state.lang === "zh" ? about.description_zh : about.description_en, state.lang === "zh" ? "。" : ". ",
        el("small", {}, state.lang === "zh" ? "" : `${t("formula")}: ${about.formula} · `, t("final_after", about.settle_days), ` · ${t("owner")} ${about.owner}`)),
    ])))));
}
