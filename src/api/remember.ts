// Statements remembered by the shape of the request that made them. The shape is the plan's own JSON: complete by construction.
import type { Dialect } from "../dialect/dialect.js";
import type { Plan } from "../plan/plan.js";
import type { Lookup } from "../schema/lookup.js";
import { compile, type Statement } from "../sql/compile.js";

/** As many shapes as a busy API has; a client that keeps making new ones pushes out the oldest, and memory stays. */
const MOST = 1_000;

export type Compiler = (plan: Plan) => Statement;

export function rememberStatements(lookup: Lookup, dialect: Dialect): Compiler {
  const statements = new Map<string, Statement>();
  return (plan) => {
    const shape = JSON.stringify(plan);
    const known = statements.get(shape);
    if (known !== undefined) return known;
    const statement = compile(plan, lookup, dialect);
    if (statements.size >= MOST) statements.delete(statements.keys().next().value as string);
    statements.set(shape, statement);
    return statement;
  };
}
