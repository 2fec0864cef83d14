// A value in a column of dates and times, whatever wrote it → the one text that `encode` writes for that moment, in UTC. What is no
// moment stays as it is.

const TEXT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

export function momentOf(value: unknown, unit?: unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint")
    return (unit === undefined ? fromNumber(Number(value)) : inUnit(Number(value), unit)) ?? value;
  if (typeof value !== "string") return value;
  const [, date, clock = "00:00", seconds = "00", digits = "", zone = ""] = TEXT.exec(value) ?? [];
  if (date === undefined) return value;
  const fraction = digits.replace(/0+$/, "");
  const minutes = offsetOf(zone);
  const local = `${date} ${clock}:${seconds}`;
  const utc = minutes === 0 ? local : textOf(Date.parse(`${date}T${clock}:${seconds}Z`) - minutes * 60_000);
  return utc === undefined ? value : `${utc.slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The text of a moment as `encode` writes it → the number of such units that it is. What is no moment stays as it is. */
export function numberOf(text: unknown, unit: unknown): unknown {
  const milliseconds = typeof text === "string" ? Date.parse(`${text.replace(" ", "T")}Z`) : Number.NaN;
  if (Number.isNaN(milliseconds)) return text;
  const number =
    unit === "seconds"
      ? milliseconds / 1000
      : unit === "milliseconds"
        ? milliseconds
        : milliseconds / 86_400_000 + EPOCH_DAY;
  // better-sqlite3 makes a REAL of every number.
  return unit !== "julian days" && Number.isInteger(number) ? BigInt(number) : number;
}

function inUnit(value: number, unit: unknown): string | undefined {
  if (unit === "julian days") return textOf(Math.round((value - EPOCH_DAY) * 86_400_000));
  return textOf(Math.round(unit === "seconds" ? value * 1000 : value));
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
