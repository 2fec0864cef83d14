// One candidate in a process of its own: `node serve.js NAME DATABASE URL`. Says where it listens, answers what it is asked
// about itself, and ends with its parent.
import type { DatabaseName } from "./candidate.js";
import { candidates } from "./candidates.js";
import { type Kind, startProfile } from "./profile.js";

const [name, database, url] = process.argv.slice(2) as [string, DatabaseName, string];
const candidate = candidates.find((one) => one.name === name);
if (candidate === undefined) throw new Error(`there is no candidate ${name}`);
const running = await candidate.start(database, url);

let stop: (() => Promise<unknown>) | undefined;
process.on("message", async (asked: "end" | "rest" | "profiled" | { readonly profile: Kind }) => {
  if (typeof asked === "object") {
    stop = await startProfile(asked.profile);
    process.send?.({});
  } else if (asked === "profiled") process.send?.({ profile: await stop?.() });
  else if (asked === "rest") {
    globalThis.gc?.();
    process.send?.({ memory: { ...process.memoryUsage(), peak: process.resourceUsage().maxRSS * 1024 } });
  } else if (asked === "end") await running.close().finally(() => process.exit());
});
process.on("disconnect", () => process.exit());
process.send?.({ base: running.base });
