// The page's HTML, and the one at `/`. All addresses are relative, so that they are right under any prefix and behind any proxy.
import { escapeXml } from "../base/escape-xml.js";
import { pageHtml, profileQuery } from "../docs/html.js";
import type { DocsPlace, Profile } from "../routes/tree.js";

/** What the page's program finds in it, beside its own files. */
export interface ExploreAddresses {
  /** The page's own name, below which its files are. */
  readonly here: string;
  /** Where the resources are. */
  readonly api: string;
  readonly docs: string;
  readonly profile: Profile | undefined;
}

export function exploreHtml({ here, api, docs, profile }: ExploreAddresses): string {
  const profiles =
    profile === undefined
      ? ""
      : ` data-profile="${escapeXml(profile.name)}" data-profiles="${escapeXml(JSON.stringify(profile.all))}"`;
  return pageHtml(
    "Look around",
    [`${here}/explore.css`],
    `<div id="explore" data-api="${api}" data-files="${here}" data-docs="${docs}"${profiles}>
<noscript><p>This page needs JavaScript. The <a href="${docs}/diagram${profileQuery(profile)}">picture of the tables</a> does not.</p></noscript>
</div>
<script type="module" src="${here}/explore.js"></script>`,
  );
}

/** One of several databases, or the only one. */
export interface StartingPoint {
  readonly name?: string;
  readonly description?: string;
  /** What stands before `docs`, relative to the top. */
  readonly before: string;
  readonly docs: DocsPlace | undefined;
  /** The resources' addresses, relative to the top. */
  readonly resources: readonly string[];
}

/** What a browser gets at the server's top. */
export const startHtml = (points: readonly StartingPoint[], others: Readonly<Record<string, string>>): string =>
  pageHtml(
    "sapwood",
    [],
    `<main>
<h1>sapwood</h1>
${points.map(pointHtml).join("\n")}
<p>${Object.entries(others)
      .map(([name, href]) => `<a href="${escapeXml(href)}">${escapeXml(name)}</a>`)
      .join(" · ")}</p>
<p>Programs get this page as JSON.</p>
</main>`,
  );

function pointHtml({ name, description, before, docs, resources }: StartingPoint): string {
  const links =
    docs === undefined
      ? []
      : [
          link(`${before}${docs.explore}`, "Look around"),
          link(`${before}${docs.page}`, "API documentation"),
          link(`${before}${docs.page}/diagram`, "Picture of the tables"),
          link(`${before}${docs.document}`, "OpenAPI document"),
        ];
  const all = resources.map((path) => link(path, path.slice(1))).join(" ");
  return `<section>${name === undefined ? "" : `<h2>${escapeXml(name)}</h2>`}${description === undefined ? "" : `<p>${escapeXml(description)}</p>`}
${links.length === 0 ? "" : `<ul>${links.map((one) => `<li>${one}</li>`).join("")}</ul>`}
<details><summary>${resources.length} resources</summary><p>${all}</p></details></section>`;
}

const link = (href: string, text: string): string => `<a href="${escapeXml(href)}">${escapeXml(text)}</a>`;
