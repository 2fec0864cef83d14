// What agents may do over HTTP.

export const mcpModes = ["off", "read", "write"] as const;

/** Nothing, read, or write as well. */
export type McpMode = (typeof mcpModes)[number];
