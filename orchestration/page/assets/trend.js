/** The course of one KPI, with the year before and the festivals. */
const charts = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function trend() {
  const course = courseOf(state.kpi, state.shop, state.period);
  const choice = el("span", { class: "choices" }, selection("kpi", t("trend"), CHOICES.kpi.map((kpi) => [kpi, kpiName(kpi)])));
  const isEmpty = !course || course.values.every((value) => value === null);
  return card("trend", t("trend"), t("trend_legend"), choice,
    isEmpty ? note(t("no_series")) : el("div", { class: "chart", role: "img", "aria-label": `${kpiName(state.kpi)} ${course.days[0]} – ${course.days.at(-1)}` }),
    !isEmpty && courseTable(course));
}

function courseTable(course) {
  const rows = course.days.map((day, place) => [day, figureText(state.kpi, course.values[place], true), figureText(state.kpi, course.before[place], true)]).reverse();
  return el("details", { class: "as-table" }, el("summary", {}, t("as_table")),
    scrolling(t("trend"), table([t(state.period), t("this_year"), t("last_year")], rows)));
}

/** The festivals within the course, as spans of its days; a name that would overlap is left out. */
function festivalSpans(course, width) {
  if (state.period === "month") return [];
  const [first, last] = [course.days[0], state.period === "week" ? addDays(course.days.at(-1), 6) : course.days.at(-1)];
  let free = -Infinity;
  return data.festivals.filter((span) => span.last_on >= first && span.first_on <= last).map((span) => {
    const from = Math.max(course.days.findLastIndex((day) => day <= span.first_on), 0);
    const to = Math.max(course.days.findLastIndex((day) => day <= span.last_on), from);
    const name = label("festival", span.festival);
    const half = (name.length * (state.lang === "zh" ? 13 : 7)) / 2;
    const middle = (((from + to) / 2 + 0.5) / course.days.length) * width;
    const isShown = middle - half > free + 4 && middle + half < width;
    if (isShown) free = middle + half;
    return [{ xAxis: course.days[from], name: isShown ? name : "" }, { xAxis: course.days[to] }];
  });
}

function drawTrend() {
  charts.splice(0).forEach((chart) => chart.dispose());
  const place = document.querySelector("#trend .chart");
  if (!place) return;
  const course = courseOf(state.kpi, state.shop, state.period);
  const isRate = data.kpis[state.kpi].unit === "rate";
  const axis = { color: colour("muted"), fontSize: 12 };
  const chart = echarts.init(place, null, { renderer: "svg" });
  charts.push(chart);
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 62, right: 14, top: 26, bottom: 26 },
    tooltip: {
      trigger: "axis", backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 12 },
      formatter: ([{ dataIndex: at }]) => tooltip(course, at),
    },
    xAxis: {
      type: "category", data: course.days, axisLine: { lineStyle: { color: colour("line") } }, axisTick: { show: false },
      axisLabel: { ...axis, formatter: (day) => (state.period === "month" ? day.slice(0, 7) : day.slice(5)) },
    },
    yAxis: {
      type: "value", scale: isRate, splitLine: { lineStyle: { color: colour("line") } },
      axisLabel: { ...axis, formatter: (value) => (isRate ? percent(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1) : short(value).replace(/\.0+(?=\D*$)|(?<=\.\d)0(?=\D+$)/, "")) },
    },
    series: [
      { type: "line", data: course.before, symbol: "none", lineStyle: { color: colour("last-year"), type: "dashed", width: 1.3 } },
      {
        type: "line", data: course.values, symbol: "none", lineStyle: { color: colour("accent"), width: 2.2 },
        markArea: { silent: true, itemStyle: { color: colour("festival") }, label: { ...axis, position: "insideTop" }, data: festivalSpans(course, place.clientWidth - 76) },
      },
    ],
  });
}

/** A sheet of paper has another width than the window: the picture is scaled to it. */
function scaleForPrint() {
  for (const picture of document.querySelectorAll("#trend .chart svg")) {
    picture.setAttribute("viewBox", `0 0 ${picture.getAttribute("width")} ${picture.getAttribute("height")}`);
  }
}

function tooltip(course, at) {
  const day = course.days[at];
  const before = state.period === "month" ? addMonths(day, -12).slice(0, 7) : addDays(day, -364);
  return el("div", {}, el("b", {}, state.period === "day" ? `${day} ${weekday(day)}` : state.period === "month" ? day.slice(0, 7) : day), el("br"),
    `${t("this_year")} ${figureText(state.kpi, course.values[at], true)}`, el("br"), `${t("last_year")} ${figureText(state.kpi, course.before[at], true)} (${before})`);
}
