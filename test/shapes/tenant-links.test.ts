// Link tables of tenants: two foreign keys that share a column, which is written once.
import { expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { write } from "../support/answers.js";
import { onEveryServer } from "../support/matrix.js";

const ddl = (kind: string) => `
  CREATE TABLE users (tenant_id ${kind} NOT NULL, id INTEGER NOT NULL, name VARCHAR(20), PRIMARY KEY (tenant_id, id));
  CREATE TABLE tags (tenant_id ${kind} NOT NULL, id INTEGER NOT NULL, name VARCHAR(20), PRIMARY KEY (tenant_id, id));
  CREATE TABLE marks (tenant_id ${kind} NOT NULL, user_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (tenant_id, user_id, tag_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users(tenant_id, id), FOREIGN KEY (tenant_id, tag_id) REFERENCES tags(tenant_id, id));
  INSERT INTO users VALUES (1, 1, 'u11'), (2, 1, 'u21');
  INSERT INTO tags VALUES (1, 1, 't11'), (1, 2, 't12'), (2, 1, 't21');`;

const numbers = { sqlite: ddl("INTEGER"), postgres: ddl("INTEGER"), mariadb: ddl("INTEGER") };
const texts = {
  sqlite: ddl("VARCHAR(9)"),
  postgres: ddl("VARCHAR(9)").replace(/\((\d), (?=\d)/g, "('$1', "),
  mariadb: ddl("VARCHAR(9)"),
};

for (const [kind, schema] of Object.entries({ numbers, texts })) {
  onEveryServer(schema, (place) => {
    test(`a tenant of ${kind}: add, delete, PUT of the set, nested bodies`, async () => {
      const app = await place.app();
      const ids = async (path: string) =>
        (await app.ask(`GET ${path}`)).json.map(
          (row: { tenant_id: unknown; id: number }) => `${row.tenant_id},${row.id}`,
        );
      const added = await write(app, "POST /users/1,1/tags/1,2/add", 201, {});
      expect(added.json).toMatchObject({ user_id: 1, tag_id: 2 });
      expect(String(added.json.tenant_id)).toBe("1");
      await write(app, "POST /users/1,1/tags/1,2/add", 200, {});
      isProblem(await app.ask("POST /users/1,1/tags/2,1/add", { body: {} }), 409, "foreign_key_violation", "add");
      isProblem(await app.ask("PUT /users/1,1/tags", { body: ["1,1", "2,1"] }), 409, "foreign_key_violation", "PUT");
      expect(await ids("/users/1,1/tags")).toEqual(["1,2"]);
      await write(app, "PUT /users/1,1/tags", 200, ["1,1"]);
      expect(await ids("/users/1,1/tags")).toEqual(["1,1"]);
      expect(await ids("/users/2,1/tags")).toEqual([]);
      const tenant = added.json.tenant_id;
      const other = kind === "texts" ? "2" : 2;
      const nested = (of: unknown) => ({ tenant_id: tenant, id: 5, name: "n", tags: [{ tenant_id: of, id: 1 }] });
      isProblem(await app.ask("POST /users", { body: nested(other) }), 409, "foreign_key_violation", "nested");
      expect((await app.ask("GET /users/1,5")).status).toBe(404);
      await write(app, "POST /users", 201, nested(tenant));
      expect(await ids("/users/1,5/tags")).toEqual(["1,1"]);
      expect(await ids("/tags/1,1/users")).toEqual(["1,1", "1,5"]);
      isProblem(await app.ask("POST /users/1,9/tags/1,1/add", { body: {} }), 404, "parent_not_found", "no user");
      isProblem(await app.ask("POST /users/1,1/tags/1,9/add", { body: {} }), 404, "not_found", "no tag");
      expect((await app.ask("POST /users/1,1/tags/1,1/delete")).status).toBe(204);
      isProblem(await app.ask("POST /users/1,1/tags/2,1/delete"), 404, "link_not_found", "delete");
      expect((await app.ask("DELETE /users/1,5/tags?id=1")).headers["x-total-count"]).toBe("1");
    });
  });
}
