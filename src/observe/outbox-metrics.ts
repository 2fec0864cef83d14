// The outbox for Prometheus: what was delivered by this process, and what waits in the database.
import { Gauge, type Registry } from "prom-client";
import type { Messages } from "../outbox/messages.js";
import type { DeliveryTally } from "../outbox/tally.js";

export interface WatchedOutbox {
  readonly tally: DeliveryTally;
  readonly messages: Pick<Messages, "sizes">;
}

/** APIs by their names. */
type Apis = ReadonlyMap<string, { readonly outbox?: WatchedOutbox | undefined }>;

export function outboxGauges(registry: Registry, apis: Apis): void {
  new Gauge({
    name: "sapwood_outbox_attempts_total",
    help: "Attempts of this process to deliver a message, by what came of them.",
    labelNames: ["database", "queue", "outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [database, { outbox }] of apis)
        for (const [queue, outcome, count] of outbox?.tally.all() ?? []) this.set({ database, queue, outcome }, count);
    },
  });
  new Gauge({
    name: "sapwood_outbox_messages",
    help: "Messages in the database that wait to be delivered, or were given up.",
    labelNames: ["database", "queue", "state"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [database, { outbox }] of apis) {
        // A database that is away says nothing here; its health does.
        const sizes = await outbox?.messages.sizes().catch(() => []);
        for (const { queue, dead, count } of sizes ?? [])
          this.set({ database, queue, state: dead ? "dead" : "waiting" }, count);
      }
    },
  });
}
