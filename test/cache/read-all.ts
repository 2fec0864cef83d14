// Every read of the club by each of its callers, and what of it the database was asked for.
import type { App } from "../support/apps.js";
import { reads } from "./club.js";

/** A role, and who has it. */
export const users = ["admin root", "member ada", "member grace"] as const;

/** By `Server-Timing`. */
export const statementsOf = (answer: { headers: Record<string, unknown> }): number =>
  Number(/desc="(\d+)/.exec(String(answer.headers["server-timing"]))?.[1]);

/** What each caller is answered, and how many of the answers cost statements. */
export async function readAll(app: App) {
  const asked = users.flatMap((user) => reads.map((path) => ({ user, path })));
  const answers = await Promise.all(
    asked.map(({ user, path }) => app.ask(`GET ${path}`, { headers: { "x-user": user } })),
  );
  const texts = answers.map(({ status, text }, i) => `${asked[i]?.user} ${asked[i]?.path} ${status} ${text}`);
  const costly = answers.filter((answer) => answer.status === 200 && statementsOf(answer) > 0);
  return { texts, costly: costly.length };
}
