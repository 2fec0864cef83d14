// Calls for MySQL and MariaDB. What a procedure answers in its arguments goes through variables of the connection.
import type { CallPart } from "../parts/calls.js";
import { isCall } from "./result-sets.js";

export const calls: Pick<CallPart, "outVariables" | "callsApart"> = {
  outVariables: {
    name: (index) => `@sapwood_${index}`,
    // A variable is a double or a text then.
    value(variable, type) {
      if (type.kind === "instant") return `CAST(${variable} AS DATETIME(${type.scale ?? 0}))`;
      return /^float/i.test(type.native) ? `CAST(${variable} AS FLOAT)` : variable;
    },
    set: (pairs) => `SET ${pairs.map(([variable, value]) => `${variable} = ${value}`).join(", ")}`,
  },
  // Outside of a transaction each statement of a procedure is kept by itself.
  callsApart: ({ kind, sql }) => kind === "procedure" || isCall(sql?.texts[0] ?? ""),
};
