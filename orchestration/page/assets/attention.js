/** What needs the reader: alerts, goals that need a decision, checks; and the goals themselves. */
function signed(value) {
  return (value < 0 ? MINUS : "+") + money(Math.abs(value));
}

function alertLine(alert) {
  const mainly = alert.main_dimension && alert.main_share
    ? t("mainly", alert.main_dimension === "shop" ? shopName(alert.main_dimension_value) : label(alert.main_dimension, alert.main_dimension_value), percent(alert.main_share, 0)) : null;
  return el("li", {}, el("span", { class: `status ${alert.is_bad ? "worse" : "better"}` }, t("alert")), " ", alert.last_on.slice(5), " ",
    el("b", {}, named(alert)), " ", state.lang === "zh" ? alert.evidence_zh : alert.evidence, mainly && ` · ${mainly}`, ` → ${alert.owner}`);
}

function goalLine(goal) {
  return el("li", {}, el("span", { class: "status worse" }, t("goal")), " ", el("b", {}, named(goal)), " ",
    `${t(`status_${goal.status}`)}`, goal.forecast !== null && ` · ${t("forecast")} ${figureText(goal.kpi_code, goal.forecast)}`,
    ` · ${t("target")} ${figureText(goal.kpi_code, goal.target)} → ${goal.owners}`);
}

/** Risks that occurred and milestones that are late. */
function planLines() {
  const occurred = data.risks.filter((risk) => risk.state === "occurred").map((risk) => el("li", {},
    el("span", { class: "status worse" }, t("risk")), " ", el("b", {}, named(risk)), ` ${label("risk_state", risk.state)}${risk.since_on ? ` ${t("since", risk.since_on)}` : ""} → ${risk.owner}`));
  const late = data.goals.flatMap((goal) => goal.milestones).filter((one) => one.state === "late").map((one) => el("li", {},
    el("span", { class: "status worse" }, label("milestone_state", one.state)), " ", el("b", {}, named(one)), ` ${t("due", one.due_on)} → ${one.owner}`));
  return [...occurred, ...late];
}

/** The three shops behind the change of net sales. */
function movedLine() {
  const all = figure("net_sales", "all");
  if (all?.value === undefined || all.previous_value === undefined || data.shops.length < 3) return null;
  const moves = data.shops.slice(1).map((shop) => [shop, figure("net_sales", shop)])
    .filter(([, found]) => found?.value !== undefined && found.previous_value !== undefined)
    .map(([shop, found]) => [shop, found.value - found.previous_value])
    .sort((one, other) => Math.abs(other[1]) - Math.abs(one[1])).slice(0, 3);
  return el("li", {}, el("span", { class: "status" }, t("moved")), " ",
    t("moved_by", all.previous_start_on, signed(all.value - all.previous_value), moves.map(([shop, move]) => `${shopName(shop)} ${signed(move)}`).join(t("clause_comma"))));
}

function needs() {
  const { recent, last, days } = data.alerts;
  const { checks, quarantined_count: quarantined } = data.sources;
  const decisions = data.goals.filter((goal) => goal.needs_revision || goal.status === "behind" || goal.status === "at_risk");
  const lastText = last && t("last_alert", last.last_on, named(last), state.lang === "zh" ? last.evidence_zh : last.evidence);
  const facts = [
    checks.failed && t("checks_failed", checks.failed), checks.warned && t("checks_warned", checks.warned),
    quarantined && t("rows_quarantined", digits(quarantined, 0)),
  ].filter(Boolean).join(t("clause_comma"));
  return card("needs", t("needs"), null, el("ul", { class: "plain" },
    recent.length ? recent.slice(0, 8).map(alertLine) : el("li", { class: "note" }, t("no_alert", days), state.lang === "zh" ? "" : " ", lastText),
    decisions.map(goalLine), planLines(),
    el("li", {}, el("span", { class: `status ${checks.failed ? "worse" : ""}` }, t("checks")), " ", facts || t("all_checks_passed")),
    movedLine()));
}

function goalTrack(goal) {
  const isSum = goal.measured === "cumulative" && data.kpis[goal.kpi_code].unit !== "rate" && data.kpis[goal.kpi_code].unit !== "ratio";
  const known = [goal.baseline, goal.actual, goal.expected, goal.target, goal.forecast_low, goal.forecast_high].filter((value) => value !== null);
  const [least, most] = [isSum ? 0 : Math.min(...known), Math.max(...known)];
  const margin = (most - least || Math.abs(most) || 1) * 0.08;
  const [from, to] = [isSum ? 0 : least - margin, most + margin];
  const place = (value) => `${(Math.max(0, Math.min(1, (value - from) / (to - from))) * 100).toFixed(2)}%`;
  const mark = (kind, value) => {
    if (value === null) return null;
    const element = el("i", { class: kind });
    element.style.setProperty(kind === "bar" ? "width" : "left", place(value));
    return element;
  };
  const band = goal.forecast_low === null ? null : el("i", { class: "band-forecast" });
  if (band) {
    band.style.left = place(goal.forecast_low);
    band.style.width = `calc(${place(goal.forecast_high)} - ${place(goal.forecast_low)})`;
  }
  return el("div", { class: "track", role: "img", "aria-label": `${t("actual")} ${figureText(goal.kpi_code, goal.actual)}, ${t("target")} ${figureText(goal.kpi_code, goal.target)}` },
    band, mark(isSum ? "bar" : "dot", goal.actual), mark("pace", goal.expected), mark("aim", goal.target));
}

const TONES = { ahead: "better", achieved: "better", on_pace: "", not_started: "", at_risk: "worse", behind: "worse", missed: "worse" };

function goalRow(goal) {
  const value = (number) => figureText(goal.kpi_code, number);
  const facts = [
    [t("actual"), el("b", {}, value(goal.actual))], goal.expected !== null && [t("expected"), value(goal.expected)],
    goal.forecast !== null && [t("forecast"), `${value(goal.forecast)}${goal.forecast_low === null ? "" : ` (${value(goal.forecast_low)} – ${value(goal.forecast_high)})`}`],
    [t("target"), value(goal.target)],
  ].filter(Boolean).map(([name, text]) => el("span", {}, `${name} `, text));
  return el("article", { class: "goal", "data-goal": goal.goal_id },
    el("h3", {}, named(goal), " ", el("span", { class: `status ${TONES[goal.status] ?? ""}` }, t(`status_${goal.status}`)),
      data.kpis[goal.kpi_code].direction === "lower" && tag(t("lower_better")),
      goal.layer && tag(label("goal_layer", goal.layer)),
      el("small", {}, `${goal.owners} · ${t("until", goal.ends_on)}`)),
    goal.actual === null ? note(goal.status_reason ?? t("unknown")) : goalTrack(goal),
    el("div", { class: "facts" }, facts, goal.revision_count > 0 && el("span", {}, t("revised", value(goal.original_target), goal.revision_count)),
      goal.budget_used_rate !== null && el("span", {}, t("budget", percent(goal.budget_used_rate, 0)))),
    goal.milestones.length > 0 && el("ul", { class: "plain milestones" }, goal.milestones.map((one) => el("li", {},
      el("span", { class: `status ${one.state === "late" ? "worse" : ""}` }, label("milestone_state", one.state)), " ", named(one),
      el("small", {}, ` ${t("due", one.due_on)} · ${one.owner}`)))),
    goal.proposals.map((proposal) => el("p", { class: "note" }, proposal.proposed_target !== null
      ? t("proposed_target", value(proposal.proposed_target), state.lang === "zh" ? proposal.reason_zh : proposal.reason_en)
      : t("proposed_end", proposal.proposed_ends_on, state.lang === "zh" ? proposal.reason_zh : proposal.reason_en))));
}

function goals() {
  if (!data.goals.length) return card("goals", t("goals"), null, note(t("no_goal")));
  return card("goals", t("goals"), t("goals_legend"), data.goals.map(goalRow));
}

/** The value of a risk and its threshold, in the unit of its KPI or in days of delay. */
function riskSignal(risk) {
  const text = (value) => (value === null ? NONE : risk.kpi_code ? figureText(risk.kpi_code, value) : digits(value, 0) + (risk.unit === "days" ? t("days_unit") : ""));
  const name = risk.kpi_code ? `${kpiName(risk.kpi_code)}${risk.shop_id && risk.shop_id !== "all" ? ` · ${shopName(risk.shop_id)}` : ""}` : risk.feed ? label("feed", risk.feed) : null;
  return [`${text(risk.value)} · ${t(risk.comparison === "below" ? "below" : "above", text(risk.threshold))}`, name && el("small", {}, name)];
}

function riskState(risk) {
  const reason = state.lang === "zh" ? risk.state_reason_zh : risk.state_reason;
  const tone = { occurred: "worse", near: "worse" }[risk.state] ?? "";
  return [el("span", { class: `status ${tone}`, title: reason }, label("risk_state", risk.state)),
    (risk.since_on || reason) && el("small", {}, risk.since_on ? t("since", risk.since_on) : reason)];
}

function risks() {
  if (!data.risks.length) return card("risks", t("risks"), null, allShopsTag(), note(t("no_risk")));
  return card("risks", t("risks"), t("risks_legend"), allShopsTag(), scrolling(t("risks"), table(
    [t("risk"), t("state"), t("signal"), t("response")],
    data.risks.map((risk) => [[named(risk), el("small", {}, `${label("risk_area", risk.area)} · ${risk.owner}`)], riskState(risk), riskSignal(risk), state.lang === "zh" ? risk.response_zh : risk.response_en]),
    { class: "words" })));
}
