// How much one answer holds: rows over all its levels, and bytes. Counted while it is put together; past the limits it is a 400.
import type { Limits } from "../http/limits.js";
import { type HttpError, problem } from "../http/problem.js";
import type { ListPlan, ReadPlan, ShownField } from "../plan/plan.js";
import { type Lookup, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";

export class AnswerSize {
  rows = 0;
  bytes = 0;

  constructor(
    readonly most: Pick<Limits, "maxAnswerRows" | "maxAnswerBytes">,
    /** How to ask for less, in a sentence. */
    readonly hint: () => string,
  ) {}

  /** So many bytes are left. */
  get room(): number {
    return Math.max(0, this.most.maxAnswerBytes - this.bytes);
  }

  /** Throws 400 `too_complex` where it is too much. */
  add(rows: number, bytes: number): void {
    this.require(rows, bytes);
    this.rows += rows;
    this.bytes += bytes;
  }

  /** Counts what `work` makes. Lists have been counted while they were read, what was written and single rows have not. */
  async counted<Made>(work: () => Promise<Made>, bytesOf: (made: Made) => number): Promise<Made> {
    const before = this.bytes;
    const made = await work();
    this.add(0, Math.max(0, bytesOf(made) - (this.bytes - before)));
    return made;
  }

  /** The same for a part that is not all of the answer, and is counted again with it. */
  require(rows: number, bytes: number): void {
    const { maxAnswerRows, maxAnswerBytes } = this.most;
    if (this.rows + rows > maxAnswerRows) throw this.#refusal(`${maxAnswerRows} rows, related rows included`);
    if (this.bytes + bytes > maxAnswerBytes) throw this.tooLong();
  }

  tooLong(): HttpError {
    return this.#refusal(`${this.most.maxAnswerBytes} bytes`);
  }

  #refusal(what: string): HttpError {
    return problem("too_complex", `The answer would have more than ${what}, which is the most. ${this.hint()}`);
  }
}

/** How less is written. */
export const FEWER_WRITTEN = "Write fewer rows at once.";

/** How a list, or a row with what is embedded in it, is asked for with less. A list without a limit is of rows that a write is about. */
export function hintFor(plan: ListPlan | ReadPlan): string {
  const { kind, select } = plan;
  if (kind === "list" && (plan.limit === undefined || plan.lock)) return FEWER_WRITTEN;
  const path = listIn(select);
  const ways = [
    ...(kind === "list" ? ["a smaller limit"] : []),
    ...(path === undefined ? [] : [`fewer related rows, as in ${path}.limit=10`, "fewer levels in select"]),
    ...(path === undefined ? ["fewer columns in select"] : []),
  ];
  return `Ask for less: ${ways.join(", or ")}.`;
}

/** The way to the deepest of the first lists. */
function listIn(select: readonly ShownField[] = []): string | undefined {
  for (const shown of select) {
    if (shown.type !== "embed") continue;
    const inner = listIn(shown.list.select);
    if (inner !== undefined) return `${shown.field}.${inner}`;
    if (shown.many) return shown.field;
  }
  return undefined;
}

/**
 * How many rows these texts of rows hold. Each row's object begins with its first field, and within strings quotes are escaped;
 * an object in a column of JSON that begins with the same field counts as well.
 */
export function countRowsIn(texts: readonly string[], { table, select }: ListPlan | ReadPlan, lookup: Lookup): number {
  const heads = new Set<string>();
  addHeads(heads, select, lookup);
  let rows = texts.length;
  if (heads.size === 0) return rows;
  const own = headOf(table, select, lookup);
  for (const text of texts) {
    if (heads.has(own)) rows--;
    for (const head of heads) rows += timesIn(text, head);
  }
  return rows;
}

function addHeads(heads: Set<string>, select: readonly ShownField[] = [], lookup: Lookup): void {
  for (const shown of select) {
    if (shown.type !== "embed") continue;
    heads.add(headOf(shown.list.table, shown.list.select, lookup));
    addHeads(heads, shown.list.select, lookup);
  }
}

function headOf(table: string, select: readonly ShownField[] | undefined, lookup: Lookup): string {
  const [first] = tableOf(lookup, table).defaultFields;
  return `{${JSON.stringify(select?.[0]?.field ?? (first === undefined ? "" : fieldOf(first)))}`;
}

export const bytesOfTexts = (texts: readonly (string | undefined)[]): number =>
  texts.reduce((sum, text = "") => sum + Buffer.byteLength(text), 0);

function timesIn(text: string, part: string): number {
  let times = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) times++;
  return times;
}
