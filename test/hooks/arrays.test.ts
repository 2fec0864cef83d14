// POST of an array: each row has hooks of its own around it, all in the one transaction.
import { expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { Hooks } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { write } from "../support/answers.js";
import { onEveryDatabase } from "../support/matrix.js";

onEveryDatabase(ddl, (place) => {
  const count = async () => (await place.db().knex("countries").select()).length;
  const body = [
    { name: "Ghana", code: "GH" },
    { name: "Togo", code: "TG" },
    { name: "Benin", code: "BJ" },
  ];

  test("each row has its own context, body and result", async () => {
    const said: string[] = [];
    const hooks: Hooks = {
      preSave: ({ body }) => {
        said.push(`pre ${body.name}`);
        body.name = `${body.name}!`;
        if (body.code === "TG") delete body.id;
      },
      postSave: (context) => {
        const row = context.result as { name: string };
        said.push(`post ${context.body.name} ${row.name}`);
        context.result = { shown: row.name };
      },
      afterCommit: ({ body }) => said.push(`after ${body.name}`),
    };
    const app = await place.app({ hooks });
    const answer = await write(app, "POST /countries", 201, body);
    expect(answer.json).toEqual([{ shown: "Ghana!" }, { shown: "Togo!" }, { shown: "Benin!" }]);
    expect(said).toEqual([
      ...["pre Ghana", "pre Togo", "pre Benin"],
      ...["post Ghana! Ghana!", "post Togo! Togo!", "post Benin! Benin!"],
      ...["after Ghana!", "after Togo!", "after Benin!"],
    ]);
    await place.db().knex("countries").whereIn("code", ["GH", "TG", "BJ"]).delete();
  });

  test("what the path says stands in each body", async () => {
    const seen: unknown[] = [];
    const hooks: Hooks = { preSave: ({ body }) => void seen.push(body.country_id) };
    const app = await place.app({ hooks });
    await write(app, "POST /countries/2/venues", 201, [{ name: "Barn" }, { name: "Shed" }]);
    expect(seen).toEqual([2, 2]);
  });

  test.each(["preSave", "postSave"] as const)("a %s that refuses the second row leaves none", async (name) => {
    const before = await count();
    const refuse = ({ body }: { body: Record<string, unknown> }) => {
      if (body.code === "TG") throw new HttpError(403, "Not Togo.", { code: "closed" });
    };
    const app = await place.app({ hooks: { [name]: refuse } });
    isProblem(await app.ask("POST /countries", { body }), 403, "closed");
    expect(await count()).toBe(before);
  });

  test("an empty array meets no hook", async () => {
    const app = await place.app({
      hooks: {
        preSave: () => {
          throw new Error("met");
        },
      },
    });
    expect((await write(app, "POST /countries", 201, [])).json).toEqual([]);
  });
});
