// What a write to rows has done, and the answer to it.
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { JSON_TYPE } from "../read/row.js";

export interface WrittenRows {
  /** The rows as the client gets them, in the order of their bodies. Nothing in the place of one that was left as it is. */
  readonly rows: readonly (string | undefined)[];
  /** They came as an array. */
  readonly many: boolean;
  readonly isNew: boolean;
  /** The same as they are stored: hooks may show the client others. */
  readonly stored: readonly (string | undefined)[];
  /** No answer says what they are now: triggers may have changed them, and nothing tells them apart to be read again. */
  readonly isUnknown?: true;
  /** The address of one new row, where it has one. */
  readonly location?: string;
}

/** POST, PUT and PATCH: operations whose bodies may hold related rows. */
export type RowWriting<Prepared> = OperationSteps<Prepared, WrittenRows>;

export function respondWithRows({ rows, many, isNew, stored, isUnknown, location }: WrittenRows): ApiResponse {
  const status = isNew ? 201 : 200;
  if (isUnknown) return { status, headers: {} };
  const headers = { "content-type": JSON_TYPE };
  if (many) return { status, headers, body: `[${rows.filter((row) => row !== undefined).join(",")}]` };
  const told = { ...headers, etag: etagOf(stored[0] as string), ...(location === undefined ? {} : { location }) };
  return { status, headers: told, body: rows[0] as string };
}
