// A host's response → a signal that its client has left before it was written.
import { setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";

const signals = new WeakMap<ServerResponse, AbortSignal>();

/** Made when it is first asked for: most requests are answered before anyone does. */
export function leavingOf(response: ServerResponse): AbortSignal {
  const known = signals.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  // An app may hand it to much that it begins.
  setMaxListeners(0, controller.signal);
  signals.set(response, controller.signal);
  const closed = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed) closed();
  else response.once("close", closed);
  return controller.signal;
}
