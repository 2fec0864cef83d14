// All pages about an API, by their paths: its documentation, and the page to look around in.
import { once } from "../base/once.js";
import { html } from "../docs/answers.js";
import { coded, codedOf } from "../docs/coded.js";
import { type DocsPage, type DocsSettings, type DocumentSource, docsPages, shownPage } from "../docs/pages.js";
import type { RouteTree } from "../routes/tree.js";
import { type ExploreFile, exploreFile, exploreFiles } from "./files.js";
import { exploreHtml } from "./html.js";
import { type ExploreModel, modelOf } from "./model.js";

/** The pages of one tree. What is costly in them is made when it is first asked for. */
export const pagesAbout = (
  tree: RouteTree,
  source: DocumentSource,
  settings: DocsSettings,
): ReadonlyMap<string, DocsPage> =>
  new Map([...docsPages(tree, source, settings), ...explorePages(tree, source, settings)]);

function explorePages(
  tree: RouteTree,
  { toParts }: DocumentSource,
  { explore, page, resources }: DocsSettings,
): [string, DocsPage][] {
  const here = explore.slice(1);
  const addresses = { here, api: `.${resources}`, docs: page.slice(1), profile: tree.profile };
  const model = once(() => {
    const signIn = (toParts([]).outline().securitySchemes ?? {}) as ExploreModel["signIn"];
    return codedOf(Buffer.from(JSON.stringify(modelOf(tree, signIn))));
  });
  const pages: Readonly<Record<string, DocsPage>> = {
    [explore]: once(() => html(exploreHtml(addresses))),
    // The addresses in the page are relative to the one without a slash at its end.
    [`${explore}/`]: () => ({ status: 308, headers: { location: `../${here}` } }),
    [`${explore}/model.json`]: (request) => coded(request, model(), "application/json; charset=utf-8"),
    ...Object.fromEntries(
      (Object.keys(exploreFiles) as ExploreFile[]).map((name): [string, DocsPage] => [
        `${explore}/${name}`,
        async (request) => coded(request, await exploreFile(name), exploreFiles[name]),
      ]),
    ),
  };
  return Object.entries(pages).map(([path, answer]) => [path, shownPage(answer)]);
}
