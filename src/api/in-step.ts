// The schema of several processes: one that has read another one tells the others, which read it too.
import type { Peers } from "../base/peers.js";
import type { Refreshed } from "../schema/schema-state.js";
import type { SchemaCache } from "./schema-cache.js";

/** Answers what reads the schema again in all of them. */
export function inStep(current: SchemaCache, peers: Peers): () => Promise<Refreshed> {
  let hearing = 0;
  peers.on("schema", async () => {
    hearing++;
    try {
      await current.refresh();
    } finally {
      hearing--;
    }
  });
  const tell = () => peers.ask("schema");
  current.onChange(({ problem }) => {
    if (hearing === 0 && problem === undefined) void tell();
  });
  return async () => {
    const refreshed = await current.refresh();
    await tell();
    return refreshed;
  };
}
