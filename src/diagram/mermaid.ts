// The picture → Mermaid's text, as GitHub and many editors draw it: tables are boxes, and lines say the relation and what it brings.
import { type Address, isLarge, type Picture, type PicturedLine, type PicturedTable } from "./picture.js";

/**
 * A flowchart: the only kind of Mermaid's diagrams in which a table can lead somewhere and a line can hold a path.
 * Mermaid itself refuses more than 500 lines or 50,000 characters, which no diagram can change.
 */
export function toMermaid(picture: Picture, address: Address = () => undefined): string {
  const nodes = new Map(picture.tables.map(({ table }, i) => [table, `t${i}`]));
  const node = (table: string) => nodes.get(table) as string;
  const large = isLarge(picture);
  return [
    "flowchart LR",
    ...picture.tables.map((table) => `  ${node(table.table)}${boxOf(table)}`),
    ...functionsOf(picture),
    ...picture.lines.map((line) => `  ${node(line.from)} ${arrowOf(line, large)} ${node(line.to)}`),
    ...picture.tables.flatMap((table) => clickOf(node(table.table), address(table))),
    ...classesOf(picture.tables, node),
  ].join("\n");
}

function boxOf({ table, name, root, link, view, routes }: PicturedTable): string {
  const inDatabase = table === name ? "" : ` (${text(table)})`;
  const mark = view ? " · view" : link ? " · n-n" : "";
  const label = [`<b>${text(name)}</b>${inDatabase}${mark}`, ...routes.map(text)].join("<br/>");
  return root ? `["${label}"]` : `{{"${label}"}}`;
}

/** Those that belong to no table have a box of their own. */
function functionsOf({ functions }: Picture): string[] {
  if (functions.length === 0) return [];
  return [`  functions(["${["<b>functions</b>", ...functions.map(text)].join("<br/>")}"])`];
}

function arrowOf({ type, down, up }: PicturedLine, large: boolean): string {
  const label = [type, ...(large ? [] : [...down, ...up].map(text))].join("<br/>");
  return `${type === "n-n" ? "-.-" : "-->"}|"${label}"|`;
}

const clickOf = (node: string, address: string | undefined): string[] =>
  address === undefined ? [] : [`  click ${node} href "${encodeURI(address).replaceAll("%25", "%")}"`];

function classesOf(tables: readonly PicturedTable[], node: (table: string) => string): string[] {
  const links = tables.filter(({ link }) => link).map(({ table }) => node(table));
  if (links.length === 0) return [];
  return ["  classDef link fill:#fde9c8,stroke:#b45309,color:#0f172a", `  class ${links.join(",")} link`];
}

/** Whatever could mean something to Mermaid, or to the HTML that it makes, stands as a character's number (Mermaid, "Entity codes"). */
const text = (value: string): string =>
  value
    .toWellFormed()
    .replace(/[^\p{L}\p{M}\p{N}_ ,/:-]|^[-,: ]|(?<!\/):/gu, (character) => `#${character.codePointAt(0)};`);
