// One question to all candidates, in turn, round by round: what the machine does besides meets all of them alike.
import type { Measured } from "./load.js";
import { type Place, tidied } from "./place.js";
import type { Load, Server } from "./processes.js";
import type { Question } from "./questions.js";

export interface Settings {
  readonly size: "chinook" | "million";
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** A candidate's counted rounds. */
export type Rounds = ReadonlyMap<string, readonly Measured[]>;

/** What is asked: it is known by its candidate's name. */
export type Asked = Pick<Server, "base"> & { readonly candidate: Pick<Server["candidate"], "name" | "family"> };

/** The first two rounds warm up and are not counted. Each round begins with another candidate. */
export async function measure(
  question: Question,
  servers: readonly Asked[],
  place: Place,
  load: Load,
  settings: Settings,
): Promise<Rounds> {
  const rounds = new Map<string, Measured[]>(servers.map(({ candidate }) => [candidate.name, []]));
  for (let round = 0; round < settings.rounds + WARMING; round += 1) {
    for (let i = 0; i < servers.length; i += 1) {
      const server = servers[(i + round) % servers.length] as Asked;
      const done = rounds.get(server.candidate.name) as Measured[];
      done.push(await oneRound(question, server, place, load, settings, done.at(-1)));
    }
  }
  return new Map([...rounds].map(([name, measured]) => [name, measured.slice(WARMING)]));
}

const WARMING = 2;

/** As many requests as the round before says will take the seconds; a few where there was none. */
export async function oneRound(
  question: Question,
  { candidate: { family }, base }: Asked,
  place: Place,
  load: Load,
  { size, connections, seconds }: Settings,
  before?: Measured,
): Promise<Measured> {
  const amount = Math.max(connections, before === undefined ? 4 * connections : Math.round(before.rate * seconds));
  await place.run(question.prepare ?? []);
  const measured = await load.run({ size, connections, question: question.name, family, base, amount, from: 0 });
  await place.run(question.restore ?? []);
  if (question.written !== undefined) await place.run(tidied(place.database, question.written));
  return measured;
}

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Round by round: those of one round met the same machine. */
export function ratio(
  of: readonly Measured[],
  to: readonly Measured[],
  what: (measured: Measured) => number = ({ rate }) => rate,
): Ratio {
  const ratios = of.map((measured, i) => what(measured) / what(to[i] as Measured)).sort((a, b) => a - b);
  return { median: median(ratios), least: ratios[0] ?? Number.NaN, most: ratios.at(-1) ?? Number.NaN };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
