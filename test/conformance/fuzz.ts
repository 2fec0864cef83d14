// Any query string, any path, any body: an answer below 500. Half of it knows the grammar, half of it is noise.

import { expect, test } from "vitest";
import { fc } from "../support/any.js";
import { operators } from "./case.js";
import { forbiddenWord } from "./leaks.js";
import type { Subject } from "./subject.js";

const columns: Readonly<Record<string, readonly string[]>> = {
  members: ["id", "name", "email", "country_id", "age", "joined", "balance"],
  groups: ["id", "name", "description", "is_open"],
  meetups: ["id", "title", "venue_id", "group_id", "seats", "start_at"],
  airports: ["code", "name"],
  stocks: ["warehouse", "sku", "quantity"],
  logs: ["message", "level"],
  group_sizes: ["id", "name", "size"],
  samples: "id big amount ratio flag short body day clock moment instant document bytes token mood".split(" "),
};
const tables = Object.keys(columns);

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);
const encoded = (text: fc.Arbitrary<string>) => text.map((value) => encodeURIComponent(value.toWellFormed()));
/** What node's client lets out as it is and its server takes in. */
const noise = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code).replace("#", "%")),
  maxLength: 30,
});
const unicode = fc.string({ unit: "binary", maxLength: 20 });

const value = fc.oneof(
  oneOf("1", "-1", "0", "2.5", "true", "null", "", "abc", "99999999999999999999", "1e400", "NaN", "Infinity", "-0"),
  oneOf("2024-02-29", "2024-02-30", "12:30:00", "2024-03-10T02:30:00Z", "0001-01-01", "9999-12-31T23:59:59-18:00"),
  oneOf("6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13", "calm", "AAEC/w==", "{}", "[1]", "%", "_", "\\", "\\%", "\0", '"', "'"),
  fc.integer().map(String),
  fc.double().map(String),
  unicode,
);
const list = fc.array(value, { maxLength: 4 }).map((values) => values.join(","));
const filter = (names: readonly string[]) =>
  fc
    .tuple(
      oneOf(...names, "nope", "__proto__"),
      oneOf("", ...operators.map((operator) => `${operator}:`), "xx:", "not."),
      encoded(fc.oneof(value, list)),
    )
    .map(([name, operator, text]) => `${name}=${operator}${text}`);
const order = (names: readonly string[]) =>
  fc
    .array(
      fc
        .tuple(oneOf(...names, "nope"), oneOf("", ":asc", ":desc", ":up"), oneOf("", ":nullsfirst", ":nullslast"))
        .map((words) => words.join("")),
      { minLength: 1, maxLength: 4 },
    )
    .map((terms) => `order-by=${terms.join(",")}`);
const page = fc
  .tuple(
    oneOf("limit", "offset", "count"),
    oneOf("0", "1", "3", "-1", "9007199254740991", "9007199254740992", "exact", "x"),
  )
  .map((pair) => pair.join("="));
const query = (names: readonly string[]) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.oneof(filter(names), filter(names), order(names), page), { maxLength: 5 })
        .map((parts) => parts.join("&")),
    },
    { weight: 1, arbitrary: noise },
    { weight: 1, arbitrary: fc.tuple(encoded(unicode), encoded(unicode)).map((pair) => pair.join("=")) },
  );

const key = fc.oneof(
  oneOf(
    "1",
    "2",
    "0",
    "-1",
    "99",
    "north,bolt",
    "a%2Cb,50%25%2Fc",
    "OSL",
    "1,2",
    ",",
    "%",
    "%00",
    "%ff",
    "%zz",
    ".",
    "..",
  ),
  encoded(value).map((text) => text || "0"),
  noise.map((text) => text.replaceAll(/[/?]/g, "") || "x"),
);
const path = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(key).map(([id]) => `/${id}`) },
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        key,
        oneOf("members", "meetups", "groups", "country", "meetups_members", "origin_flights", "stock_moves", "x"),
      )
      .map(([id, name]) => `/${id}/${name}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(key, oneOf("members", "groups", "meetups", "stock_moves"), key, oneOf("", "/add", "/delete", "/"))
      .map(([id, name, other, end]) => `/${id}/${name}/${other}${end}`),
  },
  { weight: 1, arbitrary: noise.map((text) => `/${text}`) },
);

const json = fc.oneof(
  value,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().map((big) => `#${big}`),
  fc.jsonValue({ maxDepth: 3 }),
);
const body = (names: readonly string[]) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.tuple(oneOf(...names), json), { maxLength: 8 })
        // Numbers of any length stand bare in the text.
        .map((fields) => JSON.stringify(Object.fromEntries(fields)).replace(/"#(-?\d+)"/g, "$1")),
    },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: unicode },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

const anything = fc.constantFrom(...tables).chain((table) => {
  const names = columns[table] as readonly string[];
  const reading = fc.record({ method: oneOf("GET", "GET", "HEAD", "OPTIONS"), path, query: query(names) });
  const writing = fc.record({
    method: oneOf("POST", "PUT", "PATCH", "DELETE"),
    path,
    query: fc.oneof({ weight: 5, arbitrary: fc.constant("") }, { weight: 1, arbitrary: query(names) }),
    body: body(names),
  });
  return fc.oneof(reading, writing).map((request) => ({ ...request, path: `/${table}${request.path}` }));
});

/** The requests change rows: this comes last on its database. */
export function fuzz(subject: () => Subject, runs = 400): void {
  test(`${runs} requests of any kind are answered below 500`, { timeout: 60_000 }, async () => {
    const { ask } = subject();
    const property = fc.asyncProperty(anything, async ({ method, path, query, ...rest }) => {
      const sent = "body" in rest && rest.body !== undefined ? { body: rest.body } : {};
      const line = `${method} ${path}${query === "" ? "" : `?${query}`}`;
      const answer = await ask(line, sent);
      expect(answer.status, answer.text).toBeLessThan(500);
      if (answer.status >= 400) expect(forbiddenWord(answer.text, `${line} ${sent.body}`)).toBeUndefined();
    });
    await fc.assert(property, { numRuns: runs });
  });
}
