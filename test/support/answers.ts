// Tables of requests and what they must answer, for suites that have an app: `answers(() => app, { "GET /a/1": { id: 1 } })`.
import { expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import type { App } from "./apps.js";

/** 200 and this JSON; the rows of a list in any order of their fields. */
export function answers(app: () => App, expected: Readonly<Record<string, unknown>>): void {
  for (const [line, json] of Object.entries(expected)) {
    test(line, async () => {
      const answer = await app().ask(line);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json).toEqual(json);
    });
  }
}

/** 200 and rows that are told by one field. */
export function lists(app: () => App, field: string, expected: Readonly<Record<string, readonly unknown[]>>): void {
  for (const [line, values] of Object.entries(expected)) {
    test(line, async () => {
      const answer = await app().ask(line);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json.map((row: Record<string, unknown>) => row[field])).toEqual(values);
    });
  }
}

export type Refused = readonly [line: string, status: number, code: string, body?: unknown];

/** A problem document with this status and code. */
export function refuses(app: () => App, refused: readonly Refused[]): void {
  for (const [line, status, code, body] of refused) {
    test(`${line} is refused with ${status} ${code}`, async () => {
      isProblem(await app().ask(line, { body }), status, code, line + JSON.stringify(body ?? ""));
    });
  }
}

/** Sends a write and answers with its JSON. */
export async function write(app: App, line: string, status: number, body?: unknown) {
  const answer = await app.ask(line, { body });
  expect(answer.status, `${answer.text} ${app.errors.at(-1) ?? ""}`).toBe(status);
  return answer;
}

/** No route has such a path. */
export function missing(app: () => App, paths: readonly string[]): void {
  test(`no ${paths.join(", ")}`, async () => {
    for (const path of paths) expect((await app().ask(`GET ${path}`)).json, path).toBeUndefined();
  });
}
