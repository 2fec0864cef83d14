// In a large document, routes below a row are said in their plain form: what a request may ask and get that has no headers of its own
// and no further options. These are said at the table's own routes, and hold below a row too.
import type { Route } from "../routes/tree.js";
import { common } from "./common-parameters.js";
import { type Ground, tableIn } from "./ground.js";
import type { Parts } from "./parts.js";
import { aboutOperation } from "./wording.js";

/** With more operations than this a document is large. */
export const MOST_IN_FULL = 2_000;

interface PlainForm {
  readonly parameters: readonly string[];
  /** Those of its answers that such a request may bring about. */
  readonly answers: readonly number[];
}

const rows: PlainForm = { parameters: ["column-filters"], answers: [200] };
const row: PlainForm = { parameters: [], answers: [200] };
const gone: PlainForm = { parameters: [], answers: [204] };

const forms: Readonly<Partial<Record<Route["operation"], PlainForm>>> = {
  list: { parameters: ["column-filters", "select", "order-by", "limit", "offset"], answers: [200] },
  read: { parameters: ["select"], answers: [200] },
  create: { parameters: [], answers: [201] },
  replace: row,
  update: row,
  delete: gone,
  restore: row,
  updateMany: rows,
  deleteMany: { ...rows, answers: [204] },
  link: { parameters: [], answers: [200, 201] },
  unlink: gone,
  unlinkMany: { ...rows, answers: [204] },
  relink: row,
};

/** Is the route said so? */
export const isSaidPlainly = ({ steps, operation }: Route, { plain }: Ground): boolean =>
  plain && steps.length > 1 && forms[operation] !== undefined;

export function plainly(route: Route, parts: Parts, ground: Ground): Parts {
  const form = forms[route.operation] as PlainForm;
  const answers = Object.entries(parts.answers).filter(([status]) => form.answers.includes(Number(status)));
  const { resource } = tableIn(ground, route.table);
  const { summary, body, bodyName, refusals } = parts;
  return {
    summary,
    description: resource.root ? `As at /${resource.name}.` : aboutOperation[route.operation],
    parameters: form.parameters.map((name) => common(name, ground)),
    ...(body && { body, ...(bodyName && { bodyName }) }),
    answers: Object.fromEntries(answers),
    refusals,
  };
}
