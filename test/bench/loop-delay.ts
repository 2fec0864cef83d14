// Preloaded into a server that is measured: asked for "block", it answers how long its event loop stood still at most since it was
// asked last, in milliseconds.
import { monitorEventLoopDelay } from "node:perf_hooks";

const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
process.on("message", (asked) => {
  if (asked !== "block") return;
  process.send?.({ block: delays.max / 1e6 });
  delays.reset();
});
// It ends with whoever measures, and otherwise as it would without.
process.on("disconnect", () => process.exit());
process.channel?.unref();
