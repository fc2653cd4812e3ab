/** Shops beside each other, and what moved their net sales. */
const SHOP_KPIS = ["net_sales", "orders", "aov_buyer", "pay_cvr", "new_customers", "refund_rate", "ad_spend"];

function shopsTable() {
  if (data.shops.length < 3) return null;
  const most = Math.max(...data.shops.slice(1).map((shop) => figure("net_sales", shop)?.value ?? 0), 1);
  const rows = data.shops.map((shop) => {
    const net = figure("net_sales", shop);
    return [
      el("th", { scope: "row" }, el("button", { "aria-pressed": String(state.shop === shop), onclick: () => choose("shop", shop) }, shopName(shop))),
      ...SHOP_KPIS.map((kpi) => el("td", {}, printed(kpi, figure(kpi, shop), shop),
        kpi === "net_sales" && shop !== "all" && net?.value > 0 && el("i", { class: "share", size: `${(net.value / most) * 100}%` }))),
      el("td", {}, changed("net_sales", net?.value, net?.previous_value, hasFewOrders(shop, state.period), { "data-shop": shop, "data-period": state.period, "data-start": net?.start_on, "data-against": "previous", "data-on": net?.previous_start_on })),
    ];
  });
  return card("shops", t("by_shop"), t("by_shop_legend"),
    scrolling(t("by_shop"), table([t("shop"), ...SHOP_KPIS.map(kpiName), t("change_of_net_sales")], rows)),
    data.other_shop_count > 0 && note(t("other_shops", data.other_shop_count)));
}

const BREAKDOWNS = ["drivers", "buyers", "shop", "sales_channel", "category", "product", "platform", "customer_type"];
/** Drivers in the order in which a sale comes about; other parts by size. */
const ORDER = ["visitors", "conversion", "buyers", "new_buyers", "spend_per_new_buyer", "returning_buyers", "spend_per_returning_buyer", "spend_per_buyer", "sales_without_buyer", "discounts", "refunds"];

function inOrder(parts, by) {
  if (by !== "drivers" && by !== "buyers") return parts;
  return [...parts].sort((one, other) => ORDER.indexOf(one.part) - ORDER.indexOf(other.part));
}

function why() {
  const found = data.spans[state.period]?.changes?.[state.against]?.[state.shop];
  const choices = el("span", { class: "choices" },
    selection("against", t("compared_with"), CHOICES.against.map((kind) => [kind, t(`against_${kind}`)])),
    found && selection("by", t("breakdown"), BREAKDOWNS.filter((by) => found.parts[by]).map((by) => [by, label("breakdown", by)])));
  if (!found) return card("why", t("why"), t("why_legend"), choices, note(t("no_change")));
  const by = found.parts[state.by] ? state.by : "drivers";
  const shown = inOrder(found.parts[by], by);
  const most = Math.max(...shown.map((part) => Math.abs(part.amount)), 1);
  const line = (name, amount, detail, facts = {}) => [
    el("th", { scope: "row" }, name, detail && el("small", {}, detail)),
    el("td", { class: "signed" }, el("i", { class: `move ${toneOf("net_sales", Math.sign(amount))}`, size: `${(Math.abs(amount) / most) * 50}%`, "data-side": amount < 0 ? "less" : "more" })),
    el("td", { "data-part": facts.part, "data-by": by, "data-value": amount, title: money(amount, true) }, signed(amount)),
  ];
  const rows = shown.map((part) => (part.part === null ? line(t("rest", part.count), part.amount) : line(named(data.texts[part.name]), part.amount, levelText(part), { part: part.part })));
  return card("why", t("why"), t("why_legend"), choices,
    el("p", { class: "lead" }, `${shopName(state.shop)} · ${spanText(state.period, found.earlier_start_on, found.earlier_end_on)} → ${spanText(state.period, data.spans[state.period].start_on, data.spans[state.period].end_on)}: `, el("b", { "data-change": found.change }, signed(found.change))),
    scrolling(t("why"), table([label("breakdown", by), "", t("change_of_net_sales")], rows, { class: "moves" })));
}

function levelText(part) {
  if (part.before === null || part.after === null) return null;
  const text = { rate: (value) => percent(value, 2), currency: (value) => money(value), count: (value) => short(value) }[part.unit];
  return ` ${t("from_to", text(part.before), text(part.after))}`;
}
