// Where a table of the picture leads to: its operations in Swagger UI.
import type { Address } from "../diagram/picture.js";

/** Addresses from a page below `here`. A root leads to its group of operations; other tables lead to the first one about them. */
export const addressesIn =
  (operations: ReadonlyMap<string, readonly string[]>, here: string): Address =>
  ({ table, name, root }) => {
    const parts = root ? [name] : operations.get(table);
    return parts && `../${here}#/${parts.map(encodeURIComponent).join("/")}`;
  };
