#!/usr/bin/env node
import { createProgram } from "./program.js";

// `sapwood routes … | head` closes our stdout early: no reason to complain.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

await createProgram().parseAsync();
