// The tools for agents, asked by the protocol's own client: over HTTP on a server, with the rights of whoever asks.
import { fileURLToPath } from "node:url";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDemo } from "../../src/cli/demo.js";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { ddl } from "../fixtures/community.js";
import { request } from "../support/http.js";
import { onEveryDatabase } from "../support/matrix.js";

interface ToolAnswer {
  readonly content: readonly { readonly text: string }[];
  readonly isError?: boolean;
}

interface McpClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string; readonly annotations?: object }[] }>;
  callTool(call: { readonly name: string; readonly arguments?: object }): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** The official client, which is looked for when the test runs. */
async function clientOf(url: string, headers: Record<string, string> = {}): Promise<McpClient> {
  const sdk = "@modelcontextprotocol/sdk/client";
  const { Client } = await import(`${sdk}/index.js`);
  const { StreamableHTTPClientTransport } = await import(`${sdk}/streamableHttp.js`);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

const routines: ServeSettings["routines"] = [
  {
    name: "older_than",
    reads: true,
    arguments: [{ name: "age", type: "integer" }],
    returns: "integer",
    sql: "SELECT count(*) FROM members WHERE age > :age",
  },
  {
    name: "rename_all",
    arguments: [],
    returns: "integer",
    run: async ({ trx }: { trx: (table: string) => { update(row: object): Promise<number> } }) =>
      trx("members").update({ name: "X" }),
  } as never,
];

onEveryDatabase(ddl, (place) => {
  const started: RunningServer[] = [];
  const clients: McpClient[] = [];
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(started.map((server) => server.close()));
  });
  const open = async (settings: ServeSettings) => {
    const server = await serve(place.db().url, { port: 0, logLevel: "silent", routines, ...settings });
    started.push(server);
    return server;
  };
  const talk = async (server: RunningServer, headers?: Record<string, string>) => {
    const client = await clientOf(`${server.url}/mcp`, headers);
    clients.push(client);
    return {
      client,
      use: async (name: string, given: object = {}) => {
        const { content, isError = false } = await client.callTool({ name, arguments: given });
        return { text: content[0]?.text ?? "", isError };
      },
    };
  };

  describe("for reading", () => {
    let server: RunningServer;
    let agent: Awaited<ReturnType<typeof talk>>;
    beforeAll(async () => {
      server = await open({ mcp: "read", maxLimit: 5_000 });
      agent = await talk(server);
    });

    test("tools that read, and none that writes", async () => {
      const { tools } = await agent.client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(["list_tables", "describe_table", "query", "call_routine"]);
      expect((await agent.use("write", { method: "DELETE", path: "/members/1" })).isError).toBe(true);
      expect((await agent.use("query", { path: "/members/1" })).isError).toBe(false);
    });

    test("list_tables and describe_table", async () => {
      const { tables, routines: named } = JSON.parse((await agent.use("list_tables")).text);
      expect(tables).toContainEqual(
        expect.objectContaining({ table: "members", path: "/members", relations: expect.arrayContaining(["groups"]) }),
      );
      expect(named).toEqual(["older_than", "rename_all"]);
      expect(JSON.parse((await agent.use("list_tables", { search: "MEMB" })).text).tables.length).toBeGreaterThan(0);
      const members = JSON.parse((await agent.use("describe_table", { table: "members" })).text);
      expect(members.columns).toContainEqual({ name: "id", type: "integer", nullable: false, key: true });
      expect(members.routes).toContain("GET /members/:id");
      const wrong = await agent.use("describe_table", { table: "membres" });
      expect(wrong).toEqual({ isError: true, text: "There is no table 'membres'. Perhaps you meant 'members'." });
    });

    test("query: the grammar, related rows, and refusals with their hints", async () => {
      const rows = await agent.use("query", {
        path: "/members",
        query: "id=in:1,2&select=id,country(code)&order-by=id:asc",
      });
      expect(JSON.parse(rows.text).map(({ id }: { id: number }) => id)).toEqual([1, 2]);
      expect((await agent.use("query", { path: "/members?limit=1&select=id", query: "count=exact" })).text).toMatch(
        /^\[\{"id":1\}\]\n\d+ rows in all\.$/,
      );
      const wrong = await agent.use("query", { path: "/members", query: "agee=1" });
      expect(wrong.isError).toBe(true);
      expect(wrong.text).toContain("Perhaps you meant 'age'");
      for (const path of ["/nothing", "members", "/docs", "/../health"])
        expect((await agent.use("query", { path })).isError).toBe(true);
      expect((await agent.use("query", { path: "/groups_members" })).text).toContain("/members/:id/groups");
      expect((await agent.use("query", { path: 7 })).text).toBe("path is a text.");
    });

    test("query: what is too long is cut, and says so", async () => {
      const long = Array.from({ length: 900 }, (_, i) => ({
        name: `${"n".repeat(50)}${i}`,
        email: `long${i}@mcp.example`,
      }));
      for (let at = 0; at < 900; at += 300)
        await place
          .db()
          .knex("members")
          .insert(long.slice(at, at + 300));
      try {
        const { text } = await agent.use("query", { path: "/members", query: "limit=900" });
        expect(text.length).toBeLessThan(40_300);
        expect(text).toContain("… cut after 40000 characters");
      } finally {
        await place.db().knex("members").where("email", "like", "long%@mcp.example").del();
      }
    });

    test("call_routine: those that read", async () => {
      expect((await agent.use("call_routine", { name: "older_than", arguments: { age: 0 } })).text).toMatch(/^\d+$/);
      const refused = await agent.use("call_routine", { name: "rename_all" });
      expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("may write") });
      expect((await agent.use("call_routine", { name: "older_then" })).text).toContain(
        "Perhaps you meant 'older_than'",
      );
      expect((await agent.use("call_routine", { name: "older_than", arguments: { agee: 1 } })).isError).toBe(true);
    });

    test("messages that are none, or many at once", async () => {
      const post = (body: unknown) =>
        request(server.url, "POST", "/mcp", {
          body,
          headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
        });
      expect((await post([{ jsonrpc: "2.0", id: 1, method: "tools/list" }])).json).toMatchObject({
        code: "invalid_body",
      });
      expect((await post({ hello: 1 })).status).toBe(400);
      expect((await request(server.url, "GET", "/mcp")).status).toBe(405);
    });
  });

  test("for writing: rows are made, changed and taken away", async () => {
    const agent = await talk(await open({ mcp: "write" }));
    const made = await agent.use("write", { method: "POST", path: "/groups", body: { name: "By an agent" } });
    const { id } = JSON.parse(made.text);
    expect(
      (await agent.use("write", { method: "PATCH", path: `/groups/${id}`, body: { name: "Renamed" } })).isError,
    ).toBe(false);
    expect((await agent.use("query", { path: `/groups/${id}?select=name` })).text).toBe('{"name":"Renamed"}');
    expect((await agent.use("write", { method: "POST", path: "/groups", body: { nam: 1 } })).isError).toBe(true);
    expect((await agent.use("write", { method: "GET", path: "/groups" })).isError).toBe(true);
    expect(await agent.use("write", { method: "DELETE", path: `/groups/${id}` })).toEqual({
      text: "Done: 204.",
      isError: false,
    });
  });

  test("the caller's role holds: what it may not see is not there", async () => {
    const roles = { reader: { countries: "read", members: { operations: ["read"], read: ["id", "name"] } } } as const;
    const secret = "s".repeat(40);
    const server = await open({ mcp: "write", roles, auth: { jwt: { secret } } } as never);
    const token = await new SignJWT({ role: "reader" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(secret));
    const nobody = await talk(server);
    expect(JSON.parse((await nobody.use("list_tables")).text)).toEqual({ tables: [], routines: [] });
    const agent = await talk(server, { authorization: `Bearer ${token}` });
    const { tables, routines: named } = JSON.parse((await agent.use("list_tables")).text);
    expect(tables.map(({ table }: { table: string }) => table).sort()).toEqual(["countries", "members"]);
    expect(named).toEqual([]);
    const { columns } = JSON.parse((await agent.use("describe_table", { table: "members" })).text);
    expect(columns.map(({ name }: { name: string }) => name)).toEqual(["id", "name"]);
    expect((await agent.use("query", { path: "/members", query: "select=email" })).isError).toBe(true);
    expect((await agent.use("query", { path: "/groups" })).isError).toBe(true);
    expect((await agent.use("write", { method: "DELETE", path: "/members/1" })).isError).toBe(true);
    expect((await agent.use("query", { path: "/members/1" })).isError).toBe(false);
    const forged = await request(server.url, "POST", "/mcp", {
      body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
      headers: { authorization: "Bearer x.y.z", accept: "application/json, text/event-stream" },
    });
    expect(forged.status).toBe(401);
  });

  test("it is off unless it is asked for", async () => {
    const server = await open({});
    expect((await request(server.url, "POST", "/mcp", { body: {} })).status).toBe(404);
  });
});

test("sapwood mcp <db>: over stdin and stdout, until the client leaves", async () => {
  const demo = makeDemo();
  const sdk = "@modelcontextprotocol/sdk/client";
  const { Client } = await import(`${sdk}/index.js`);
  const { StdioClientTransport } = await import(`${sdk}/stdio.js`);
  const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
  try {
    for (const [flags, tools] of [
      [[], 4],
      [["--write"], 5],
    ] as const) {
      const client = new Client({ name: "test", version: "1" }) as McpClient;
      const transport = new StdioClientTransport({ command: process.execPath, args: [main, "mcp", demo.db, ...flags] });
      await client.connect(transport);
      expect((await client.listTools()).tools).toHaveLength(tools);
      const { content } = await client.callTool({ name: "query", arguments: { path: "/members/1?select=id" } });
      expect(content[0]?.text).toBe('{"id":1}');
      await client.close();
    }
  } finally {
    demo.remove();
  }
});
