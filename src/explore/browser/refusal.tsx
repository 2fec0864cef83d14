// What went wrong, for people: read aloud when it comes.
import { RefusedError } from "../../client/http.js";

export const Refusal = ({ error }: { readonly error: unknown }) => (
  <p role="alert" className="refusal">
    {messageOf(error)}
  </p>
);

/** Has somebody else changed the row since it was read? Then it is to be read again. */
export const isStale = (error: unknown): boolean => error instanceof RefusedError && error.status === 412;

export function messageOf(error: unknown): string {
  if (isStale(error))
    return "Somebody else has changed this row since. Now you see it as it is: do it again if you still want to.";
  return error instanceof Error ? error.message : String(error);
}
