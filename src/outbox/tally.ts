// How many messages were delivered, failed and given up, for those who watch.
export type Outcome = "delivered" | "failed" | "dead";

export class Tally {
  readonly #counts = new Map<string, Map<Outcome, number>>();

  count(queue: string, outcome: Outcome): void {
    const counts = this.#counts.get(queue) ?? new Map<Outcome, number>();
    this.#counts.set(queue, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  }

  *all(): Generator<readonly [queue: string, outcome: Outcome, count: number]> {
    for (const [queue, counts] of this.#counts) for (const [outcome, count] of counts) yield [queue, outcome, count];
  }
}
