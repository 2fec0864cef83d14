// The option `cache` → what keeps answers.
import type { Peers } from "../base/peers.js";
import { AnswerCache } from "./answer-cache.js";
import { type CacheOptions, cacheDefaults } from "./cache-options.js";
import { MemoryStore } from "./memory-store.js";
import { Writes } from "./writes.js";

/** `shaping` are the options that shape answers; of functions nothing is said. */
export function openCache(
  options: CacheOptions,
  shaping: { readonly include?: unknown; readonly exclude?: unknown },
  peers?: Peers,
) {
  const rules = { tables: {}, ...cacheDefaults, ...options };
  const writes = new Writes();
  const store = new MemoryStore(writes, rules.maxBytes, peers);
  peers?.on("written", (tables) => {
    writes.note(tables as readonly string[]);
    return true;
  });
  const hides = shaping.include !== undefined || shaping.exclude !== undefined;
  return new AnswerCache({ rules, store, writes, config: "", hides });
}
