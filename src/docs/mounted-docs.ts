// The pages of an API within its own paths, where a framework mounts it: looked up where no route has the path.
import type { ApiRequest } from "../api/message.js";
import type { OpenApiDocument } from "../openapi/document.js";
import type { Matched } from "../routes/match.js";
import type { RouteTree } from "../routes/tree.js";
import { type DocsPage, docsPages } from "./pages.js";

/** A page where others have a place in the tree, so that hosts need not know that there are pages. */
export interface FoundPage extends Matched {
  readonly page: DocsPage;
}

/** The pages of one tree after the other; those of a tree are kept as long as it is. */
export class MountedDocs {
  readonly #pages = new WeakMap<RouteTree, ReadonlyMap<string, DocsPage>>();

  constructor(
    readonly toDocument: (tree: RouteTree) => OpenApiDocument,
    /** The whole address of the mount point, where a request tells it and is believed. */
    readonly origin: ((request: ApiRequest) => string | undefined) | undefined,
  ) {}

  find(tree: RouteTree, path: string): FoundPage | undefined {
    const page = this.#pagesOf(tree)?.get(path);
    return page && { node: { pattern: path, literals: {}, routes: {} }, params: [], page };
  }

  #pagesOf(tree: RouteTree): ReadonlyMap<string, DocsPage> | undefined {
    if (tree.docs === undefined) return undefined;
    let pages = this.#pages.get(tree);
    if (pages === undefined) {
      pages = docsPages(tree, () => this.toDocument(tree), { ...tree.docs, resources: "", origin: this.origin });
      this.#pages.set(tree, pages);
    }
    return pages;
  }
}
