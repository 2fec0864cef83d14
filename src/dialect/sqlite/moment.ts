// A value in a column of dates and times, whatever wrote it → the one text that `encode` writes for that moment, in UTC. What is no
// moment stays as it is.

const TEXT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

export function momentOf(value: unknown): unknown {
  if (typeof value === "number") return fromNumber(value) ?? value;
  if (typeof value !== "string") return value;
  const [, date, clock = "00:00", seconds = "00", digits = "", zone = ""] = TEXT.exec(value) ?? [];
  if (date === undefined) return value;
  const fraction = digits.replace(/0+$/, "");
  const minutes = offsetOf(zone);
  const local = `${date} ${clock}:${seconds}`;
  const utc = minutes === 0 ? local : textOf(Date.parse(`${date}T${clock}:${seconds}Z`) - minutes * 60_000);
  return utc === undefined ? value : `${utc.slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}`;
}

function offsetOf(zone: string): number {
  if (zone === "" || /^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  return zone.startsWith("-") ? -minutes : minutes;
}

/** The days of the years 0 to 9999 as SQLite's functions count them (https://sqlite.org/lang_datefunc.html, «julianday»). */
const [FIRST_DAY, LAST_DAY] = [1_721_059.5, 5_373_484.5];
const EPOCH_DAY = 2_440_587.5;
/** From here on seconds would be past the year 5138: they are milliseconds. */
const MILLISECONDS = 100_000_000_000;

function fromNumber(value: number): string | undefined {
  if (value >= FIRST_DAY && value < LAST_DAY) return textOf(Math.round((value - EPOCH_DAY) * 86_400_000));
  return textOf(Math.round(Math.abs(value) >= MILLISECONDS ? value : value * 1000));
}

function textOf(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999) return undefined;
  const text = date.toISOString().slice(0, 23).replace("T", " ");
  return text.replace(/\.?0*$/, "");
}
