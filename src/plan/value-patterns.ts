// How values are spelt as text: the patterns by which the API reads them, and which its document publishes.

/** Anything but NUL and half of a surrogate pair, which no database keeps. Unicode's characters, so with the flag `u`. */
export const TEXT_PATTERN = String.raw`^[^\u0000\ud800-\udfff]*$`;

/** With or without hyphens, and in braces as some tools write it. */
export const UUID = String.raw`^(?:\{-*(?:[0-9A-Fa-f]-*){32}\}|-*(?:[0-9A-Fa-f]-*){32})$`;

/** Of either alphabet (RFC 4648, 4 and 5), padded or not. */
export const BASE64 = String.raw`^(?:[A-Za-z0-9+/_\-]{4})*(?:[A-Za-z0-9+/_\-]{2,3})?={0,2}$`;

/** `12:30`, `12:30:00`, `12:30:00.25` */
export const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`;

const ordinary = String.raw`\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))`;
const leap = String.raw`(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29`;

/** The days that the calendar has, from the year 1 to 9999. */
export const DATE = `(?!0000)(?:${ordinary}|${leap})`;

/** `Z`, `+02:00`, `-0330`: at most 18 hours. */
const ZONE = String.raw`(?:[Zz]|[+-](?:(?:0\d|1[0-7])(?::?[0-5]\d)?|18(?::?00)?))`;

/** A date, and a time behind it, with a zone or without one. */
export const DATE_TIME = `${DATE}(?:[Tt ]${TIME}(?: *${ZONE})?)?`;

export const whole = (pattern: string): string => `^${pattern}$`;

/** Whole numbers between two bounds, as a text spells them: a sign and zeros in front, and behind the point nothing but zeros. */
export function integersBetween(min: string, max: string): string {
  const below = min.startsWith("-") ? min.slice(1) : "0";
  return String.raw`^(?=[+\-]?\d{1,40}(?:\.|$))(?:\+?0*${upTo(max)}|-0*${upTo(below)})(?:\.0{1,40})?$`;
}

/** The digits of every whole number from 0 up to `max`, without zeros in front. */
function upTo(max: string): string {
  const smaller = [...max].flatMap((digit, i) => {
    if (digit === "0" || (i === 0 && digit === "1" && max.length > 1)) return [];
    const first = i === 0 && max.length > 1 ? 1 : 0;
    const last = Number(digit) - 1;
    return [max.slice(0, i) + oneOf(first, last) + many(max.length - i - 1)];
  });
  return `(?:${[...(max.length > 1 ? [`\\d{0,${max.length - 1}}`] : []), ...smaller, max].join("|")})`;
}

const oneOf = (first: number, last: number): string => (first === last ? String(first) : `[${first}-${last}]`);
const many = (digits: number): string => (digits === 0 ? "" : `\\d{${digits}}`);

export interface DecimalForm {
  readonly precision?: number;
  readonly scale?: number;
  readonly significant?: number;
}

/** Decimals as a text spells them: no more digits before the point than there is room for, also when they are rounded. */
export function decimals({ precision, scale = 0, significant }: DecimalForm): string {
  const kept =
    significant === undefined ? "" : String.raw`(?=[+\-]?(?:[0.]*(?:\d\.?){0,${significant}}[0.]*|\d{1,18})$)`;
  const [number, rounded] = precision === undefined ? [String.raw`\d{0,1000}(?:\.\d*)?`] : bounded(precision, scale);
  const fits = rounded === undefined ? "" : String.raw`(?![+\-]?0*${rounded})`;
  return String.raw`^${kept}${fits}[+\-]?(?=\.?\d)0*${number}$`;
}

/** The digits behind leading zeros, and those that one more of 5 or above would round up to a digit too many. */
function bounded(precision: number, scale: number): [string, string] {
  const nines = (length: number) => (length === 0 ? "" : `9{${length}}`);
  const zeros = scale - precision;
  if (zeros > 0)
    return [String.raw`(?:\.(?:0{0,${zeros}}|0{${zeros}}\d*))?`, String.raw`\.0{${zeros}}${nines(precision)}[5-9]`];
  const behind = scale < 0 ? String.raw`[5-9]\d{${-scale - 1}}(?:\.|$)` : String.raw`\.${nines(scale)}[5-9]`;
  return [String.raw`\d{0,${-zeros}}(?:\.\d*)?`, nines(Math.min(precision, -zeros)) + behind];
}
