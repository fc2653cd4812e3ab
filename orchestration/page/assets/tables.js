/** Funnel, channels, segments, cohorts, customers, products and refund reasons. */
function funnel() {
  const found = data.spans[state.period].funnel;
  const shops = state.shop === "all" ? data.shops.filter((shop) => found[shop]) : [state.shop];
  return card("funnel", t("funnel"), null, shops.length
    ? shops.map((shop) => (found[shop] ? shopFunnel(shop, found[shop]) : note(`${shopName(shop)}: `, t("no_funnel"))))
    : note(t("no_funnel")));
}

function shopFunnel(shop, { evidence, visitors, steps }) {
  const rows = [["visitors", visitors], ...Object.entries(steps)].filter(([, count]) => count !== null);
  return el("div", { class: "funnel" }, el("h3", {}, shopName(shop), el("small", {}, t(evidence === "platform" ? "funnel_platform" : "funnel_event"))),
    el("table", {}, el("tbody", {}, rows.map(([step, count]) => el("tr", {}, el("th", { scope: "row" }, t(step)),
      el("td", { class: "wide" }, el("i", { class: "step", size: `${(count / visitors) * 100}%` })),
      el("td", { "data-step": step, "data-shop": shop, "data-value": count, title: digits(count, 0) }, short(count)),
      el("td", {}, percent(count / visitors)))))));
}

function ratio(value, base) {
  return value === null || !base ? NONE : digits(value / base, 2);
}

function channels() {
  const rows = data.spans[state.period].channels.filter((row) => state.shop === "all" || row.shop_id === state.shop);
  if (!rows.length) return card("channels", t("channels"), null, note(t("no_channels")));
  const merged = (state.shop === "all" ? mergedChannels(rows) : rows).map((row) => ({ ...row, ...credited(row) }));
  const models = Object.entries(data.attribution_models);
  const model = data.attribution_models[state.model];
  return card("channels", t("channels"), model[`description_${state.lang}`],
    el("span", { class: "choices" }, selection("model", t("attribution_model"), models.map(([code, names]) => [code, named(names)]))),
    scrolling(t("channels"), table(
      [t("channel"), t("spend"), t(`previous_${state.period}`), t("roas_claimed"), t("roas_credited"), t("poas_credited"), t("net_credited"), t("new_customers")],
      merged.map((row) => [
        [label("channel", row.channel), row.ad_platform !== "none" && el("small", {}, label("ad_platform", row.ad_platform))],
        amountCell(row.spend_amount, row.gap_en && (state.lang === "zh" ? row.gap_zh : row.gap_en)),
        row.spend_amount === null ? NONE : changed("ad_spend", row.spend_amount, row.previous_spend_amount, false),
        ratio(row.claimed_amount, row.spend_amount), ratio(row.net_amount, row.spend_amount), ratio(row.margin_amount, row.spend_amount),
        amountCell(row.net_amount, row.net_amount === null && t("not_tracked")), row.new_customer_count === null ? NONE : digits(row.new_customer_count, 1),
      ]))), note(t("claims_note")));
}

/** What one more unit of spend brings, with intervals; where it is not identifiable, the reason and the experiment. */
function returns() {
  const rows = data.returns.filter((row) => state.shop === "all" || row.shop_id === state.shop);
  if (!rows.length) return null;
  const word = (row, kind) => row[`${kind}_${state.lang}`];
  const figure = (row, kind) => row[kind] === null ? NONE
    : [digits(row[kind], 2), el("small", {}, `${digits(row[`${kind}_low_80`], 2)}\u00a0–\u00a0${digits(row[`${kind}_high_80`], 2)}`)];
  return card("returns", t("returns"), t("returns_legend"), scrolling(t("returns"), table(
    [t("ad_platform"), t("daily_spend"), t("marginal_net"), t("marginal_margin"), t("state")],
    rows.map((row) => [
      [label("ad_platform", row.ad_platform), el("small", {}, label("shop", row.shop_id))],
      row.present_spend_amount === null ? NONE : amountCell(row.present_spend_amount),
      figure(row, "marginal_return"), figure(row, "marginal_margin_return"),
      [el("small", {}, word(row, "reason")), word(row, "experiment") && el("small", {}, word(row, "experiment"))],
    ]), { class: "sentences" })));
}

/** What the chosen model credits to a row: nothing where no order touched it, unknown without a tracker. */
function credited(row) {
  if (row.credits === null) return { net_amount: null, margin_amount: null, new_customer_count: null };
  return row.credits[state.model] ?? { net_amount: 0, margin_amount: 0, new_customer_count: 0 };
}

const add = (one, other) => (one === null ? other : other === null ? one : one + other);

/** Rows of the same channel and platform over all shops. A sum of unknown amounts is unknown. */
function mergedChannels(rows) {
  const sums = new Map();
  for (const row of rows) {
    const key = `${row.channel} ${row.ad_platform}`;
    const sum = sums.get(key);
    sums.set(key, sum ? {
      ...sum, gap_en: sum.gap_en ?? row.gap_en, gap_zh: sum.gap_zh ?? row.gap_zh, credits: mergedCredits(sum.credits, row.credits),
      ...Object.fromEntries(["spend_amount", "previous_spend_amount", "claimed_amount"].map((name) => [name, add(sum[name], row[name])])),
    } : row);
  }
  return [...sums.values()];
}

function mergedCredits(one, other) {
  if (one === null || other === null) return one ?? other;
  return Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(other)])].map((model) => {
    const [here, there] = [one[model], other[model]];
    if (!here || !there) return [model, here ?? there];
    const margin = here.margin_amount === null || there.margin_amount === null ? null : here.margin_amount + there.margin_amount;
    return [model, { net_amount: here.net_amount + there.net_amount, margin_amount: margin, new_customer_count: here.new_customer_count + there.new_customer_count }];
  }));
}

function amountCell(value, reason) {
  return value === null ? el("span", { class: "none", title: reason || null }, NONE) : el("span", { title: money(value, true) }, money(value));
}

/** A cell of a heat map: its ground mixes two colours, its text is black or white by luminance. */
function heat(cell, share) {
  const [from, to] = isDark() ? [[30, 41, 54], [96, 168, 236]] : [[240, 245, 251], [22, 84, 152]];
  const mixed = from.map((value, place) => Math.round(value + (to[place] - value) * Math.max(0, Math.min(1, share))));
  const [red, green, blue] = mixed.map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  cell.style.backgroundColor = `rgb(${mixed.join(",")})`;
  cell.style.color = 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#fff" : "#000";
  return cell;
}

function segments() {
  if (!data.segments.length) return null;
  const hidden = (row, value) => (row.end_count === null ? "<5" : value);
  const rows = data.segments.map((row) => [
    [named(row), el("small", {}, row[`description_${state.lang}`])],
    hidden(row, digits(row.end_count, 0)), hidden(row, digits(row.start_count, 0)),
    hidden(row, `+${digits(row.entered_count, 0)}`), hidden(row, `−${digits(row.left_count, 0)}`),
    hidden(row, amountCell(row.net_amount)), hidden(row, row.net_sales_rate === null ? NONE : percent(row.net_sales_rate)),
    row.outcome_count ? el("span", { title: t("bought_again_of", row.outcome_buying_count, row.outcome_count, row.outcome_month_on.slice(0, 7)) },
      percent(row.outcome_buying_count / row.outcome_count, 0)) : NONE,
  ]);
  return card("segments", t("segments"), t("segments_legend", data.segments[0].month_on.slice(0, 7)), allShopsTag(),
    scrolling(t("segments"), table([t("segment"), t("members"), t("month_start"), t("entered"), t("left"), t("net_amount"), t("net_sales_rate"), t("bought_again")], rows)));
}

/** Results of experiments. A lift that is withheld shows the sentence of the state alone. */
function experiments() {
  if (!data.experiments.length) return null;
  const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${percent(Math.abs(value))}`;
  const name = (row, kind) => row[`${kind}_${state.lang}`];
  return card("experiments", t("experiments"), null, allShopsTag(), scrolling(t("experiments"), table(
    [t("experiment"), t("variant"), t("period"), t("units_compared"), t("lift"), t("interval", percent(data.experiments[0].confidence, 0)), t("p_value"), t("state")],
    data.experiments.map((row) => [
      name(row, "experiment"), name(row, "variant"), `${row.starts_on} – ${row.ends_on}`,
      `${digits(row.control_unit_count, 0)} : ${digits(row.variant_unit_count, 0)}`,
      row.relative_lift === null ? NONE : signed(row.relative_lift),
      row.relative_lift_low === null ? NONE : `${signed(row.relative_lift_low)} – ${signed(row.relative_lift_high)}`,
      row.p_value === null ? NONE : row.p_value < 0.001 ? "<\u00a00.001" : digits(row.p_value, 3), el("small", {}, name(row, "state")),
    ]))));
}

const COHORT_MONTHS = 12;

function cohorts() {
  const months = [...new Set(data.cohorts.map((row) => row.cohort_month_on))];
  if (!months.length) return card("cohorts", t("cohorts"), null, note(t("no_customers")));
  const share = (row) => (row.customer_count ? row.active_buyer_count / row.customer_count : 0);
  const later = data.cohorts.filter((row) => row.months_since > 0 && row.months_since <= COHORT_MONTHS);
  const most = Math.max(...later.filter((row) => row.is_complete && row.customer_count >= 30).map(share), 0.01);
  const last = Math.max(...later.map((row) => row.months_since), 1);
  const rows = months.map((month) => {
    const own = data.cohorts.filter((row) => row.cohort_month_on === month);
    const isHidden = own[0].customer_count === null;
    return [month.slice(0, 7), isHidden ? "<5" : digits(own[0].customer_count, 0), ...[...Array(last).keys()].map((place) => {
      const row = own.find((one) => one.months_since === place + 1);
      return row && !isHidden ? heat(el("td", { class: "heat", title: `${month.slice(0, 7)} +${place + 1}: ${row.active_buyer_count} / ${row.customer_count}` }, `${percent(share(row), 0)}${row.is_complete ? "" : "*"}`), share(row) / most) : el("td", {});
    })];
  });
  return card("cohorts", t("cohorts"), t("cohorts_legend"), allShopsTag(),
    scrolling(t("cohorts"), table([t("first_bought"), t("customer_count"), ...[...Array(last).keys()].map((place) => `+${place + 1}`)], rows, { class: "map" })));
}

function customers() {
  const known = data.customers.filter((cell) => !cell.is_anonymous);
  const anonymous = data.customers.filter((cell) => cell.is_anonymous);
  const sum = (cells, name) => cells.reduce((total, cell) => total + (cell[name] ?? 0), 0);
  const rest = anonymous.length > 0 && note(t("anonymous_buyers", digits(sum(anonymous, "customer_count"), 0), money(sum(anonymous, "net_amount"))));
  if (!known.length) return card("customers", t("customers"), null, allShopsTag(), note(t("no_customers")), rest);
  const axis = (name) => [...new Set(known.map((cell) => cell[`${name}_bucket`]))].sort((one, other) => one - other)
    .map((bucket) => [bucket, known.find((cell) => cell[`${name}_bucket`] === bucket)[`${name}_${state.lang}`]]);
  const [recency, frequency] = [axis("recency"), axis("order_count")];
  const most = Math.max(...known.map((cell) => cell.customer_count ?? 0), 1);
  const rows = recency.map(([one, name]) => [name, ...frequency.map(([other]) => {
    const cell = known.find((row) => row.recency_bucket === one && row.order_count_bucket === other);
    if (!cell) return el("td", {});
    if (cell.customer_count === null) return el("td", { class: "heat" }, "<5");
    return heat(el("td", { class: "heat", title: `${digits(cell.customer_count, 0)} · ${money(cell.net_amount, true)}` }, short(cell.customer_count), el("small", {}, money(cell.net_amount))), cell.customer_count / most);
  })]);
  return card("customers", t("customers"), t("customers_legend"), allShopsTag(),
    scrolling(t("customers"), table([t("last_bought"), ...frequency.map(([, name]) => name)], rows, { class: "map" })), rest);
}

function products() {
  const rows = data.spans[state.period].products.filter((row) => (state.shop === "all" ? row.is_top_of_all : row.shop_id === state.shop)).slice(0, 10);
  if (!rows.length) return card("products", t("products"), t("products_legend"), note(t("no_products")));
  return card("products", t("products"), t("products_legend"), scrolling(t("products"), table(
    [t("product"), t("net_amount"), t("units"), t("refund_rate")],
    rows.map((row) => [[row.name ?? t("unknown"), state.shop === "all" && el("small", {}, shopName(row.shop_id))],
      amountCell(row.net_amount), digits(row.units_count, 0), row.refund_rate === null ? NONE : percent(row.refund_rate)]))));
}

function refundReasons() {
  const rows = data.spans[state.period].refund_reasons.filter((row) => row.shop_id === state.shop);
  if (!rows.length) return card("refunds", t("refund_reasons"), t("refund_reasons_legend"), note(t("no_refunds")));
  const most = Math.max(...rows.map((row) => row.refunded_amount ?? 0), 1);
  return card("refunds", t("refund_reasons"), t("refund_reasons_legend"), el("table", {}, el("tbody", {}, rows.map((row) => el("tr", {},
    el("th", { scope: "row" }, row.reason ?? t("other_reason"), el("small", {}, t("refund_count", digits(row.refund_count, 0)))),
    el("td", { class: "wide" }, el("i", { class: "step", size: `${((row.refunded_amount ?? 0) / most) * 100}%` })),
    el("td", {}, amountCell(row.refunded_amount)))))));
}
