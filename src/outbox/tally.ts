// Counts for the metrics: how many messages were delivered, failed, or were given up.
export type DeliveryOutcome = "delivered" | "failed" | "dead";

export class DeliveryTally {
  readonly #counts = new Map<string, Map<DeliveryOutcome, number>>();

  count(queue: string, outcome: DeliveryOutcome): void {
    const counts = this.#counts.get(queue) ?? new Map<DeliveryOutcome, number>();
    this.#counts.set(queue, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  }

  *all(): Generator<readonly [queue: string, outcome: DeliveryOutcome, count: number]> {
    for (const [queue, counts] of this.#counts) for (const [outcome, count] of counts) yield [queue, outcome, count];
  }
}
