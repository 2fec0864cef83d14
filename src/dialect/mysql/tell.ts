// Who asks, in user variables, which are the connection's: they are taken away at the end (user-variables in MySQL's manual).
import type { Asked, SessionStatements } from "../connection.js";

const end = { text: "SET @sapwood_claims = NULL, @sapwood_role = NULL", values: [] };

export const tell = (asked: Asked | undefined): SessionStatements => ({
  begin: {
    text: "SET @sapwood_claims = ?, @sapwood_role = ?",
    values: [asked?.claims ?? null, asked?.role ?? null],
  },
  end,
});
