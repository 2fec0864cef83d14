// PATCH of `{ "seats": { "increment": -1 } }`: the database adds, so that nothing is lost and nothing rounded.
import { expect } from "vitest";
import { type Case, changes, is, refuses } from "../case.js";

const by = (increment: unknown) => ({ increment });

const headers = { "content-type": "application/json" };

interface Sum {
  readonly path: string;
  readonly field: string;
  /** JSON numbers; as text where JavaScript would round them. */
  readonly increments: readonly (number | string)[];
  /** As the row's JSON says it, digit by digit. */
  readonly sum: string;
  /** What is sent beforehand. */
  readonly first?: { readonly line: string; readonly body: string };
}

const sums = ({ path, field, increments, sum, first }: Sum): Case => ({
  title: `PATCH ${path} that adds ${increments.join(" and ")} to ${field} makes ${sum}`,
  writes: true,
  async run(api) {
    if (first !== undefined) is(201, await api.ask(first.line, { body: first.body, headers }));
    let text = "";
    for (const increment of increments) {
      const answer = await api.ask(`PATCH ${path}`, { body: `{"${field}":{"increment":${increment}}}`, headers });
      is(200, answer);
      text = answer.text;
    }
    expect((await api.ask(`GET ${path}`)).text).toBe(text);
    expect(digits(text, field)).toBe(sum);
  },
});

const adds = (path: string, field: string, increments: readonly (number | string)[], sum: string): Case =>
  sums({ path, field, increments, sum });

/** The same for a new sample that begins with this value. */
const addsTo = (field: string, value: string, increments: readonly (number | string)[], sum: string): Case =>
  sums({
    path: "/samples/600",
    field,
    increments,
    sum,
    first: { line: "POST /samples", body: `{"id":600,"${field}":${value}}` },
  });

/** Without the zeros at a decimal's end, which not every database keeps. */
const digits = (text: string, field: string): string | undefined =>
  new RegExp(`"${field}":([^,}]+)`)
    .exec(text)?.[1]
    ?.replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

const race: Case = {
  title: "PATCH /stocks/north,bolt by fifty increments at once",
  writes: true,
  async run(api) {
    const each = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 3 : -1));
    const answers = await Promise.all(
      each.map((step) => api.ask("PATCH /stocks/north,bolt", { body: { quantity: by(step) } })),
    );
    expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
    expect((await api.ask("GET /stocks/north,bolt")).json.quantity).toBe(10 + 25 * 3 - 25);
  },
};

const inBatch = changes(
  "POST /batch of increments",
  [
    { method: "PATCH", path: "/stocks/north,bolt", body: { quantity: by(-4) } },
    { method: "POST", path: "/stock_moves", body: { warehouse: "north", sku: "bolt", delta: -4 } },
    { method: "PATCH", path: "/stocks/north,nut", body: { quantity: by("$0.quantity") } },
  ],
  (answer) => {
    is(200, answer);
    expect([answer.json[0].body.quantity, answer.json[2].body.quantity]).toEqual([6, 6]);
  },
);

const nested = changes(
  "PATCH /groups/1 of increments in its meetups",
  { meetups: [{ id: 1, seats: by(2) }] },
  (answer) => {
    is(200, answer);
    expect(answer.json.meetups).toMatchObject([{ id: 1, seats: 42 }]);
  },
);

const both = changes(
  "PATCH /members/1 of an increment and a value",
  { age: by(1), name: "Ada L.", balance: by(-0.5) },
  (answer) => {
    is(200, answer);
    expect(answer.json).toMatchObject({ age: 37, name: "Ada L.", balance: 10 });
  },
);

const json: Case = {
  title: "PATCH /samples/600 of an object with an increment in JSON",
  writes: true,
  async run(api) {
    is(201, await api.ask("POST /samples", { body: { id: 600 } }));
    is(200, await api.ask("PATCH /samples/600", { body: { document: by(-1) } }));
    expect((await api.ask("GET /samples/600")).json.document).toEqual({ increment: -1 });
  },
};

const refused = (path: string, body: object, says: RegExp, fields: readonly string[], title = ""): Case =>
  refuses(`PATCH ${path} of ${JSON.stringify(body)}${title}`, 422, "invalid_value", { body, says, fields });

export const increments = [
  adds("/meetups/1", "seats", [-1], "39"),
  adds("/countries/2/members/3", "age", [2], "30"),
  adds("/members/1", "balance", [0.1, 0.2], "10.8"),
  adds("/members/4", "balance", [0.01, "-1234567.9"], "0"),
  adds("/members/12", "balance", [0.1, 0.1, 0.1], "0.31"),
  addsTo("big", "9007199254740993", [1, "9007199254740993"], "18014398509481987"),
  addsTo("big", "9223372036854775807", ["-9223372036854775808", -1], "-2"),
  addsTo("big", "-9223372036854775808", [1], "-9223372036854775807"),
  addsTo("amount", "-0.0001", [0.0003], "0.0002"),
  addsTo("amount", "123456789.1234", [0.0001, "1e1"], "123456799.1235"),
  addsTo("ratio", "1.5", [0.25], "1.75"),
  adds("/venues/3", "capacity", [5], "null"),
  addsTo("big", "null", [1], "null"),
  addsTo("amount", "null", [0.5], "null"),
  addsTo("ratio", "null", [0.5], "null"),
  race,
  inBatch,
  nested,
  both,
  json,
  refused("/samples/1", { big: by(1) }, /out of range/, ["big"]),
  refused("/members/4", { balance: by(99999999) }, /out of range/, ["balance"]),
  refused("/samples/1", { amount: by(1e16) }, /out of range/, ["amount"]),
  refused("/members/1", { name: by(1) }, /name cannot be incremented: only numbers can/, ["name"]),
  refused("/samples/1", { flag: by(1), day: by(1), token: by(1), mood: by(1) }, /only numbers can/, [
    "flag",
    "day",
    "token",
    "mood",
  ]),
  refused("/members/1", { id: by(1) }, /part of the row's key/, ["id"]),
  refused("/stocks/north,bolt", { sku: by(1) }, /only numbers/, ["sku"]),
  refused("/members/1", { age: by("x") }, /cannot be incremented by this: it is a whole number/, ["age"]),
  refused("/members/1", { age: by(1.5) }, /whole number/, ["age"]),
  refused("/members/1", { age: by(null) }, /not null/, ["age"]),
  refused("/members/1", { age: by([1]) }, /not an array/, ["age"]),
  refused("/members/1", { age: by({ increment: 1 }) }, /not an object/, ["age"]),
  refused("/members/1", { age: { decrement: 1 } }, /not an object/, ["age"]),
  refused("/members/1", { age: { increment: 1, times: 2 } }, /not an object/, ["age"]),
  refused("/members/1", { age: by("1; DROP TABLE members") }, /whole number/, ["age"]),
  refuses("PATCH /meetups/1 of more seats than there are", 422, "check_violation", { body: { seats: by(-41) } }),
  refuses("PUT /stocks/north,bolt of an increment", 422, "invalid_value", {
    body: { quantity: by(1) },
    fields: ["quantity"],
  }),
  refuses("POST /stocks of an increment", 422, "invalid_value", {
    body: { warehouse: "x", sku: "y", quantity: by(1) },
    fields: ["quantity"],
  }),
];
