// What the floor's server asks of a database, whichever it is: one prepared statement a question.

/** A JSON text, and the count of all rows where it was asked for. Nothing where there is no such row. */
export type Answer = readonly [json: string, total?: unknown] | undefined;

export interface Floor {
  ask(question: string, numbers: readonly number[], body: string, done: (error: unknown, answer: Answer) => void): void;
  close(): Promise<void>;
}

/** A track's columns, in their order. */
export const fields = "id name album_id media_type_id genre_id composer milliseconds bytes unit_price".split(" ");
/** Those of a new one. */
export const given = fields.slice(1);

/** A statement's values: the path's numbers, and what the body says. */
export function valuesOf(question: string, numbers: readonly number[], body: string): unknown[] {
  if (body === "") return [...numbers];
  const said = JSON.parse(body);
  if (question === "update") return [said.name, said.milliseconds, ...numbers];
  return [said].flat().flatMap((track) => given.map((name) => track[name]));
}
