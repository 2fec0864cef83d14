// What a driver's error means.
import type { DatabaseRefusal } from "../connection.js";

export interface ErrorPart {
  /** What a driver's error means; `undefined` for what is no refusal but a defect. */
  refusal(error: unknown): DatabaseRefusal | undefined;
  /** Does this error say that a text would have been longer than is made in one piece? */
  isTooLong?(error: unknown): boolean;
}
