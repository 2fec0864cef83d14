// Who asks, in the session's context (sp_set_session_context), which is the connection's: it is taken away at the end. One value
// has 8,000 bytes at the most; the server refuses longer claims.
import type { Asked, SessionStatements } from "../connection.js";

const set = (claims: string, role: string): string =>
  `EXEC sp_set_session_context @key = N'sapwood_claims', @value = ${claims}; ` +
  `EXEC sp_set_session_context @key = N'sapwood_role', @value = ${role};`;

const end = { text: set("NULL", "NULL"), values: [] };

export const tell = (asked: Asked | undefined): SessionStatements => ({
  begin: { text: set("@p1", "@p2"), values: [asked?.claims ?? null, asked?.role ?? null] },
  end,
});
