// The same attacks where a name, a number, a path, a header or a body's key is expected: none of it reaches a statement, and no row changes.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { enc } from "../conformance/case.js";
import { forbiddenWord } from "../conformance/leaks.js";
import { ddl as articles } from "../fixtures/articles.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as places } from "../fixtures/places.js";
import { type Created, ddlNameOf, everyDatabase } from "../support/databases.js";
import { attacks } from "./strings.js";

interface Sent {
  readonly line: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const gets = (...lines: readonly string[]): Sent[] => lines.map((line) => ({ line: `GET ${line}` }));
const inQuotes = (text: string) => enc(JSON.stringify(text));
const cursor = (at: unknown) => Buffer.from(JSON.stringify(at)).toString("base64url");

/** By what the attack stands in the place of. */
const byPlace: Readonly<Record<string, (attack: string, text: string) => readonly Sent[]>> = {
  "filtered columns": (_, text) =>
    gets(
      `/members?${text}=1`,
      `/members?name${text}=1`,
      `/members?country.${text}=1`,
      `/members?${text}.name=1`,
      `/members?name=${text}:1`,
      `/members?name=not.${text}:1`,
      `/members?name=is:${text}`,
      `/members?or=(${text}=1)`,
      `/members?or=(name=${text})`,
      `/members?${text}=(name=1)`,
      `/members?and=(${text}`,
    ),
  "sorting names": (_, text) =>
    gets(
      `/members?order-by=${text}`,
      `/members?order-by=name${text}:asc`,
      `/members?order-by=name:${text}`,
      `/members?order-by=name:asc:${text}`,
      `/members?order-by=country.${text}:asc`,
      `/members?order-by=${text}.name:asc`,
      `/places?order-by=address-%3E${text}:asc`,
    ),
  "selected names": (attack, text) =>
    gets(
      `/members?select=${text}`,
      `/members?select=name${text}`,
      `/members?select=${inQuotes(attack)}`,
      `/members?select=country(${text})`,
      `/members?select=${text}(name)`,
      `/members?select=country!${text}(name)`,
      `/members/1?select=${text}`,
      `/members?select=age.${text}()`,
      `/members?select=${text}.avg()`,
      `/members?select=distinct.${text}`,
    ),
  aliases: (attack, text) =>
    gets(
      `/members?select=${text}:name`,
      `/members?select=${inQuotes(attack)}:name`,
      `/members?select=${inQuotes(attack)}:country(name)`,
      `/members?select=${inQuotes(attack)}:age.avg()&order-by=${text}`,
      `/members?select=a:name&having=${text}=1`,
      `/members?select=n:count()&having=n=${text}`,
    ),
  "places in JSON": (attack, text) =>
    gets(
      `/places?address-%3E${text}=1`,
      `/places?address-%3E${inQuotes(attack)}=1`,
      `/places?address-%3E${inQuotes(attack)}-%3Ea=like:x`,
      `/places?address-%3Ecity-%3E${inQuotes(attack)}=contains:x`,
      `/places?address-%3E0-%3E${inQuotes(attack)}=is:notnull`,
      `/places?order-by=address-%3E${inQuotes(attack)}:asc`,
      `/places?labels=contains:${inQuotes(attack)}`,
      `/places?address-%3Etags=contains:${inQuotes(attack)}`,
    ),
  "paging and counting": (_, text) =>
    ["limit", "offset", "count", "after", "before", "envelope", "members.limit"].flatMap((name) =>
      gets(`/groups?${name}=${text}`, `/groups?select=name,members(name)&${name}=1${text}`),
    ),
  cursors: (attack) => {
    const [of, at] = [attack, { 0: attack, 1: attack }];
    return [{ of: "x", at }, { of, at }, { of, at: attack }, { of }, attack].flatMap((value) =>
      gets(
        `/members?after=${cursor(value)}`,
        `/members?before=${cursor(value)}&order-by=name:asc`,
        `/members?after=${cursor(value)}.1`,
      ),
    );
  },
  "languages of a search": (attack, text) =>
    gets(
      `/articles?body=fts(${text}):cat`,
      `/articles?or=(body=fts(${text}):cat)`,
      `/articles?title=fts(simple${text}):cat`,
      `/articles?body=fts(simple):${inQuotes(attack)}`,
    ),
  "keys in paths": (_, text) => [
    ...gets(`/${text}`, `/members/${text}`, `/airports/${text}`, `/stocks/${text},${text}`, `/groups/${text}/members`),
    ...gets(`/groups/1/members/${text}`, `/airports/${text}/origin_flights/${text}`, `/members/1/${text}`),
    ...["DELETE", "PUT", "PATCH"].flatMap((method) => [
      { line: `${method} /airports/${text}`, body: { name: "x" } },
      { line: `${method} /members/${text}`, body: { name: "x" } },
      { line: `${method} /stocks/${text},${text}`, body: { quantity: 1 } },
      { line: `${method} /groups/${text}/meetups/1`, body: { title: "x" } },
    ]),
    { line: `POST /groups/${text}/members/1/add`, body: {} },
    { line: `POST /groups/1/members/${text}/delete` },
    { line: `POST /groups/${text}/meetups`, body: { title: "x" } },
  ],
  headers: (attack) => {
    const header = enc(attack);
    return ["range", "prefer", "if-match", "if-none-match", "accept", "content-type"].flatMap((name) => [
      { line: "GET /members", headers: { [name]: header } },
      { line: "GET /members", headers: { [name]: `items=0-${attack}` } },
      { line: "PATCH /members/1", body: { nope: 1 }, headers: { [name]: attack } },
      { line: "PATCH /members/1", body: { nope: 1 }, headers: { [name]: `"${attack}"` } },
      { line: "PATCH /members/1", body: { nope: 1 }, headers: { [name]: `return=${attack}, tx=rollback` } },
    ]);
  },
  "keys and values in bodies": (attack) => [
    { line: "POST /members", body: { [attack]: 1 } },
    { line: "POST /members", body: [{ [attack]: 1 }, { name: attack, [attack]: attack }] },
    { line: "PATCH /members/1", body: { [attack]: attack } },
    { line: "PUT /members/1", body: { [attack]: attack, name: attack } },
    { line: "POST /meetups/2/members/5/add", body: { [attack]: attack } },
    { line: "PUT /groups/1/members", body: [attack] },
    { line: "PUT /groups/1/members", body: [{ [attack]: 1 }] },
    { line: "POST /members", body: { name: attack, email: "x", age: attack } },
    { line: "POST /groups", body: { name: attack, meetups: [{ [attack]: 1 }] } },
    { line: "POST /groups", body: { name: attack, members: [{ id: attack }] } },
    { line: "POST /batch", body: [{ method: "GET", path: `/members/${enc(attack)}` }] },
    { line: "POST /batch", body: [{ method: attack, path: "/members" }] },
    { line: "POST /batch", body: [{ method: "PATCH", path: "/members/1", body: { [attack]: attack } }] },
  ],
  "CSV, both ways": (attack, text) => [
    ...[`/members?name=eq:${text}`, `/members?select=${text}`].map((path) => ({
      line: `GET ${path}`,
      headers: { accept: "text/csv" },
    })),
    ...[`"${attack.replaceAll('"', '""')}"\n1`, `${attack}\n1`, `name,email,age\na,b,${attack}`].map((body) => ({
      line: "POST /members",
      body,
      headers: { "content-type": "text/csv" },
    })),
    { line: "POST /members", body: "name\na", headers: { "content-type": `text/csv; charset=${attack}` } },
  ],
  "columns of a conflict": (attack, text) =>
    [
      `on-conflict=merge&conflict-columns=${text}`,
      `on-conflict=ignore&conflict-columns=name,${inQuotes(attack)}`,
      `on-conflict=${text}`,
      `${text}=merge`,
    ].map((query) => ({ line: `POST /members?${query}`, body: { name: "x", email: "x" } })),
};

const tables = "members groups meetups airports stocks countries articles sections places logs".split(" ");

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    let api: Api;
    let before: unknown;
    beforeAll(async () => {
      created = await database.create(
        [community, places, articles].map((ddl) => ddl[ddlNameOf(database.name)]).join("\n"),
      );
      api = await createApi(created.url);
      before = await rows();
    });
    afterAll(async () => {
      await api?.close();
      await created?.drop();
    });

    const rows = async () => {
      const all = await Promise.all(tables.map((table) => created.knex(table).select()));
      return all.map((some) => some.map((row) => JSON.stringify(row)).sort());
    };

    async function send({ line, body, headers = {} }: Sent): Promise<void> {
      const [method = "", target = ""] = line.split(" ");
      const [path = "", query = ""] = target.split("?");
      const given = body === undefined ? headers : { "content-type": "application/json", ...headers };
      const answer = await api.handle({
        ...{ method, path, query, prefix: "", raw: undefined },
        header: (name) => given[name],
        body: async () => ({
          kind: "bytes",
          bytes: Buffer.from(typeof body === "string" ? body : (JSON.stringify(body) ?? "")),
        }),
      });
      if (answer === undefined) return;
      const said = `${line} ${JSON.stringify([body, headers])}`;
      expect(answer.status, `${said}: ${answer.body}`).toBeLessThan(500);
      expect(answer.status < 300 && method !== "GET", `${said}: ${answer.body}`).toBe(false);
      if (answer.status >= 400)
        expect(forbiddenWord(answer.body ?? "", said), `${said}: ${answer.body}`).toBeUndefined();
    }

    for (const [place, requests] of Object.entries(byPlace)) {
      test(place, { timeout: 60_000 }, async () => {
        for (const attack of attacks) for (const request of requests(attack, enc(attack))) await send(request);
        expect(await rows()).toEqual(before);
      });
    }
  });
}
