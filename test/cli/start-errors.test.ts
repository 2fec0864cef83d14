// Every way a start can fail: one clear line, exit code 1, no stack, no password.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, databases, sqlite } from "../support/databases.js";
import { type Environment, run } from "./cli.js";

const secret = "hunter2";
let folder: string;
let silent: Server;
let silentPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-errors-"));
  await writeFile(
    join(folder, "letter.txt"),
    "Dear Sir or Madam, this is long enough to be read as a page. ".repeat(100),
  );
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  silentPort = (silent.address() as AddressInfo).port;
});
afterAll(async () => {
  silent?.close();
  await rm(folder, { recursive: true, force: true });
});

async function expectLine(args: readonly string[], line: RegExp, env: Environment = {}): Promise<void> {
  const { code, stdout, stderr } = await run(args, env);
  expect(stderr).toMatch(line);
  expect(stderr).toMatch(/^sapwood: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node_modules|hunter2/);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

describe("files", () => {
  test("no such file", () => expectLine(["serve", `sqlite:${folder}/no.db`], /no\.db.*no such file/));
  test("no such folder", () => expectLine(["serve", `sqlite:${folder}/no/no.db`], /no\.db.*no such file/));
  test("a folder", () => expectLine(["serve", `sqlite:${folder}`], /cannot open the database file/));
  test("a letter", () => expectLine(["serve", `sqlite:${folder}/letter.txt`], /not an SQLite database/));
  test("a path without its scheme", () => expectLine(["serve", "shop.db"], /sqlite:shop\.db/));
});

for (const database of databases.filter(({ can }) => can.beAway)) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create();
    });
    afterAll(() => created?.drop());
    const changed = (change: (url: URL) => void) => {
      const url = new URL(created.url);
      change(url);
      return url.href;
    };

    test("wrong password", () => {
      const url = changed((url) => {
        url.password = secret;
      });
      return expectLine(["serve", url], /does not accept this user and password/);
    });

    test("unknown database", () => {
      const url = changed((url) => {
        url.pathname = "/no_such_database";
      });
      return expectLine(["routes", url], /no such database/);
    });

    test("refused connection", () => {
      const url = changed((url) => {
        url.host = "localhost:1";
        url.password = secret;
      });
      return expectLine(["serve", url, "--connect-timeout", "1"], /nothing listens at localhost:1/);
    });

    test("unknown host", () => {
      const url = changed((url) => {
        url.hostname = "no-such-host.invalid";
        url.password = secret;
      });
      return expectLine(["serve", url, "--connect-timeout", "1"], /there is no host no-such-host\.invalid/);
    });

    test("a server that keeps silent", () => {
      const url = changed((url) => {
        url.host = `127.0.0.1:${silentPort}`;
        url.password = secret;
      });
      return expectLine(["serve", url, "--connect-timeout", "1"], /does not answer/);
    });
  });
}

describe("a driver that is not installed", () => {
  // What node does for a package that is nowhere, for one name.
  const hide = (name: string) => ({
    NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(`
      import { Module } from "node:module";
      const find = Module._resolveFilename;
      Module._resolveFilename = (request, ...rest) => find(request === "${name}" ? "${name}-hidden" : request, ...rest);
    `)}"`,
  });
  test.each([
    ["pg", "postgres://app:hunter2@127.0.0.1:1/shop"],
    ["mysql2", "mysql://app:hunter2@127.0.0.1:1/shop"],
  ])("%s", (name, url) => expectLine(["serve", url], new RegExp(`npm install ${name}`), hide(name)));
});

describe("connection strings", () => {
  test.each(["postgres:/app:hunter2@host/shop", "postgres://app:hunter2@host:port/shop", "mysql:app:hunter2@host"])(
    "%s is malformed",
    (url) => expectLine(["serve", url], /connection string/i),
  );
  test("an unknown scheme", () => expectLine(["serve", "oracle://app:hunter2@host/shop"], /oracle/));
  test("none at all", () => expectLine(["serve"], /no database was given.*DATABASE_URL/));
});

describe("addresses", () => {
  let created: Created;
  beforeAll(async () => {
    created = await sqlite.create("CREATE TABLE a (id INTEGER PRIMARY KEY)");
  });
  afterAll(() => created?.drop());

  test("a port that is taken", () =>
    expectLine(["serve", created.url, "--port", String(silentPort)], /port \d+ on 127\.0\.0\.1 is taken.*--port 0/));
  test("an address of another machine", () =>
    expectLine(["serve", created.url, "--host", "192.0.2.1", "--open"], /no address 192\.0\.2\.1/));
  test("a host that is not there", () =>
    expectLine(["serve", created.url, "--host", "no-such-host.invalid"], /no host no-such-host\.invalid to listen on/));
  test("a prefix that is none", () => expectLine(["serve", created.url, "--prefix", "/a?b"], /such as \/api/));
});

describe("the command line", () => {
  test("--port abc", () => expectLine(["serve", "sqlite:x", "--port", "abc"], /'abc' is invalid.*0 to 65535/));
  test("--port 70000", () => expectLine(["serve", "sqlite:x", "--port", "70000"], /0 to 65535/));
  test("SAPWOOD_PORT=abc", () =>
    expectLine(["serve", "sqlite:x"], /SAPWOOD_PORT.*0 to 65535/, { SAPWOOD_PORT: "abc" }));
  test("--max-limit 0", () => expectLine(["serve", "sqlite:x", "--max-limit", "0"], /from 1 up/));
  test("--prot 1", () => expectLine(["serve", "sqlite:x", "--prot", "1"], /unknown option.*--port/));
  test("an unknown command", () => expectLine(["serv"], /unknown command 'serv'.*serve/));
  test("a connection string for a command", () =>
    expectLine(["postgres://app:hunter2@host/shop"], /unknown command 'postgres:\/\/app:\*\*\*@host\/shop'/));
  test("too much", () => expectLine(["routes", "sqlite:a", "sqlite:b"], /too many arguments/));
});
