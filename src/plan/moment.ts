// Dates and times as clients write them (ISO 8601, RFC 3339) → canonical text. Checked against the calendar, never shifted by this machine's zone.

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const ZONE = /(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** `2024-02-29`, or undefined for what no calendar has. */
export function parseDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const last = new Date(Date.UTC(2000, month, 0)).getUTCDate();
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : last;
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days ? text : undefined;
}

/** `12:30` → `12:30:00`; the fraction keeps its digits without zeros at the end. */
export function parseTime(text: string): string | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, hour = "", minute = "", second = "00", fraction = ""] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const digits = fraction.slice(0, 6).replace(/0+$/, "");
  return `${hour}:${minute}:${second}${digits === "" ? "" : `.${digits}`}`;
}

/**
 * A date and time, with or without a zone. `local` is for columns without one: a zone, where given, is brought to UTC.
 * `utc` is for moments: without a zone it is taken as UTC.
 */
export function parseDateTime(text: string): { local: string; utc: string } | undefined {
  const date = text.slice(0, 10);
  if (parseDate(date) === undefined) return undefined;
  if (text.length === 10) return both(`${date}T00:00:00`);
  if (!/[Tt ]/.test(text[10] as string)) return undefined;
  const rest = text.slice(11);
  const zone = ZONE.exec(rest)?.[1];
  const time = parseTime(zone === undefined ? rest : rest.slice(0, -zone.length).trimEnd());
  if (time === undefined) return undefined;
  if (zone === undefined || /^z$/i.test(zone)) return both(`${date}T${time}`);
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  if (minutes > 18 * 60 || Number(zone.slice(-2)) > 59) return undefined;
  const [clock, fraction] = time.split(".");
  const shifted = new Date(Date.parse(`${date}T${clock}Z`) - (zone[0] === "-" ? -minutes : minutes) * 60_000);
  const utc = shifted.toISOString().slice(0, 19);
  if (parseDate(utc.slice(0, 10)) === undefined) return undefined;
  return both(`${utc}${fraction === undefined ? "" : `.${fraction}`}`);
}

const both = (moment: string) => ({ local: moment, utc: `${moment}Z` });
