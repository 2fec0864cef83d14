// The pages of documentation: README.md, and the README.md of each room that has one.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Where pages may be. */
const folders = ["src", "adapters", "examples", "test"];

export interface Page {
  /** From the top of the repository: `src/http/README.md`. */
  readonly path: string;
  readonly text: string;
}

const found = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => name === "README.md" && !parentPath.includes("node_modules"))
    .map(({ name, parentPath }) => relative(root, join(parentPath, name)).replaceAll(sep, "/")),
);

export const pages: readonly Page[] = ["README.md", ...found.sort()].map((path) => ({
  path,
  text: readFileSync(join(root, path), "utf8"),
}));

/** The text of one page, by its path. */
export function pageText(path: string): string {
  const page = pages.find((each) => each.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page.text;
}

/** The blocks of a page in one language, without their fences. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block]) => block as string);

/** What a page has below a heading, up to the next heading of any level. */
export function sectionOf(text: string, heading: string): string {
  const [, section = ""] = text.split(`\n${heading}\n`);
  return section.split(/^#+ /m)[0] as string;
}

/** The page without its blocks and code spans, in which nothing is a link or a heading. */
const prose = (text: string): string => text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "``");

/** Relative links: from the top of the repository, with their anchors. */
export function linksOf({ path, text }: Page): { to: string; anchor: string }[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor = ""] = target.split("#");
      return { to: file === "" ? path : posix.join(posix.dirname(path), file), anchor };
    });
}
