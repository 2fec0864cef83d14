// A routine that commits by itself and fails afterwards: the client hears that what it has done stands, and nothing runs it again.
import { HttpError, problemParts } from "../../http/problem.js";
import type { Routine } from "../../schema/routine.js";

export async function standingAfter<T>({ name, commits }: Routine, call: () => Promise<T>): Promise<T> {
  if (commits === undefined) return call();
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const said = commits === true ? "What it has committed until then stands." : "If it has committed, that stands.";
    // No `Collision` and no `Outdated`, for which the request would run again.
    throw new HttpError(error.status, `${error.message} ${name} may commit by itself. ${said}`, problemParts(error));
  }
}
