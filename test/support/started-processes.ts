// The processes that a test starts, by Node's own word of them.
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach } from "vitest";

/** Returns a list that holds the processes of the test that runs: for the tests of the block in which it is called. */
export function startedProcesses(): readonly ChildProcess[] {
  const started: ChildProcess[] = [];
  const onProcess = (message: unknown) => void started.push((message as { process: ChildProcess }).process);
  beforeEach(() => {
    started.length = 0;
    subscribe("child_process", onProcess);
  });
  afterEach(() => {
    unsubscribe("child_process", onProcess);
  });
  return started;
}
