// Where in a body a refusal belongs: `venues[1].meetups[0].title`, put together from the inside out.
import { HttpError } from "../../http/problem.js";

/** A refusal's place in the body, and what it said itself. */
const places = new WeakMap<HttpError, { readonly place: string; readonly detail: string }>();

/** Runs `work`, and says of what it refuses where in the body that stands. */
export async function atBodyPath<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof HttpError ? moved(place, error) : error;
  }
}

/** The same for work that waits for nothing. */
export function placedNow<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof HttpError ? moved(place, error) : error;
  }
}

const below = (place: string, name: string): string => (name.startsWith("[") ? `${place}${name}` : `${place}.${name}`);

function moved(place: string, error: HttpError): HttpError {
  const known = places.get(error);
  const whole = known === undefined ? place : below(place, known.place);
  const detail = known?.detail ?? error.message;
  const errors = error.errors.map(({ field, message }) => ({ field: below(place, field), message }));
  const said = error.said(`${whole}: ${detail}`, { errors });
  places.set(said, { place: whole, detail });
  return said;
}

/** New rows are written together: their numbers in that array are not those of the body. */
export function renumbered(error: HttpError, numbers: readonly number[]): HttpError {
  const errors = error.errors.map(({ field, message }) => ({
    field: field.replace(/^\[(\d+)\]/, (_, n) => `[${numbers[Number(n)]}]`),
    message,
  }));
  return error.said(error.message, { errors });
}
