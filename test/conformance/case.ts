// What a case is: a request as its title, and what its answer must be. The title's first two words are what is sent.
import { expect } from "vitest";
import type { Answer, RequestParts } from "../support/http.js";
import { forbiddenWord } from "./leaks.js";
import type { Subject } from "./subject.js";

export interface Case {
  readonly title: string;
  /** The rows are put back afterwards. */
  readonly writes?: boolean;
  run(api: Subject): Promise<void>;
}

export type Check = (answer: Answer, api: Subject) => unknown;

/** Sends the title's request and looks at the answer. */
export function asks(title: string, check: Check, parts?: RequestParts): Case {
  return {
    title,
    run: async (api) => {
      await check(await api.ask(title, parts), api);
    },
  };
}

/** The same for a request that changes rows. */
export const changes = (title: string, body: unknown, check: Check): Case => ({
  ...asks(title, check, body === undefined ? {} : { body }),
  writes: true,
});

/** 200 and these rows in this order, each shown by its `id` or by another field. */
export function lists(title: string, expected: readonly unknown[], field = "id"): Case {
  return asks(title, (answer) => {
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.map((row: Record<string, unknown>) => row[field])).toEqual(expected);
  });
}

/** 200 and this JSON, fields in any order. */
export function shows(title: string, expected: unknown): Case {
  return asks(title, (answer) => {
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.json).toEqual(expected);
  });
}

export interface Refusal extends RequestParts {
  /** What the detail must say. */
  readonly says?: string | RegExp;
  /** The fields at fault, where the code names fields. */
  readonly fields?: readonly string[];
}

/** A problem document with this status and code, no word of SQL or drivers in it, and no row changed. */
export function refuses(title: string, status: number, code: string, { says, fields, ...parts }: Refusal = {}): Case {
  return {
    title,
    async run(api) {
      const before = await api.rows();
      const answer = await api.ask(title, parts);
      isProblem(answer, status, code, title);
      if (says !== undefined) expect(answer.json.detail).toMatch(says);
      if (fields !== undefined)
        expect(answer.json.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
      expect(await api.rows()).toEqual(before);
    },
  };
}

export function isProblem(answer: Answer, status: number, code: string, request = ""): void {
  expect(answer, answer.text).toMatchObject({ status, json: { status, code } });
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(answer.json).toMatchObject({
    type: `urn:sapwood:problem:${code}`,
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
  });
  expect(forbiddenWord(answer.text, request)).toBeUndefined();
}

export const is = (status: number, answer: Answer): void => expect(answer.status, answer.text).toBe(status);

/** As it stands in a path or a query. */
export const enc = encodeURIComponent;

/** As the contract lists them. */
export const operators =
  "eq ne isdistinct lt le lte gt ge gte in nin like ilike match imatch contains icontains startswith istartswith endswith iendswith overlaps containedby between is fts".split(
    " ",
  );
