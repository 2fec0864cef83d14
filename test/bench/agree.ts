// Before anything is timed: every candidate must give the same answer to each question, but for the order of its keys.
import { isDeepStrictEqual } from "node:util";
import { type Answer, request } from "../support/http.js";
import type { Family } from "./candidate.js";
import type { Question } from "./questions.js";

export interface Started {
  readonly name: string;
  readonly family: Family;
  readonly base: string;
}

/** How many different requests of each question are compared. */
const TRIED = 3;

export async function requireAgreement(
  questions: readonly Question[],
  started: readonly Started[],
  run: (statements: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const question of questions) {
    let first: { readonly name: string; readonly said: readonly unknown[] } | undefined;
    for (const { name, family, base } of started) {
      await run(question.prepare ?? []);
      const said: unknown[] = [];
      for (let n = 0; n < TRIED; n += 1) said.push(await ask(question, family, base, n, name));
      await run(question.restore ?? []);
      first ??= { name, said };
      if (!isDeepStrictEqual(said, first.said))
        throw new Error(`${question.name}: ${name} and ${first.name} differ\n${difference(first.said, said)}`);
    }
  }
}

async function ask(question: Question, family: Family, base: string, n: number, name: string): Promise<unknown> {
  const body = question.body?.(n);
  const path = question.path[family](n);
  const answer = await request(base, question.method, path, body === undefined ? {} : { body });
  if (answer.status !== question.status || answer.json === undefined)
    throw new Error(
      `${question.name}: ${name} answers ${question.method} ${path} with ${answer.status} ${answer.text}`,
    );
  return comparable(answer, question.differing ?? []);
}

/** Keys in one order, numbers by value; without what no two answers share. */
function comparable({ json, headers }: Answer, differing: readonly string[]): unknown {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => !differing.includes(key));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
  };
  return { json: sorted(json), total: headers["x-total-count"] };
}

/** The first lines that differ, of both. */
function difference(one: unknown, other: unknown): string {
  const [left, right] = [one, other].map((value) => JSON.stringify(value, null, 1).split("\n")) as [string[], string[]];
  const at = left.findIndex((line, i) => line !== right[i]);
  const shown = (lines: string[], sign: string) => lines.slice(at, at + 5).map((line) => `${sign} ${line}`);
  return [`line ${at + 1}:`, ...shown(left, "-"), ...shown(right, "+")].join("\n");
}
