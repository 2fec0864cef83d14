// Dates and times as clients write them (ISO 8601, RFC 3339) → canonical text. Checked against the calendar, never shifted by this machine's zone.

import { DATE, DATE_TIME, TIME, whole } from "./value-patterns.js";

const DAY = new RegExp(whole(DATE));
const CLOCK = new RegExp(whole(TIME));
const MOMENT = new RegExp(whole(DATE_TIME));
const ZONE = /(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** `2024-02-29`, or undefined for what no calendar has. */
export const parseDate = (text: string): string | undefined => (DAY.test(text) ? text : undefined);

/** `12:30` → `12:30:00`; the fraction keeps its digits without zeros at the end. */
export function parseTime(text: string): string | undefined {
  if (!CLOCK.test(text)) return undefined;
  const [clock = "", fraction = ""] = text.split(".");
  const digits = fraction.slice(0, 6).replace(/0+$/, "");
  return `${clock.length === 5 ? `${clock}:00` : clock}${digits === "" ? "" : `.${digits}`}`;
}

/**
 * A date and time, with or without a zone. `local` is for columns without one: a zone, where given, is brought to UTC.
 * `utc` is for moments: without a zone it is taken as UTC.
 */
export function parseDateTime(text: string): { local: string; utc: string } | undefined {
  if (!MOMENT.test(text)) return undefined;
  const date = text.slice(0, 10);
  if (text.length === 10) return both(`${date}T00:00:00`);
  const rest = text.slice(11);
  const zone = ZONE.exec(rest)?.[1];
  const time = parseTime(zone === undefined ? rest : rest.slice(0, -zone.length).trimEnd()) as string;
  if (zone === undefined || /^z$/i.test(zone)) return both(`${date}T${time}`);
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  const [clock, fraction] = time.split(".");
  const shifted = new Date(Date.parse(`${date}T${clock}Z`) - (zone[0] === "-" ? -minutes : minutes) * 60_000);
  const utc = shifted.toISOString().slice(0, 19);
  if (parseDate(utc.slice(0, 10)) === undefined) return undefined;
  return both(`${utc}${fraction === undefined ? "" : `.${fraction}`}`);
}

const both = (moment: string) => ({ local: moment, utc: `${moment}Z` });
