/** The eight figures on top: value, what it is compared with, and its recent course. */
/** The last values of a KPI with their days, and those of a year before. */
function courseOf(kpi, shop, period) {
  const found = data.series[kpi]?.[shop]?.[period];
  if (!found) return null;
  const step = { day: (place) => addDays(found.start_on, place), week: (place) => addDays(found.start_on, place * 7), month: (place) => addMonths(found.start_on, place) }[period];
  return { days: found.values.map((_, place) => step(place)), values: found.values, before: found.before };
}

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function sparkline(course) {
  const known = [...course.values, ...course.before].filter((value) => value !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (place) => ((place / (course.values.length - 1)) * 200).toFixed(1);
  const y = (value) => (29 - ((value - low) / (high - low || 1)) * 26).toFixed(1);
  // A gap of the values is a gap of the line.
  const line = (values, kind) => svg("path", {
    class: kind,
    d: values.map((value, place) => (value === null ? "" : `${place && values[place - 1] !== null ? "L" : "M"}${x(place)} ${y(value)}`)).join(""),
  });
  return svg("svg", { viewBox: "0 0 200 32", preserveAspectRatio: "none", "aria-hidden": "true", class: "spark" },
    line(course.before, "last-year"), line(course.values, "this-year"));
}

/** The comparisons of a figure: what it is compared with, and the change. */
function comparisons(kpi, found, period, isRunning = false) {
  const isFew = hasFewOrders(state.shop, period, isRunning ? "running" : "complete");
  const when = (start) => (period === "month" ? start.slice(0, 7) : start.slice(5));
  const lines = [];
  const add = (kind, text, before, on) => lines.push(el("div", {}, el("span", {}, text),
    changed(kpi, found.value, before, isFew, { "data-shop": state.shop, "data-period": period, "data-start": found.start_on, "data-against": kind, "data-on": on })));
  add("previous", t(isRunning ? "previous_days" : `previous_${period}`), found.previous_value, found.previous_start_on);
  if (found.year_ago_start_on) add("year_ago", t(`year_ago_${period}`, when(found.year_ago_start_on)), found.year_ago_value, found.year_ago_start_on);
  if (found.festival_twin_value !== undefined) add("festival", t("festival_day", when(found.festival_twin_on)), found.festival_twin_value, found.festival_twin_on);
  return el("div", { class: "against" }, lines);
}

function definition(kpi) {
  const about = data.kpis[kpi];
  return el("details", { class: "definition" },
    el("summary", { "aria-label": t("definition", kpiName(kpi)) }, "?"),
    el("div", {}, el("b", {}, kpiName(kpi)), " ", el("code", {}, kpi), el("p", {}, state.lang === "zh" ? about.description_zh : about.description_en)));
}

/** Which shops a figure covers, where it does not cover all. */
function coverTag(shops) {
  const names = shops.map(shopName).join(t("list_comma"));
  return shops.length === 1 ? tag(t("covers", names)) : tag(t("covers_shops", shops.length, data.shops.length - 1 + data.other_shop_count), names);
}

function kpiCard(kpi) {
  const found = figure(kpi);
  const covered = found?.covered_shop_ids?.split(";").filter(Boolean);
  const head = el("div", { class: "card-head" }, el("h3", {}, kpiName(kpi)),
    covered?.length && coverTag(covered),
    found?.value !== undefined && !found.is_final && tag(t("provisional"), t("provisional_why")), definition(kpi));
  if (!found || found.value === undefined) {
    return el("article", { class: "kpi" }, head, el("div", { class: "value none" }, NONE), note(reasonOf(kpi, found, state.shop)));
  }
  const course = courseOf(kpi, state.shop, state.period);
  return el("article", { class: "kpi" }, head, el("div", { class: "value", tabindex: "0" }, printed(kpi, found)),
    comparisons(kpi, found, state.period), course && sparkline(course));
}

/** The period that runs, compared with the same days of the one before. */
function runningLine() {
  const shown = data.cards.map((kpi) => [kpi, figure(kpi, state.shop, state.period, "running")])
    .filter(([, found]) => found?.value !== undefined && found.previous_value !== undefined).slice(0, 4);
  if (!shown.length) return null;
  const [, first] = shown[0];
  const isFew = hasFewOrders(state.shop, state.period, "running");
  return el("p", { class: "running" }, el("b", {}, t("so_far", t(state.period), spanText(state.period, first.start_on, data.shop.data_until_on))),
    shown.map(([kpi, found]) => el("span", {}, `${kpiName(kpi)} `, printed(kpi, found), " ",
      changed(kpi, found.value, found.previous_value, isFew, { "data-shop": state.shop, "data-period": state.period, "data-start": found.start_on, "data-against": "previous", "data-on": found.previous_start_on }))),
    el("small", {}, t("previous_days")));
}

function cards() {
  const span = data.spans[state.period];
  const legend = settings.colours === "meaning" ? t("legend_meaning") : t("legend_direction");
  return [
    el("p", { class: "note" }, el("b", {}, shopName(state.shop), " · ", span ? spanText(state.period, span.start_on, span.end_on) : t("not_complete", t(state.period))), "　", legend),
    span && el("div", { class: "kpis" }, data.cards.map(kpiCard)),
    state.period !== "day" && runningLine(),
  ];
}
