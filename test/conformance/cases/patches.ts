// JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902): what they make of a row, and of the JSON in it.
import { parse } from "lossless-json";
import { expect } from "vitest";
import { type Case, is, refuses } from "../case.js";
import type { Subject } from "../subject.js";

const MERGE = { "content-type": "application/merge-patch+json" };
const STEPS = { "content-type": "application/json-patch+json" };

const standing = '{"a":{"b":1,"c":[1,2,3]},"big":9007199254740993,"n":null,"/~":"odd"}';

/** Rows that are put back are those that have come. */
const ROW = "/samples/901";
const made = async (api: Subject, body: unknown) => is(201, await api.ask("POST /samples", { body }));

/** The row's document as it is after the patch of `standing`, digit by digit, and what else the row then shows. */
const patches = (headers: Record<string, string>, body: string, after: string, more: object = {}): Case => ({
  title: `PATCH ${ROW} of ${headers["content-type"]?.slice(12, -5)} ${body}`,
  writes: true,
  async run(api) {
    await made(api, `{"id":901,"document":${standing},"short":"old","flag":true}`);
    const answer = await api.ask(`PATCH ${ROW}`, { body, headers });
    is(200, answer);
    const read = await api.ask(`GET ${ROW}`);
    expect([read.text, read.headers.etag]).toEqual([answer.text, answer.headers.etag]);
    expect((parse(answer.text) as Record<string, unknown>).document).toEqual(parse(after));
    expect(answer.json).toMatchObject(more);
  },
});

const merges = (body: string, after: string, more: object = {}) => patches(MERGE, body, after, more);
const steps = (body: string, after: string, more: object = {}) => patches(STEPS, body, after, more);
const rest = '"big":9007199254740993,"n":null,"/~":"odd"';
const one = (text: string) => `[${text}]`;

/** Of a document that is not there. */
const fromNothing: Case = {
  title: "PATCH /samples/901 of merge-patch into NULL",
  writes: true,
  async run(api) {
    await made(api, { id: 901, document: null });
    const answer = await api.ask(`PATCH ${ROW}`, {
      body: '{"document":{"a":{"b":null,"c":1},"d":null}}',
      headers: MERGE,
    });
    is(200, answer);
    expect(answer.json.document).toEqual({ a: { c: 1 } });
  },
};

const ofMany: Case = {
  title: "PATCH /samples?id=in:901,902 of merge-patch and json-patch: each row from its own document",
  writes: true,
  async run(api) {
    await made(
      api,
      [901, 902].map((id) => ({ id, document: { id, same: [id] } })),
    );
    const merged = await api.ask("PATCH /samples?id=in:901,902", {
      body: { document: { added: true } },
      headers: MERGE,
    });
    is(200, merged);
    expect(merged.json.map(({ document }: { document: unknown }) => document)).toEqual([
      { id: 901, same: [901], added: true },
      { id: 902, same: [902], added: true },
    ]);
    const body = [{ op: "move", from: "/document/same/0", path: "/document/moved" }];
    const moved = await api.ask("PATCH /samples?id=in:901,902", { body, headers: STEPS });
    is(200, moved);
    expect(moved.json.map(({ document }: { document: { moved: number } }) => document.moved)).toEqual([901, 902]);
  },
};

const conditional: Case = {
  title: "PATCH /samples/901 of json-patch with If-Match",
  writes: true,
  async run(api) {
    await made(api, { id: 901 });
    const { headers } = await api.ask(`GET ${ROW}`);
    const body = [{ op: "replace", path: "/short", value: "one" }];
    is(200, await api.ask(`PATCH ${ROW}`, { body, headers: { ...STEPS, "if-match": headers.etag as string } }));
    const late = await api.ask(`PATCH ${ROW}`, { body, headers: { ...STEPS, "if-match": headers.etag as string } });
    expect([late.status, late.json.code]).toEqual([412, "precondition_failed"]);
  },
};

/** Each takes what the one before has left: none is lost. */
const race: Case = {
  title: "PATCH /samples/901 of ten json-patches at once",
  writes: true,
  async run(api) {
    await made(api, { id: 901, document: [] });
    const body = [{ op: "add", path: "/document/-", value: 1 }];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.ask(`PATCH ${ROW}`, { body, headers: STEPS })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const { json } = await api.ask(`GET ${ROW}`);
    expect(json.document).toHaveLength(statuses.filter((status) => status === 200).length);
  },
};

const inBatch: Case = {
  title: "POST /batch with a merge-patch",
  writes: true,
  async run(api) {
    const headers = { "content-type": "application/merge-patch+json" };
    const body = [
      { method: "PATCH", path: ROW, body: { document: { a: 1, b: 2 } } },
      { method: "PATCH", path: ROW, headers, body: { document: { a: null } } },
    ];
    await made(api, { id: 901 });
    const answer = await api.ask("POST /batch", { body });
    is(200, answer);
    expect(answer.json[1].body.document).toEqual({ b: 2 });
  },
};

const told: Case = {
  title: "OPTIONS /samples/1 tells the forms of a patch",
  async run(api) {
    const { status, headers } = await api.ask("OPTIONS /samples/1");
    expect([status, headers["accept-patch"]]).toEqual([
      204,
      "application/json, application/merge-patch+json, application/json-patch+json",
    ]);
    const ofLists =
      "application/json, application/merge-patch+json, application/json-patch+json, text/csv, application/x-ndjson";
    expect((await api.ask("OPTIONS /samples")).headers["accept-patch"]).toBe(ofLists);
    const xml = { "content-type": "application/xml" };
    const refused = await api.ask("PATCH /samples?id=1", { body: "<a/>", headers: xml });
    expect([refused.status, refused.headers["accept-patch"]]).toEqual([415, ofLists]);
    expect((await api.ask("OPTIONS /batch")).headers["accept-patch"]).toBeUndefined();
  },
};

const refusesSteps = (body: unknown, status: number, code: string, says: RegExp): Case =>
  refuses(`PATCH /samples/1 of ${JSON.stringify(body).slice(0, 120)}`, status, code, { body, headers: STEPS, says });

const add = (path: string, value: unknown = 1) => ({ op: "add", path, value });

export const patching: readonly Case[] = [
  merges(
    '{"document":{"a":{"b":null,"d":[1]},"big":null},"short":null}',
    '{"a":{"c":[1,2,3],"d":[1]},"n":null,"/~":"odd"}',
    {
      short: null,
      flag: true,
    },
  ),
  merges('{"document":{"a":{"c":{"x":{"y":null}}}}}', `{"a":{"b":1,"c":{"x":{}}},${rest}}`),
  merges('{"document":{}}', standing),
  merges('{"document":[1,null]}', "[1,null]"),
  merges('{"document":{"a":9007199254740995}}', `{"a":9007199254740995,${rest}}`),
  merges('{"document":{"__proto__":{"x":1}}}', `${standing.slice(0, -1)},"__proto__":{"x":1}}`),
  merges('{"short":"new"}', standing, { short: "new" }),
  steps(
    one('{"op":"replace","path":"/document/a/b","value":9007199254740995}'),
    `{"a":{"b":9007199254740995,"c":[1,2,3]},${rest}}`,
  ),
  steps(
    one('{"op":"add","path":"/document/a/c/1","value":{"x":null}}'),
    `{"a":{"b":1,"c":[1,{"x":null},2,3]},${rest}}`,
  ),
  steps(one('{"op":"add","path":"/document/a/c/-","value":4}'), `{"a":{"b":1,"c":[1,2,3,4]},${rest}}`),
  steps(one('{"op":"remove","path":"/document/a/c/0"}'), `{"a":{"b":1,"c":[2,3]},${rest}}`),
  steps(one('{"op":"remove","path":"/document/~1~0"}'), '{"a":{"b":1,"c":[1,2,3]},"big":9007199254740993,"n":null}'),
  steps(
    '[{"op":"test","path":"/document/big","value":9007199254740993},{"op":"copy","from":"/document/a/c","path":"/document/n"},{"op":"move","from":"/document/a/b","path":"/amount"}]',
    '{"a":{"c":[1,2,3]},"big":9007199254740993,"n":[1,2,3],"/~":"odd"}',
    { amount: 1 },
  ),
  steps(one('{"op":"test","path":"/document/a","value":{"c":[1.0,2,3],"b":1e0}}'), standing),
  steps('[{"op":"remove","path":"/short"},{"op":"replace","path":"/flag","value":false}]', standing, {
    short: null,
    flag: false,
  }),
  steps("[]", standing),
  fromNothing,
  ofMany,
  conditional,
  race,
  inBatch,
  told,
  refusesSteps([{ op: "test", path: "/id", value: 2 }], 409, "patch_conflict", /^\[0\]: \/id is not what test says/),
  refusesSteps([{ op: "test", path: "/id", value: "1" }], 409, "patch_conflict", /test/),
  refusesSteps(
    [
      { op: "replace", path: "/short", value: "x" },
      { op: "test", path: "/id", value: 2 },
    ],
    409,
    "patch_conflict",
    /^\[1\]/,
  ),
  refusesSteps([{ op: "remove", path: "/document/nothing/there" }], 409, "patch_conflict", /is not there/),
  refusesSteps([add("/document/a/c/9")], 409, "patch_conflict", /./),
  refusesSteps([{ op: "remove", path: "/document/toString" }], 409, "patch_conflict", /./),
  refusesSteps([add("/documnt/a")], 400, "unknown_column", /document/),
  refusesSteps([add("")], 400, "invalid_body", /a column/),
  refusesSteps([add("document")], 400, "invalid_body", /begins with \//),
  refusesSteps([add("/document/~2")], 400, "invalid_body", /~0/),
  refusesSteps([{ op: "replce", path: "/short", value: 1 }], 400, "invalid_body", /'replace'/),
  refusesSteps([{ op: "add", path: "/short" }], 400, "invalid_body", /value/),
  refusesSteps([{ op: "move", path: "/document/a/b", from: "/document/a" }], 400, "invalid_body", /inside itself/),
  refusesSteps({ document: 1 }, 400, "invalid_body", /array/),
  refusesSteps(
    Array.from({ length: 1001 }, () => add("/short", "x")),
    400,
    "too_complex",
    /1000/,
  ),
  refusesSteps(
    [
      { op: "replace", path: "/document", value: { a: "x".repeat(1000) } },
      ...Array.from({ length: 40 }, (_, i) => ({ op: "copy", from: "/document", path: `/document/${i}` })),
    ],
    400,
    "too_complex",
    /Copies/,
  ),
  refusesSteps([{ op: "replace", path: "/flag", value: "maybe" }], 422, "invalid_value", /flag/),
  refuses("PATCH /samples/999 of a json-patch", 404, "not_found", { body: [add("/short", "x")], headers: STEPS }),
  refuses("PATCH /samples/1 of a merge-patch that is an array", 400, "invalid_body", { body: [1], headers: MERGE }),
  refuses("PATCH /samples of a merge-patch that is an array", 400, "invalid_body", {
    body: [{ id: 1 }],
    headers: MERGE,
  }),
  refuses("PATCH /samples/1 as XML", 415, "unsupported_media_type", {
    body: "<a/>",
    headers: { "content-type": "application/xml" },
  }),
];
