// The option `user`: what an app's own authentication says of who asks, through each framework.
import { expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { Caller } from "../../src/http/caller.js";
import { createApi, HttpError } from "../../src/index.js";
import { frameworks } from "../support/apps.js";
import { asking, ddl, roles, sqlite } from "./asked.js";

type User = NonNullable<ApiOptions["user"]>;

const answering = (claims: unknown) => asking({ user: () => claims });

/** Where each framework keeps the user of the app's log-in. */
const userOf = {
  koa: (context: unknown) => (context as { state: { user?: string } }).state.user,
  express: (request: unknown) => (request as { user?: string }).user,
  fastify: (request: unknown) => (request as { user?: string }).user,
};

test.each(frameworks)("through $name it is asked with the framework's own request", async ({ name, start }) => {
  const created = await sqlite.create(ddl);
  const callers: (Caller | undefined)[] = [];
  const user: User = (raw) => {
    const sub = userOf[name](raw);
    return sub === undefined ? null : Promise.resolve({ sub, role: "member" });
  };
  const app = await start(created.url, {
    roles,
    user,
    hooks: { preRead: ({ request }) => void callers.push(request.caller) },
  });
  expect((await app.ask("GET /notes/1", { headers: { "x-user": "ada" } })).status).toBe(200);
  expect((await app.ask("GET /notes/1")).status).toBe(200);
  expect(callers).toEqual([
    { role: "member", claims: { sub: "ada", role: "member" } },
    { role: "anonymous", claims: {} },
  ]);
  await app.close();
  await created.drop();
});

test.each([
  ["one role", { role: "member" }, "member"],
  ["several: the first of the config", { role: ["member", "admin"] }, "admin"],
  ["known ones among others", { role: ["owner", "member"] }, "member"],
])("%s", async (_title, claims, role) => {
  const { ask, close } = await answering(claims);
  expect((await ask()).caller).toEqual({ role, claims });
  await close();
});

test.each([
  ["no role", {}],
  ["an unknown one", { role: "owner" }],
  ["anonymous", { role: "anonymous" }],
  ["anonymous among others", { role: ["owner", "anonymous"] }],
  ["what every object has", { role: "constructor" }],
  ["a role that is inherited", Object.create({ role: "admin" })],
  ["no text", { role: { admin: true } }],
  ["a list in a list", { role: [["admin"]] }],
])("403 for %s", async (_title, claims) => {
  const { ask, close } = await answering(claims);
  expect(await ask()).toMatchObject({
    status: 403,
    code: "forbidden",
    detail: "Your account names no role that is known here.",
  });
  await close();
});

test("headers are the app's own affair", async () => {
  const { ask, close } = await answering({ role: "member" });
  expect((await ask({ authorization: "Basic YTpi", "x-api-key": "k" })).caller?.role).toBe("member");
  await close();
});

test("what it throws is the answer, where it is an HttpError", async () => {
  const { ask, close } = await asking({
    user: () => {
      throw new HttpError(401, "Your session has ended.", { code: "session_ended" });
    },
  });
  expect(await ask()).toMatchObject({ status: 401, code: "session_ended" });
  await close();
});

test.each([{ claims: 7 }, { claims: "ada" }, { claims: ["admin"] }])(
  "what is no object is the app's mistake: %j",
  async ({ claims }) => {
    const { ask, close } = await answering(claims);
    await expect(ask()).rejects.toThrow("options.user: it answers an object");
    await close();
  },
);

test.each([
  [{ user: () => null }, "options.roles: is missing, so nothing is granted"],
  [{ user: "ada", roles }, "options.user: is a function"],
  [{ auth: {}, roles }, "options.auth: names no way to sign in"],
  [{ auth: { jwt: undefined }, roles }, "options.auth: names no way to sign in"],
] as [ApiOptions, string][])("a mistake stops the start: %o", async (options, message) => {
  await expect(createApi("sqlite::memory:", options)).rejects.toThrow(message);
});
