// POST on a collection: a new row, or an array of them. One statement where one does all; otherwise one transaction.
import { planPath } from "../plan/path.js";
import type { Value } from "../plan/plan.js";
import { type Body, type NewRow, planRow, planRows } from "../plan/write.js";
import { readObjects } from "../request/body.js";
import { tableOf } from "../schema/lookup.js";
import { savingEach } from "./around.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf } from "./etag.js";
import { namingRows } from "./faulty.js";
import type { ApiResponse } from "./message.js";
import { insertRows } from "./new-rows.js";
import { explained, fieldsOf, keysInPath, keysOfParent } from "./parent.js";
import { HttpError } from "./problem.js";
import { JSON_TYPE, refuseQuery, requireParent } from "./read.js";
import { locationOf } from "./row.js";
import type { World } from "./world.js";

export async function create(call: Call, world: World): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const { bodies, many } = await readObjects(request, world.limits.maxRows);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  if (bodies.length === 0) {
    await requireParent(route, path, values, world);
    return allOf([]);
  }
  const entry = tableOf(world.lookup, route.table);
  const said = keysInPath(route, path, world);
  const alone = !many && said !== undefined && world.database.dialect.returning.insert;
  let fixed = said;
  let rows: readonly NewRow[] = [];
  let written: readonly string[] = [];
  const write = async (bodies: readonly Body[], session?: Session) => {
    fixed ??= await keysOfParent(route, path, values, world, session);
    rows = many ? planRows(bodies, entry, fixed, values) : [planRow(bodies[0] as Body, entry, fixed, values)];
    written = await insertRows(rows, entry, world, session);
    return written;
  };
  const pathFields = async (session: Session) => {
    fixed ??= await keysOfParent(route, path, values, world, session);
    return fieldsOf(fixed, entry, values);
  };
  const refused = async (error: unknown): Promise<never> => {
    // In a larger transaction, which the refusal may have ended, nothing more is asked.
    if (!(error instanceof HttpError) || world.database.trx !== undefined) throw error;
    const known = await explained(error, route, path, values, world);
    throw many ? await namingRows(known, rows, entry, world) : known;
  };
  const answers = await savingEach(call, world, route.table, bodies, alone, write, pathFields).catch(refused);
  if (many) return allOf(answers);
  const row = written[0] as string;
  const location = locationOf(row, entry, `${request.prefix}${request.path.replace(/\/$/, "")}`);
  const headers = { "content-type": JSON_TYPE, etag: etagOf(row), ...(location === undefined ? {} : { location }) };
  return { status: 201, headers, body: answers[0] as string };
}

const allOf = (rows: readonly string[]): ApiResponse => ({
  status: 201,
  headers: { "content-type": JSON_TYPE },
  body: `[${rows.join(",")}]`,
});
