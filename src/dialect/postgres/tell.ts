// Who asks, in settings of the transaction (functions-admin, "set_config"): the names are those that PostgREST has made usual.
import type { Asked, SessionStatements } from "../connection.js";

export const mayBecome = "SELECT pg_has_role(?, 'MEMBER') AS may";

/** `SET LOCAL ROLE` in the form that takes its name as a value; first, or the role would be none of the settings' business. */
export function tell(asked: Asked | undefined, role: string | undefined): SessionStatements {
  const settings = [
    ...(role === undefined ? [] : [["role", role]]),
    ...(asked === undefined
      ? []
      : [
          ["request.jwt.claims", asked.claims],
          ["request.method", asked.method],
          ["request.path", asked.path],
          ["sapwood.role", asked.role],
        ]),
  ];
  const each = settings.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`);
  const begin = { text: `SELECT ${each.join(", ")}`, values: settings.flat() };
  return role === undefined ? { begin } : { begin, aside: { leave: become("none"), back: become(role) } };
}

const become = (role: string) => ({ text: "SELECT set_config('role', $1, true)", values: [role] });
