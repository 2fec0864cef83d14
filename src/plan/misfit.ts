// Why a value does not fit its column. Thrown while a value is typed, so that an element of another value can refuse.
export class Misfit extends Error {}

export function doesNotFit(message: string): never {
  throw new Misfit(message);
}
