#!/usr/bin/env node
import { createRequire } from "node:module";
import { NotInstalled, packageMissing } from "../base/not-installed.js";

// `sapwood routes … | head` closes our stdout early: no reason to complain.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const { createProgram } = await import("./program.js").catch((error) => {
  const name = packageMissing(error);
  if (name === undefined) throw error;
  // Whoever left one out has left all out.
  const { message } = new NotInstalled("The program", [name, ...missing().filter((other) => other !== name)], error);
  process.stderr.write(`sapwood: ${message}\n`);
  process.exit(1);
});
await createProgram().parseAsync();

function missing(): readonly string[] {
  const require = createRequire(import.meta.url);
  const { optionalDependencies } = require("sapwood/package.json") as { readonly optionalDependencies: object };
  return Object.keys(optionalDependencies).filter((name) => !isInstalled(name, require));
}

function isInstalled(name: string, require: NodeJS.Require): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
