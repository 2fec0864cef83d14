// Is the installed pg one that this folder was written for? It stands on parts that pg's documentation does not have, and that a
// later version may have otherwise: then statements go the documented way (`../plain.ts`).

/** What is used of pg's connection, by the kind of each. */
const connectionParts = { parsedStatements: "object", parse: "function", query: "function", emit: "function" } as const;
const streamParts = ["cork", "uncork", "write", "destroy", "listeners", "removeListener", "on"] as const;

const known = new WeakMap<object, boolean>();

/** Looked at once for each connection. */
export function fits(client: object): boolean {
  let found = known.get(client);
  if (found === undefined) {
    found = hasParts(client);
    known.set(client, found);
  }
  return found;
}

function hasParts(client: object): boolean {
  const { connection } = client as { connection?: Record<string, unknown> | null };
  if (typeof connection !== "object" || connection === null) return false;
  const stream = connection.stream as Record<string, unknown> | null | undefined;
  return (
    Object.entries(connectionParts).every(([name, kind]) => typeof connection[name] === kind && connection[name]) &&
    typeof connection.sendCopyFail === "function" &&
    typeof stream === "object" &&
    streamParts.every((name) => typeof stream?.[name] === "function")
  );
}
