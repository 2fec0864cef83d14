// Folders of the run's own in the place of HOME and TMPDIR: what a test leaves there is found, named, and removed.
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { scratch } from "./daemon.js";

/** For this process and those that it starts. Answers with what is left in TMPDIR under sapwood's name. */
export function freshHome(): () => readonly string[] {
  const directory = scratch("run");
  const [home, temporary] = [join(directory, "home"), join(directory, "tmp")];
  for (const path of [home, temporary]) mkdirSync(path);
  // As the system's own: servers that run as somebody else have theirs below it.
  chmodSync(temporary, 0o1777);
  // npm keeps its settings, and what it has downloaded.
  process.env.npm_config_userconfig ??= join(homedir(), ".npmrc");
  process.env.npm_config_cache ??= join(homedir(), ".npm");
  Object.assign(process.env, { HOME: home, TMPDIR: temporary });
  return () => leftIn(temporary);
}

/** Chromium and others leave what they like: only what is called sapwood's is the tests' own doing. */
export const leftIn = (temporary: string): readonly string[] =>
  readdirSync(temporary).filter((name) => name.startsWith("sapwood-"));
