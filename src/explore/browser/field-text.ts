// A field's value ⇄ what stands in its input. What has not been touched is not sent, so that nothing is lost on the way.
import type { ExploredField } from "../model.js";

/** What inputs of dates and times take: others would show nothing. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

export const fitsMoment = (text: string): boolean => text === "" || MOMENT.test(text);

export function toText(value: unknown, { kind }: Pick<ExploredField, "kind">): string {
  if (value === null || value === undefined) return "";
  if (kind === "json") return JSON.stringify(value, null, 2);
  if (kind === "instant" && typeof value === "string") return localOf(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Throws an error in words where the text is none of the kind's. */
export function fromText(text: string, { kind, nullable }: Pick<ExploredField, "kind" | "nullable">): unknown {
  if (text === "" && nullable) return null;
  switch (kind) {
    case "integer":
    case "decimal":
    case "float":
      // Of a number that JavaScript would round the digits are sent.
      return String(Number(text)) === text ? Number(text) : text;
    case "boolean":
      return text === "true";
    case "json":
    case "array":
      return parsed(text);
    case "datetime":
      return /T\d\d:\d\d$/.test(text) ? `${text}:00` : text;
    case "instant":
      return fitsMoment(text) ? new Date(text).toISOString() : text;
    default:
      return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This is not JSON. Texts stand in quotes: "like this".');
  }
}

/** In the time zone of whoever sits in front of it, as the browser's inputs have it. */
function localOf(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace(/(\.000)?Z$/, "");
}
