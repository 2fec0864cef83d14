// How a command ends when it cannot do its work.
import { explain } from "./failure.js";
import type { Note } from "./resolve-settings.js";
import type { SubjectPlace } from "./subject.js";

/** Runs a command's work, which notes the place as it learns of it. What it throws becomes one line on stderr and exit code 1. */
export async function orExit(place: SubjectPlace, work: (note: Note) => Promise<void>): Promise<void> {
  let known = place;
  try {
    await work((more) => {
      known = { ...known, ...more };
    });
  } catch (error) {
    // Not `exitCode`: a driver that still waits for its socket would hold the process.
    process.stderr.write(`sapwood: ${explain(error, known)}\n`, () => process.exit(1));
  }
}
