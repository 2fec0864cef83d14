// examples/deploy: the unit and the manifests name commands, variables and paths that there are, and their server starts.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { settings, variableOf } from "../../src/cli/settings.js";
import { timeLimits } from "../../src/server/listener.js";
import { type Created, postgres } from "../support/databases.js";
import { request } from "../support/http.js";
import { root } from "../support/pages.js";
import { startProgram } from "../support/program.js";

const { loadAll } = createRequire(import.meta.url)("js-yaml") as { loadAll(text: string): Manifest[] };
const read = (name: string) => readFileSync(join(root, "examples/deploy", name), "utf8");
const main = "dist/src/cli/main.js";

interface Manifest {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: Kubernetes' own objects, of which this test reads a few places.
  readonly [key: string]: any;
}

const known = new Set(["NODE_ENV", "DATABASE_URL", "SAPWOOD_CONFIG", ...settings.map(variableOf)]);
const isKnown = (variable: string): boolean => known.has(variable.replace(/_FILE$/, ""));

describe("sapwood.service", () => {
  const lines = read("sapwood.service")
    .split("\n")
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
  const all = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value);

  test("starts the program that the package holds, with variables that it reads", () => {
    expect(all("ExecStart")).toEqual([`node node_modules/sapwood/${main} serve`]);
    for (const pair of all("Environment")) expect(isKnown(pair.split("=")[0] as string), pair).toBe(true);
  });

  test("waits for longer than the server does", () => {
    expect(Number(all("TimeoutStopSec")[0])).toBeGreaterThan(timeLimits.stopTimeout);
  });

  test("is a unit to systemd, where there is one", ({ skip }) => {
    const file = join(mkdtempSync(join(inject("files"), "unit-")), "sapwood.service");
    writeFileSync(file, read("sapwood.service"));
    try {
      execFileSync("systemd-analyze", ["verify", "--man=no", file], { stdio: "pipe" });
    } catch (error) {
      const { code, stderr } = error as { code?: string; stderr?: Buffer };
      if (code === "ENOENT") skip("there is no systemd-analyze");
      expect(String(stderr)).toBe("");
    }
  });
});

describe("kubernetes.yaml", () => {
  const manifests = loadAll(read("kubernetes.yaml"));
  const one = (kind: string) => manifests.find((each) => each.kind === kind) as Manifest;
  const pod = one("Deployment").spec.template;
  const [container] = pod.spec.containers;
  const variables: Record<string, string> = Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

  test("selects the pods that it makes", () => {
    for (const kind of ["Deployment", "PodDisruptionBudget"])
      expect(one(kind).spec.selector.matchLabels).toEqual(pod.metadata.labels);
    expect(one("Service").spec.selector).toEqual(pod.metadata.labels);
    expect(one("Service").spec.ports[0].targetPort).toBe(container.ports[0].name);
  });

  test("mounts what it names", () => {
    const names = pod.spec.volumes.map(({ name }: { name: string }) => name);
    for (const { name } of container.volumeMounts) expect(names).toContain(name);
    const [config, secrets] = pod.spec.volumes;
    expect(config.configMap.name).toBe(one("ConfigMap").metadata.name);
    expect(read("kubernetes.yaml")).toContain(
      `create secret generic ${secrets.secret.secretName} --from-literal=database=`,
    );
  });

  test("gives requests in flight their time", () => {
    const waits = Number(variables.SAPWOOD_STOP_DELAY) + timeLimits.stopTimeout;
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(waits);
  });

  test("starts a server with its config and variables, that its probes find well", async () => {
    for (const name of Object.keys(variables)) expect(isKnown(name), name).toBe(true);
    const database: Created = await postgres.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY)");
    const cwd = mkdtempSync(join(inject("files"), "pod-"));
    mkdirSync(join(cwd, "config"));
    for (const [name, text] of Object.entries(one("ConfigMap").data as Record<string, string>))
      writeFileSync(join(cwd, "config", name), text);
    writeFileSync(join(cwd, "database"), database.url);
    const mounted = { ...variables, DATABASE_URL_FILE: "database", SAPWOOD_STOP_DELAY: "0" };
    const env = { ...mounted, SAPWOOD_HOST: "0.0.0.0", SAPWOOD_PORT: "0" };
    const server = await startProgram([join(root, main), "serve"], { cwd, env });
    try {
      const base = server.base.replace("0.0.0.0", "127.0.0.1");
      for (const probe of ["livenessProbe", "readinessProbe"])
        expect((await request(base, "GET", container[probe].httpGet.path)).status, probe).toBe(200);
      expect((await request(base, "GET", "/api/clubs")).status).toBe(401);
    } finally {
      expect((await server.stop()).code).toBe(0);
      await database.drop();
    }
  });
});
