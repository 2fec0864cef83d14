// Values that are shown as JSON documents: places in them are filtered and sorted by a path.
import type { ColumnType } from "./column.js";

/** Is it a composite type, or an array of such? */
export const isOfComposites = ({ fields, element }: ColumnType): boolean =>
  fields !== undefined || (element !== undefined && isOfComposites(element));

export const isDocument = (type: ColumnType): boolean => type.kind === "json" || isOfComposites(type);
