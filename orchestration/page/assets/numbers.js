/** Numbers, days and changes as text in the language of the reader. */
const MINUS = "\u2212";
const NONE = "\u2014";

function digits(value, count) {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: count, maximumFractionDigits: count });
  return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + text;
}

/** Units of large numbers: from which size, of how many, name, digits. */
const UNITS = {
  zh: [[1e8, 1e8, "亿", 2], [1e4, 1e4, "万", 2]],
  en: [[1e9, 1e9, "B", 2], [1e6, 1e6, "M", 2], [1e4, 1e3, "K", 1]],
};

/** A large number with its unit: 万 and 亿, or K, M and B. */
function short(value) {
  const unit = UNITS[state.lang].find(([least]) => Math.abs(value) >= least);
  return unit ? digits(value / unit[1], unit[3]) + unit[2] : digits(value, 0);
}

const currency = new Intl.NumberFormat("en-US", {
  style: "currency", currency: data.shop.currency, currencyDisplay: "narrowSymbol",
}).formatToParts(0).find((part) => part.type === "currency").value;

function money(value, isExact = false) {
  const size = Math.abs(value);
  const text = isExact || size < 1e3 ? digits(size, 2) : short(size);
  return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + currency + text;
}

function percent(value, count = 1) {
  return digits(value * 100, count) + "%";
}

/** A value of a KPI. The exact form has all digits that a reader could ask for. */
function figureText(kpi, value, isExact = false) {
  if (value === null || value === undefined) return NONE;
  switch (data.kpis[kpi].unit) {
    case "rate": return percent(value, isExact ? 2 : 1);
    case "currency": return money(value, isExact);
    case "count": return isExact ? digits(value, 0) : short(value);
    case "days": return digits(value, 1) + t("days_unit");
    case "seconds": return digits(value, 0) + t("seconds_unit");
    default: return digits(value, isExact ? 4 : 2);
  }
}

/** How a KPI changed: its text and its sign, or null where a change is unknown. Rates change in points. */
function changeOf(kpi, value, before) {
  if (value === undefined || value === null || before === undefined || before === null) return null;
  const isRate = data.kpis[kpi].unit === "rate";
  if (!isRate && before === 0) return null;
  const change = isRate ? (value - before) * 100 : ((value - before) / Math.abs(before)) * 100;
  const text = digits(Math.abs(change), 1);
  const sign = /[1-9]/.test(text) ? Math.sign(change) : 0;
  return { sign, text: `${sign > 0 ? "▲" : sign < 0 ? "▼" : "＝"} ${text}${isRate ? t("points") : "%"}` };
}

const DAY = 86_400_000;
const timeOf = (day) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (time) => new Date(time).toISOString().slice(0, 10);
const addDays = (day, count) => dayOf(timeOf(day) + count * DAY);

function addMonths(day, count) {
  const [year, month] = day.split("-").map(Number);
  return dayOf(Date.UTC(year, month - 1 + count, 1));
}

const weekday = (day) => t("weekdays").split(" ")[new Date(timeOf(day)).getUTCDay()];

/** The days of a period, as short as they are unambiguous. */
function spanText(period, start, end) {
  if (period === "day") return `${start} ${weekday(start)}`;
  if (period === "month" && start.slice(0, 7) === end.slice(0, 7) && addDays(end, 1).slice(8) === "01") return start.slice(0, 7);
  return `${start} – ${end.slice(5)}`;
}

/** Today at the shop, by the clock of the reader. */
function todayThere() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: data.shop.timezone }).format(new Date());
}
