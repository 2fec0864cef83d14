// A TINYINT(1) that tells rows apart is a number, though the type is a boolean elsewhere: keys, and what refers to them.
import { beforeAll, expect, test } from "vitest";
import { answers, lists, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const ddl = `
CREATE TABLE states (id TINYINT(1) PRIMARY KEY, name VARCHAR(20));
CREATE TABLE levels (code TINYINT(1) UNSIGNED PRIMARY KEY, name VARCHAR(20));
CREATE TABLE orders (id INTEGER AUTO_INCREMENT PRIMARY KEY, state_id TINYINT(1), level TINYINT(1) UNSIGNED, paid TINYINT(1),
  FOREIGN KEY (level) REFERENCES levels (code));
CREATE TABLE flags (order_id INTEGER, isSet TINYINT(1), PRIMARY KEY (order_id, isSet));
INSERT INTO states VALUES (0, 'new'), (1, 'open'), (2, 'sent'), (5, 'done');
INSERT INTO levels VALUES (1, 'low'), (3, 'high');
INSERT INTO orders VALUES (1, 1, 1, 1), (2, 2, 3, 0), (3, 5, NULL, NULL);
INSERT INTO flags VALUES (1, 1), (1, 0);`;

onEveryServer(
  { sqlite: "", postgres: "", mariadb: ddl },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });

    lists(() => app, "id", {
      "GET /states?limit=1&order-by=id:desc": [5],
      "GET /states": [0, 1, 2, 5],
      "GET /states?id=gt:1": [2, 5],
      "GET /states/5/orders": [3],
      "GET /orders?state.name=sent": [2],
      "GET /levels/3/orders": [2],
    });
    answers(() => app, {
      "GET /states/2": { id: 2, name: "sent" },
      "GET /orders/1": { id: 1, state_id: 1, level: 1, paid: true },
      "GET /flags": [
        { order_id: 1, isSet: 0 },
        { order_id: 1, isSet: 1 },
      ],
    });

    test("a row is made under its number", async () => {
      const made = await write(app, "POST /states", 201, { id: 7, name: "gone" });
      expect([made.json, made.headers.location]).toEqual([{ id: 7, name: "gone" }, "/api/states/7"]);
      await write(app, "DELETE /states/7", 204);
      expect((await app.ask("GET /states")).json).toHaveLength(4);
    });
  },
  ["mariadb"],
);
