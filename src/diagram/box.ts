// Pieces that every picture is drawn with: colours, the font, a box with a title and rows, in Graphviz's words.
import type { Attributes } from "@viz-js/viz";
import { escapeXml } from "../base/escape-xml.js";

export const color = {
  inside: "#ffffff",
  table: "#dbeafe",
  link: "#fde9c8",
  view: "#e5e7eb",
  line: "#64748b",
  linkLine: "#b45309",
  text: "#0f172a",
};

/** Graphviz has no fonts here, and knows the width of Courier's letters; other monospaced fonts have nearly the same. */
const font = { fontname: "Courier", fontsize: 10 };

export const nodeAttributes: Attributes = { ...font, shape: "plain", fontcolor: color.text };
export const edgeAttributes: Attributes = { ...font, color: color.line, fontcolor: color.line, arrowsize: 0.6 };
export const graphAttributes: Attributes = { rankdir: "LR", bgcolor: "transparent", tooltip: " " };

export interface Box {
  readonly background: string;
  readonly title: string;
  /** Beside the title, in brackets. */
  readonly also?: string | undefined;
  /** At the right of the title. */
  readonly mark?: string | undefined;
  readonly rows: readonly string[];
  /** Is the picture about this one? */
  readonly central?: boolean;
}

/** Graphviz's own HTML, which is none of the browser's. */
export function boxLabel({ background, title, also, mark, rows, central = false }: Box): { readonly html: string } {
  const beside = also === undefined ? "" : ` (${escaped(also)})`;
  const left = `<td align="left"><b>${escaped(title)}</b>${beside}</td>`;
  const right = mark === undefined ? "" : `<td align="right">  <i>${escaped(mark)}</i></td>`;
  const head = `<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>${left}${right}</tr></table>`;
  const frame = `border="${central ? 3 : 1}" color="${color.line}" bgcolor="${color.inside}"`;
  return {
    html: `<table ${frame} cellborder="0" cellspacing="0" cellpadding="3"><tr><td port="title" bgcolor="${background}">${head}</td></tr>${rows.join("")}</table>`,
  };
}

export const row = (text: string, more = ""): string => `<tr><td align="left" ${more}>${escaped(text)}</td></tr>`;

export const tooltip = (lines: readonly string[]): Attributes => ({ tooltip: lines.map(escaped).join("\n") });

export const leadsTo = (address: string | undefined): Attributes =>
  address === undefined ? {} : { URL: escaped(address) };

/** To Graphviz `\N` means the node's name. */
const escaped = (text: string): string => escapeXml(text).replaceAll("\\", "\\\\");
