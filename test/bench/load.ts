// The load, in a process of its own, so that no candidate shares its event loop with it: one question to one server so many times.
import autocannon from "autocannon";
import type { Family } from "./candidate.js";
import { chinook, million } from "./data.js";
import { type Question, questionsFor, soaking } from "./questions.js";

export interface Job {
  readonly size: "chinook" | "million";
  readonly question: string;
  readonly family: Family;
  readonly base: string;
  readonly connections: number;
  /** How many requests: a round that ended with the clock would leave some of them to be done in the next one. */
  readonly amount: number;
  /** The number of the first request, where each has to be a new one. */
  readonly from: number;
}

export interface Measured {
  /** Right answers a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly answered: number;
  /** What went wrong, where something did. */
  readonly wrong?: string;
}

/** How many different requests are made ready before the round, where they may be asked again. */
const DIFFERENT = 500;

async function measure({ size, question: name, family, base, connections, amount, from }: Job): Promise<Measured> {
  const named = (questions: readonly Question[]) => questions.find((one) => one.name === name);
  const question = (named(questionsFor({ chinook, million }[size])) ?? named(soaking)) as Question;
  const { method, path, body, status, fresh } = question;
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const nth = (n: number) => ({
    method,
    path: path[family](n),
    headers,
    ...(body && { body: JSON.stringify(body(n)) }),
  });
  let next = from;
  const fixed = Array.from({ length: Array.isArray(body?.(0)) ? 5 : DIFFERENT }, (_, n) => nth(n));
  const setupRequest = (request: autocannon.Request) => ({ ...request, ...nth(next++) });
  const setupClient = (client: autocannon.Client) => client.setRequests([{ ...nth(next++), setupRequest }]);
  let right = 0;
  let last = 0;
  const times: number[] = [];
  const started = performance.now();
  const result = await new Promise<autocannon.Result>((done, fail) => {
    const load = { url: base, connections, amount, ...(fresh ? { setupClient } : { requests: fixed }) };
    const run = autocannon(load, (error, result) => (error ? fail(error) : done(result)));
    run.on("response", (_client, code, _bytes, time) => {
      last = performance.now();
      times.push(time);
      if (code === status) right += 1;
    });
  });
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const wrong = result.errors + result.timeouts + (times.length - right);
  return {
    rate: right / ((last - started) / 1000),
    p50: at(0.5),
    p99: at(0.99),
    answered: times.length,
    ...(wrong > 0 && {
      wrong: `${result.errors} errors, ${result.timeouts} timeouts, ${times.length - right} other answers: ${JSON.stringify(result.statusCodeStats)}`,
    }),
  };
}

process.on("message", async (job) => {
  try {
    process.send?.({ measured: await measure(job as Job) });
  } catch (error) {
    process.send?.({ failed: String(error) });
  }
});
process.on("disconnect", () => process.exit());
