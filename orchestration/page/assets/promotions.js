/** Promotions with what they gained. Without an identifiable effect, the reason and the experiment that would identify it. */
function promotions() {
  const shown = data.promotions.filter((row) => (state.shop === "all" ? row.is_top_of_all : row.shop_id === state.shop));
  if (!shown.length) return null;
  const signed = (value, text) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${text(Math.abs(value))}`;
  const ranged = (row, name, text) => (row[name] === null ? NONE : [
    signed(row[name], text),
    el("small", {}, t("from_until", signed(row[`${name}_low_80`], text), signed(row[`${name}_high_80`], text))),
  ]);
  const sentence = (row) => {
    if (row.state !== "ok") return [row[`state_${state.lang}`], row[`advice_${state.lang}`]];
    if (row.displacement_state !== "ok") return [t(row.effect), row[`displacement_${state.lang}`]];
    return [t(row.effect), null];
  };
  const cells = shown.map((row) => {
    const [verdict, advice] = sentence(row);
    return [
      [row.promotion_name ?? row.promotion_id, el("small", {}, state.shop === "all" ? shopName(row.shop_id) : row.promotion_id)],
      digits(row.run_days, 0), row.participant_rate === null ? NONE : percent(row.participant_rate),
      el("span", { title: t("by_merchant", money(row.merchant_discount_amount, true)) }, money(row.discount_amount)),
      ranged(row, "uplift_rate", (value) => percent(value)),
      row.net_orders === null ? NONE : signed(row.net_orders, (value) => digits(value, 0)),
      ranged(row, "profit_amount", (value) => money(value)),
      row.filled_orders === null ? NONE : digits(Math.max(row.filled_orders, 0), 0),
      el("td", { class: "sentence" }, verdict, advice && el("small", {}, advice)),
    ];
  });
  return card("promotions", t("promotions"), t("promotions_legend"), scrolling(t("promotions"), table(
    [t("promotion"), t("run_days"), t("participation"), t("discount"), t("uplift"), t("net_orders"), t("promotion_profit"), t("filled_orders"), t("state")], cells)));
}
