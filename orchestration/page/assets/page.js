/** What the reader chose, and how elements are made. The choice is kept in the address, so that a link shows the same. */
const DEFAULTS = {
  lang: settings.language, period: "day", shop: "all", kpi: "net_sales", theme: "", by: "drivers", against: "previous",
  model: "last_non_direct",
};
const CHOICES = {
  lang: ["zh", "en"], period: ["day", "week", "month"], shop: data.shops, kpi: Object.keys(data.series),
  theme: ["light", "dark"], by: [], against: ["previous", "year_ago"],
  model: Object.keys(data.attribution_models),
};
const state = { ...DEFAULTS };

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(DEFAULTS)) {
    const value = given.get(name);
    const isKnown = CHOICES[name].length === 0 ? /^[a-z_]+$/.test(value ?? "") : CHOICES[name].includes(value);
    state[name] = isKnown ? value : DEFAULTS[name];
  }
}

function choose(name, value) {
  state[name] = value;
  const changed = Object.entries(state).filter(([key, chosen]) => chosen !== DEFAULTS[key]);
  history.replaceState(null, "", `#${new URLSearchParams(changed)}`);
  render();
}

function t(name, ...values) {
  const text = TEXTS[name][state.lang === "zh" ? 0 : 1];
  return text.replace(/\{(\d)\}/g, (_, place) => values[Number(place)]);
}

/** A name that comes with the data: an object with `zh` and `en`, or a pair. */
function named(names) {
  return Array.isArray(names) ? names[state.lang === "zh" ? 0 : 1] : names[state.lang];
}

function label(kind, code) {
  const names = data.labels[kind]?.[code];
  return names ? named(names) : code === "unknown" ? t("unknown") : code;
}

const shopName = (shop) => label("shop", shop);
const kpiName = (kpi) => named(data.kpis[kpi]);
const isDark = () => (state.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

/** An element; text is inserted as text, never as markup. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "size") element.style.setProperty("--size", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A block of the page. Controls, where it has some, come first in its content and stand beside the title. */
function card(id, title, legend, ...content) {
  const controls = content[0]?.classList?.contains("choices") ? content.shift() : null;
  return el("section", { class: "card", id, "aria-labelledby": `${id}-title` },
    el("div", { class: "head" }, el("h2", { id: `${id}-title` }, title, legend && el("small", {}, legend)), controls), ...content);
}

const note = (...content) => el("p", { class: "note" }, ...content);
const tag = (text, why) => el("span", { class: "tag", title: why }, text);
const scrolling = (title, table) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table);
const allShopsTag = () => (state.shop === "all" ? null : tag(t("all_shops_only")));

function table(heads, rows, attributes = {}) {
  return el("table", attributes,
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, place) =>
      cell instanceof HTMLTableCellElement ? cell : el(place ? "td" : "th", { scope: place ? null : "row" }, cell))))));
}

function selection(name, title, options) {
  return el("select", { "aria-label": title, onchange: (event) => choose(name, event.target.value) },
    options.map(([value, text]) => el("option", { value, selected: state[name] === value }, text)));
}

/** The figure of a KPI in the last complete period, or in the one that runs. */
const figure = (kpi, shop = state.shop, period = state.period, kind = "complete") => data.latest[kind][period][shop]?.[kpi];

/** Why a figure is unknown. A period in which nothing happened has no row: the reason is that of a longer period. */
function reasonOf(kpi, found, shop) {
  const known = found || figure(kpi, shop, "week") || figure(kpi, shop, "month");
  if (known && known.reason !== undefined) return named(data.texts[known.reason]);
  if (known) return t("nothing_happened");
  return t(shop !== "all" && !data.kpis[kpi].is_by_shop ? "all_shops_kpi" : "not_connected");
}

/** A printed figure: its attributes name the KPI, shop and period, its tooltip has the exact value. */
function printed(kpi, found, shop = state.shop, period = state.period) {
  if (!found || found.value === undefined) return el("span", { class: "none", title: reasonOf(kpi, found, shop), tabindex: "0" }, NONE);
  return el("span", {
    class: "figure", title: figureText(kpi, found.value, true), "data-kpi": kpi, "data-shop": shop, "data-period": period,
    "data-start": found.start_on, "data-value": found.value,
  }, figureText(kpi, found.value));
}

const hasFewOrders = (shop, period, kind = "complete") => (figure("orders", shop, period, kind)?.value ?? 0) < 30;

/** The class of a change: by the KPI's direction, or by up and down, as the shop chose. */
function toneOf(kpi, sign) {
  if (sign === 0) return "even";
  if (settings.colours !== "meaning") return (sign > 0) === (settings.colours === "red_up") ? "red" : "green";
  const direction = data.kpis[kpi].direction;
  if (direction === "neutral") return "even";
  return (sign > 0) === (direction === "higher") ? "better" : "worse";
}

function changed(kpi, value, before, isFew, facts = {}) {
  const change = changeOf(kpi, value, before);
  if (!change) return el("span", { class: "none" }, NONE);
  const tone = isFew ? "even" : toneOf(kpi, change.sign);
  const word = { better: t("better"), worse: t("worse") }[tone] ?? (change.sign === 0 ? t("flat") : null);
  return el("span", {
    class: `change ${tone}`, title: [word, figureText(kpi, before, true)].filter(Boolean).join(" · "),
    "data-kpi": kpi, "data-value": value, "data-before": before, ...facts,
  }, change.text, isFew && el("sup", { title: t("few_orders") }, "†"));
}
