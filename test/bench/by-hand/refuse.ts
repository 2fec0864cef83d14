// What the routes by hand refuse, as a careful developer would.

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = (what: string) => new Refused(404, `There is no such ${what}.`);

/** A path's or a query's whole number. */
export function whole(name: string, text: unknown): number {
  const value = Number(text);
  if (typeof text !== "string" || !/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new Refused(400, `${name} must be a whole number.`);
  return value;
}

export type Query = Readonly<Record<string, unknown>>;

export const limitOf = ({ limit }: Query): number =>
  limit === undefined ? 100 : Math.min(whole("limit", limit), 1000);

export interface NewTrack {
  readonly name: string;
  readonly album_id: number | null;
  readonly media_type_id: number;
  readonly genre_id: number | null;
  readonly composer: string | null;
  readonly milliseconds: number;
  readonly bytes: number | null;
  readonly unit_price: number;
}

type Check = (value: unknown) => boolean;
const isWhole: Check = (value) => Number.isSafeInteger(value);
const isText: Check = (value) => typeof value === "string" && value.length <= 220;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);

const fields: Readonly<Record<keyof NewTrack, Check>> = {
  name: isText,
  album_id: orNull(isWhole),
  media_type_id: isWhole,
  genre_id: orNull(isWhole),
  composer: orNull(isText),
  milliseconds: isWhole,
  bytes: orNull(isWhole),
  unit_price: (value) => typeof value === "number",
};

/** A body as a whole new track. */
export function newTrack(body: unknown): NewTrack {
  const track = named(body);
  for (const [field, isRight] of Object.entries(fields)) {
    if (!isRight(track[field as keyof NewTrack])) throw new Refused(422, `${field} is missing or of a wrong type.`);
  }
  return track as NewTrack;
}

/** A body as what changes in a track. */
export function changed(body: unknown): Partial<NewTrack> {
  const track = named(body);
  for (const [field, value] of Object.entries(track)) {
    if (!fields[field as keyof NewTrack](value)) throw new Refused(422, `${field} is of a wrong type.`);
  }
  return track;
}

function named(body: unknown): Partial<NewTrack> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Refused(400, "Send a JSON object.");
  const unknown = Object.keys(body).find((field) => !Object.hasOwn(fields, field));
  if (unknown !== undefined) throw new Refused(400, `A track has no ${unknown}.`);
  return body;
}
