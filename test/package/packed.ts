// The tarball that `npm pack` makes of this clone, and what a new user does with it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type Ended, runProgram } from "../support/program.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

export interface Packed {
  readonly tarball: string;
  /** What it holds. */
  readonly files: readonly string[];
}

export async function pack(folder: string): Promise<Packed> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = JSON.parse((await runProgram("npm", args, { cwd: root })).stdout);
  return { tarball: join(folder, packed.filename), files: packed.files.map((file: { path: string }) => file.path) };
}

/** As a shell's `&&`: what failed says why. */
export async function succeed(running: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await running;
  expect(code, stdout + stderr).toBe(0);
}

/** In the version this package is developed with, unless one is said. */
export function pinned(name: string): string {
  if (name.lastIndexOf("@") > 0) return name;
  return `${name}@${manifest.devDependencies[name]}`;
}
