// What is wrong with the rows of one body → one refusal that names them all, by `[3].email`.
import { type FieldError, HttpError } from "../http/problem.js";

/** How many faults of one request are told at once. */
export const MOST_ERRORS = 20;

export class RowFaults {
  readonly #errors: FieldError[] = [];
  /** The first refusal gives its status and its code. */
  #first: { readonly error: HttpError; readonly row: number } | undefined;

  get isFull(): boolean {
    return this.#errors.length >= MOST_ERRORS;
  }

  /** Throws what is no refusal. */
  add(row: number, error: unknown): void {
    if (!(error instanceof HttpError)) throw error;
    this.#first ??= { error, row };
    this.#errors.push(...error.errors.map(({ field, message }) => ({ field: `[${row}].${field}`, message })));
  }

  throwAny(): void {
    if (this.#first === undefined) return;
    const { error, row } = this.#first;
    if (this.#errors.length === 0) throw error.said(`[${row}]: ${error.message}`, { index: row });
    const told = this.#errors.slice(0, MOST_ERRORS);
    const detail = `${told.map(({ field, message }) => `${field} ${message.replace(/\.$/, "")}`).join("; ")}.`;
    throw new HttpError(error.status, detail, { code: error.code, errors: told });
  }
}
