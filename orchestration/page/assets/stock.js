/** Stock: products that are sold out or run out, and slow ones. A stock that supplies all shops is shown for each of them. */
function stock() {
  const isShown = (row) => state.shop === "all" || row.stock_shop_id === state.shop || !data.shops.includes(row.stock_shop_id);
  const states = data.stock.states.filter(isShown);
  if (!states.length) return null;
  const sum = (name, code) => states.filter((row) => !code || row.state === code).reduce((total, row) => total + (row[name] ?? 0), 0);
  const counts = ["sold_out", "runs_out", "slow", "ok", "unknown"].filter((code) => sum("product_count", code))
    .map((code) => `${t(`stock_${code}`)} ${digits(sum("product_count", code), 0)}`);
  const units = (value) => (value === null ? NONE : digits(value, 0));
  const name = (row) => [row.product_name ?? row.product_id, el("small", {}, row.product_id)];
  const cover = (row) => el("span", { title: row[`reason_${state.lang}`] || null }, row.cover_days === null ? NONE : digits(row.cover_days, 0));
  const part = (kind, heads, cells) => {
    const rows = data.stock.products.filter((row) => row.kind === kind && isShown(row));
    return rows.length > 0 && [el("h3", {}, t(`stock_part_${kind}`)), scrolling(t(`stock_part_${kind}`), table([t("product"), ...heads.map((head) => t(head))], rows.map(cells)))];
  };
  return card("stock", t("stock"), `${counts.join(" · ")} · ${t("stock_value")} ${money(sum("value_amount"))}`, el("div", { class: "columns" },
    el("div", {}, part("short", ["stock_available", "stock_in_transit", "stock_cover", "stock_out_days", "stock_missed"], (row) => [
      name(row), units(row.available_quantity), units(row.in_transit_quantity), cover(row), digits(row.sold_out_day_count, 0),
      row.missed_quantity === null ? NONE : digits(row.missed_quantity, 1)])),
    el("div", {}, part("slow", ["stock_available", "stock_sold", "stock_cover", "stock_value"], (row) => [
      name(row), units(row.available_quantity), units(row.sold_recent_quantity), cover(row), amountCell(row.value_amount)]))),
  note(t("stock_legend")));
}
