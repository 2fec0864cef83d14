// The line that says what a command is at: on terminals alone, and of nothing that is done at once.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { progressOn } from "../../src/cli/progress.js";

function terminal(isTTY: boolean) {
  let text = "";
  const write = (said: string) => {
    text += said;
    return true;
  };
  return { stream: { isTTY, write } as NodeJS.WriteStream, said: () => text };
}

test("nothing of what is done at once", async () => {
  const { stream, said } = terminal(true);
  const progress = progressOn(stream, 200);
  progress.at("reading");
  progress.end();
  await setTimeout(300);
  expect(said()).toBe("");
});

test("what takes longer is said, written over, and taken away at the end", async () => {
  const { stream, said } = terminal(true);
  const progress = progressOn(stream, 20);
  progress.at("reading");
  await expect.poll(said).toContain("\r\x1b[2Kreading … 0 s");
  progress.at("drawing");
  expect(said().endsWith("\r\x1b[2Kdrawing … 0 s")).toBe(true);
  progress.end();
  expect(said().endsWith("\r\x1b[2K")).toBe(true);
  const length = said().length;
  await setTimeout(60);
  expect(said()).toHaveLength(length);
});

test("where nobody looks there is nothing", async () => {
  const { stream, said } = terminal(false);
  const progress = progressOn(stream, 1);
  progress.at("reading");
  await setTimeout(20);
  progress.at("drawing");
  progress.end();
  expect(said()).toBe("");
});
