// A JSON Patch on a document: what it compares, and who may have a turn meanwhile.
import { LosslessNumber } from "lossless-json";
import { expect, test } from "vitest";
import { applyPatch } from "../../src/plan/json-patch.js";
import type { PatchStep } from "../../src/request/patch.js";

const ROOM = 1_000;

test("others have their turn while a patch goes through a long array", async () => {
  const doc = Array.from({ length: 500_000 }, (_, i) => i);
  const step: PatchStep = { op: "move", from: ["doc", "0"], path: ["doc", "-"] };
  let ended = false;
  let others = 0;
  const other = () => {
    others++;
    if (!ended) setImmediate(other);
  };
  setImmediate(other);
  await applyPatch(Array<PatchStep>(1_000).fill(step), { doc }, ROOM);
  ended = true;
  expect(others).toBeGreaterThan(0);
  expect(doc.slice(0, 2)).toEqual([1_000, 1_001]);
});

test.each([
  [0, -0, true],
  [1.5, new LosslessNumber("1.50"), true],
  [100, new LosslessNumber("1e2"), true],
  [1, 1.0000000000000002, false],
  [9007199254740992, new LosslessNumber("9007199254740993"), false],
])("a test of %s says of %s: %s", async (shown, value, isSame) => {
  const tested = applyPatch([{ op: "test", path: ["doc"], value }], { doc: shown }, ROOM);
  if (isSame) await tested;
  else await expect(tested).rejects.toMatchObject({ status: 409, code: "patch_conflict" });
});
