// What the adapters' own tests share: hooks that go wrong, and what an API must do wherever it is mounted.
import { expect } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { HttpError } from "../../src/http/problem.js";
import { isProblem } from "../conformance/case.js";
import type { Answer, RequestParts } from "./http.js";

export type Ask = (line: string, parts?: RequestParts) => Promise<Answer>;

/** Reading a log is a defect, writing one is refused, and deleting a group is an error that says its status. */
export const broken: ApiOptions = {
  overrides: [
    {
      name: "logs",
      preRead: () => {
        throw new TypeError("secret table");
      },
      preSave: () => {
        throw new HttpError(403, "The log is closed.", { code: "closed" });
      },
    },
    { name: "groups", preDelete: () => Promise.reject(Object.assign(new Error("teapot"), { statusCode: 418 })) },
  ],
};

/** The community below `prefix`: nested rows, Location, HEAD, OPTIONS, 405. */
export async function servesBelow(prefix: string, ask: Ask): Promise<void> {
  expect((await ask(`GET ${prefix}/countries/1/members?limit=1`)).json).toMatchObject([{ id: 1 }]);
  const made = await ask(`POST ${prefix}/countries`, { body: { name: "Ghana", code: "GH" } });
  expect(made.status, made.text).toBe(201);
  expect(made.headers.location).toBe(`${prefix}/countries/${made.json.id}`);
  expect((await ask(`DELETE ${made.headers.location}`)).status).toBe(204);
  const head = await ask(`HEAD ${prefix}/countries/1`);
  expect([head.status, head.text]).toEqual([200, ""]);
  expect(head.headers["content-length"]).toMatch(/^[1-9]/);
  expect((await ask(`OPTIONS ${prefix}/countries/1`)).headers.allow).toContain("PATCH");
  isProblem(await ask(`PUT ${prefix}/countries/1/members`), 405, "method_not_allowed");
}

/** Paths below `/api` that no route has. */
export const nowhere = ["/api", "/api/", "/api/nothing", "/api/countries/1/nothing", "/api//countries", "/nothing"];

/** Whatever stands in a path or a query, the server answers. */
export async function survives(ask: Ask): Promise<void> {
  for (const path of ["/%zz", "/countries/%zz", "/countries?x=%zz", "/countries?", "/a/../b", "/countries/1?=&&"])
    expect((await ask(`GET ${path}`)).status, path).toBeLessThan(500);
}
