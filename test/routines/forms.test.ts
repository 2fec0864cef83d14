// Arguments of rarer forms, on each database that has functions: variadic ones that are left out, enums, bits, geometries, moments.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const postgres = `
  CREATE TYPE mood AS ENUM ('ok', 'bad');
  CREATE FUNCTION feel(m mood) RETURNS mood LANGUAGE sql STABLE AS 'SELECT m';
  CREATE FUNCTION joined(sep text, VARIADIC parts text[]) RETURNS text LANGUAGE sql STABLE AS 'SELECT array_to_string(parts, sep)';
  CREATE FUNCTION flags(b bit(8)) RETURNS bit(8) LANGUAGE sql STABLE AS 'SELECT b';
  CREATE FUNCTION moment(t timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT t';`;
const mariadb = `
  CREATE FUNCTION feel(m ENUM('ok', 'bad')) RETURNS ENUM('ok', 'bad') NO SQL RETURN m;
  CREATE FUNCTION flags(b BIT(8)) RETURNS BIT(8) NO SQL RETURN b;
  CREATE FUNCTION place(p POINT) RETURNS POINT NO SQL RETURN p;
  CREATE FUNCTION moment(t TIMESTAMP) RETURNS TIMESTAMP NO SQL RETURN t;
  CREATE PROCEDURE turned(INOUT b BIT(8), INOUT n FLOAT) SET n = n * 2;`;

const ddl = { sqlite: "", postgres, mariadb };

onEveryServer(
  ddl,
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });

    test("what is no value of an enum is said in one sentence, with the nearest", async () => {
      const far = await app.ask("GET /rpc/feel?m=x");
      expect([far.status, far.json.detail]).toEqual([422, "m is one of ok, bad, not 'x'."]);
      const near = await app.ask("POST /rpc/feel", { body: { m: "badd" } });
      expect(near.json.detail).toBe("m is one of ok, bad, not 'badd'. Perhaps you meant 'bad'.");
    });

    test("bits are text of 0 and 1, and moments are what they were", async () => {
      expect((await app.ask("GET /rpc/flags?b=00000101")).json).toBe("00000101");
      const { json } = await app.ask("GET /rpc/moment?t=2024-01-01T10:00:00%2B02:00");
      expect(new Date(json).toISOString()).toBe("2024-01-01T08:00:00.000Z");
    });

    test.runIf(ddl[place.name].includes("VARIADIC"))("variadic arguments that are left out are none", async () => {
      expect((await app.ask("GET /rpc/joined?sep=-")).json).toBe("");
      expect((await app.ask("POST /rpc/joined", { body: { sep: "-" } })).json).toBe("");
      expect((await app.ask("POST /rpc/joined", { body: { sep: "-", parts: ["a", "b"] } })).json).toBe("a-b");
    });

    test.runIf(ddl[place.name].includes("POINT"))(
      "geometries are well-known text, and bits go through procedures",
      async () => {
        expect((await app.ask("GET /rpc/place?p=POINT(1%202)")).json).toMatch(/^POINT ?\(1 2\)$/);
        const turned = await app.ask("POST /rpc/turned", { body: { b: "11110000", n: 1.5 } });
        expect(turned.json, turned.text).toEqual({ b: "11110000", n: 3 });
      },
    );
  },
  ["postgres", "mariadb"],
);
