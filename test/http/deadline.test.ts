// The end of a request's time: what a refusal says of the write, by what is known of it.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadline } from "../../src/http/deadline.js";
import { problem } from "../../src/http/problem.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<string>(() => {});

/** What the request is told when its time is over; `known` is what became of its write by then. */
async function told(method: string, known: (deadline: Deadline) => void): Promise<string> {
  const deadline = new Deadline({ method }, 1_000);
  const answer = deadline.until(never, (reason) => `${reason.status} ${reason.message}`);
  known(deadline);
  // What was kept has a while to come to its end.
  await vi.advanceTimersByTimeAsync(15_000);
  return answer;
}

test.each([
  ["nothing", () => {}, /^504 .*Nothing was changed\.$/],
  ["kept", (deadline: Deadline) => deadline.keep(), /^504 .*The change is kept: only the answer is missing\.$/],
  ["unknown", (deadline: Deadline) => deadline.lose(), /^504 .*Nobody can say whether the change was kept/],
])("a write of which the database holds: %s", async (_outcome, known, words) => {
  expect(await told("POST", known)).toMatch(words);
});

test("what was kept is not doubted any more", async () => {
  const both = (deadline: Deadline) => {
    deadline.keep();
    deadline.lose();
  };
  expect(await told("PATCH", both)).toMatch(/The change is kept/);
});

test("a read changes nothing, and no other refusal speaks of it", async () => {
  expect(await told("GET", () => {})).toMatch(/^504 .*try again later\.$/);
  const deadline = new Deadline({ method: "POST" }, 1_000);
  deadline.lose();
  expect(deadline.told(problem("unique_violation", "There is one.")).message).toBe("There is one.");
  expect(deadline.told(problem("database_away", "It is away.")).message).toMatch(/^It is away\. Nobody can say/);
  await deadline.until(Promise.resolve(""), () => "");
});
