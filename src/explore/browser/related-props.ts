// What the parts of a row's tab are about.
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredRelation, ExploredTable } from "../model.js";

export interface RelatedProps {
  readonly table: ExploredTable;
  readonly row: RaRecord;
  readonly relation: ExploredRelation;
}
