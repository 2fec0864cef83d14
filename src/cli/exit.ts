// How a command ends when it cannot do its work.
import { explain } from "./failure.js";
import type { Place } from "./place.js";

/** Runs a command's work. What it throws becomes one line on stderr and exit code 1. */
export async function orExit(place: Place, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Not `exitCode`: a driver that still waits for its socket would hold the process.
    process.stderr.write(`sapwood: ${explain(error, place)}\n`, () => process.exit(1));
  }
}
