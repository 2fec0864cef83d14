// Injection, really run: what looks like SQL is a value, or no name at all. No table changes, and nothing falls over.
import { expect } from "vitest";
import { type Case, enc, operators } from "../case.js";
import { forbiddenWord } from "../leaks.js";
import type { Subject } from "../subject.js";

const strings = [
  "1; DROP TABLE members--",
  "1'; DROP TABLE members; --",
  "' OR '1'='1",
  "' OR 1=1 --",
  '" OR "1"="1',
  '") --',
  "`) --",
  "1) OR (1=1",
  "\\",
  "\\'",
  "\\' OR 1=1 -- ",
  "%' OR 1=1 --",
  "x\\' ; DELETE FROM logs; -- \\",
  "/*",
  "?",
  "$1",
  ":name",
  "{{7*7}}",
  "1 UNION SELECT * FROM members",
  "0x31",
  "CAST(1 AS int)",
  "1,(SELECT 1)",
  "\u2019 OR 1=1",
  "|",
];

/** Sends each line with each string in place of `*`. */
function survives(title: string, lines: (text: string) => readonly (readonly [line: string, body?: unknown])[]): Case {
  return {
    title,
    async run(api: Subject) {
      const before = await api.rows();
      for (const text of strings) {
        for (const [line, body] of lines(text)) {
          const answer = await api.ask(line, body === undefined ? {} : { body });
          expect(answer.status, `${line}: ${answer.text}`).toBeLessThan(500);
          const said = `${line} ${JSON.stringify(body)}`;
          if (answer.status >= 400) expect(forbiddenWord(answer.text, said), `${line}: ${answer.text}`).toBeUndefined();
          // An attack that finds all rows has worked.
          if (line.startsWith("GET /members?name=eq:")) expect(answer.json, line).toEqual([]);
        }
      }
      expect(await api.rows()).toEqual(before);
    },
  };
}

export const attacks = [
  ...operators.map((operator) =>
    survives(`GET /members?name=${operator}:*`, (text) => [
      [`GET /members?name=${operator}:${enc(text)}`],
      [`GET /members?age=${operator}:${enc(text)}`],
      [`GET /samples?document=${operator}:${enc(text)}`],
      [`GET /groups/1/members?name=${operator}:${enc(text)},${enc(text)}`],
    ]),
  ),
  survives("GET /members?*=1", (text) => [
    [`GET /members?${enc(text)}=1`],
    [`GET /members?name${enc(text)}=1`],
    [`GET /members?name=${enc(text)}:1`],
  ]),
  survives("GET /members?order-by=*", (text) => [
    [`GET /members?order-by=${enc(text)}`],
    [`GET /members?order-by=name:${enc(text)}`],
    [`GET /members?order-by=name${enc(text)}:asc`],
  ]),
  survives("GET /members?limit=*", (text) => [
    [`GET /members?limit=${enc(text)}`],
    [`GET /members?offset=${enc(text)}`],
    [`GET /members?count=${enc(text)}`],
  ]),
  survives("GET /airports/*", (text) => [
    [`GET /airports/${enc(text)}`],
    [`DELETE /airports/${enc(text)}`],
    [`GET /airports/${enc(text)}/origin_flights`],
    [`GET /members/${enc(text)}`],
    [`DELETE /members/${enc(text)}`],
    [`GET /stocks/${enc(text)},${enc(text)}`],
    [`DELETE /stocks/${enc(text)},${enc(text)}`],
    [`POST /groups/${enc(text)}/members/1/add`],
    [`POST /groups/1/members/${enc(text)}/delete`],
    [`GET /${enc(text)}`],
  ]),
  survives("POST /members of {*: 1}", (text) => [
    ["POST /members", { [text]: 1 }],
    ["PATCH /members/1", { [text]: text }],
    ["POST /meetups/2/members/5/add", { [text]: text }],
    ["POST /members", { name: text, email: text, joined: text }],
  ]),
  {
    ...survives("POST /groups of a name like *", () => []),
    writes: true,
    async run(api: Subject) {
      for (const text of strings) {
        const { json, status } = await api.ask("POST /groups", { body: { name: text, description: text } });
        expect({ status, name: json.name, description: json.description }).toEqual({
          status: 201,
          name: text,
          description: text,
        });
        const changed = await api.ask(`PATCH /groups/${json.id}`, { body: { description: `${text}${text}` } });
        expect(changed.json.description).toBe(`${text}${text}`);
        const found = await api.ask(`GET /groups?name=contains:${enc(text)}&id=${json.id}`);
        expect(found.json.map(({ name }: { name: string }) => name)).toEqual([text]);
      }
    },
  },
];
