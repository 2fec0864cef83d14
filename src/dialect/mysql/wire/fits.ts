// Is the installed mysql2 one that this folder was written for? It stands on parts that mysql2's documentation does not have, and that
// a later version may have otherwise: then statements go the documented way (`../driver.ts`).

const functions = ["addCommand", "write", "prepare", "unprepare", "_resetSequenceId", "_bumpSequenceId"] as const;

const known = new WeakMap<object, boolean>();

/** Looked at once for each connection. */
export function fits(client: object): boolean {
  let found = known.get(client);
  if (found === undefined) {
    found = hasParts(client as Record<string, unknown>);
    known.set(client, found);
  }
  return found;
}

function hasParts(client: Record<string, unknown>): boolean {
  const { config, stream } = client as { config?: Record<string, unknown>; stream?: Record<string, unknown> };
  return (
    functions.every((name) => typeof client[name] === "function") &&
    typeof client.serverCapabilityFlags === "number" &&
    typeof client.clientEncoding === "string" &&
    typeof config?.clientFlags === "number" &&
    typeof stream?.destroy === "function"
  );
}
