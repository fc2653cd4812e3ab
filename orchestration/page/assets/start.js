/** Draws the page, and again after each choice. */
function header() {
  const buttons = (name, options) => el("span", { class: "buttons", role: "group", "aria-label": t({ period: "period", lang: "language" }[name]) },
    options.map(([value, text]) => el("button", { "aria-pressed": String(state[name] === value), onclick: () => choose(name, value) }, text)));
  const dark = isDark();
  return [
    el("h1", {}, named(data.shop), " ", el("small", {}, t("title"))),
    el("p", { class: "stamp" }, t("data_until"), " ", el("b", {}, `${data.shop.data_until_on} ${weekday(data.shop.data_until_on)}`),
      ` ${t("midnight")} (${data.shop.timezone}) · ${t("released")} ${data.released_at}`),
    el("nav", { "aria-label": t("period") }, buttons("period", ["day", "week", "month"].map((period) => [period, t(period)])),
      data.shops.length > 2 && selection("shop", t("shop"), data.shops.map((shop) => [shop, shopName(shop)])),
      buttons("lang", [["zh", "中文"], ["en", "English"]]),
      el("button", { onclick: () => choose("theme", dark ? "light" : "dark") }, t(dark ? "light" : "dark")),
      el("button", { onclick: () => print() }, t("print"))),
  ];
}

function render() {
  const root = document.documentElement;
  root.lang = state.lang === "zh" ? "zh-CN" : "en";
  root.dataset.theme = isDark() ? "dark" : "light";
  document.title = `${named(data.shop)} ${t("title")} ${data.shop.data_until_on}`;
  document.querySelector("header").replaceChildren(...header());
  const hasSpan = Boolean(data.spans[state.period]);
  const content = [
    ...bands(), ...cards(),
    el("div", { class: "columns" }, el("div", {}, needs(), hasSpan && trend()), el("div", {}, goals())),
    hasSpan && shopsTable(), hasSpan && el("div", { class: "columns" }, why(), funnel()),
    hasSpan && channels(),
    returns(),
    segments(),
    experiments(),
    promotions(),
    stock(),
    el("div", { class: "columns" }, el("div", {}, cohorts()), el("div", {}, customers())),
    hasSpan && el("div", { class: "columns" }, products(), refundReasons()),
    risks(),
    sources(), definitions(), el("footer", {}, t("footer", data.generation)),
  ];
  document.querySelector("main").replaceChildren(...content.flat().filter(Boolean));
  drawTrend();
}

readAddress();
render();
performance.mark("rendered");
addEventListener("hashchange", () => { readAddress(); render(); });
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
addEventListener("beforeprint", scaleForPrint);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);
