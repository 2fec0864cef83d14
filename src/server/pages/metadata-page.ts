// `GET /metadata`: tables, columns, relations and their evidence. A text can be large: it is made once for each tree.
import { etagOf, notModified } from "../../http/conditional.js";
import type { Metadata } from "../../observe/metadata.js";
import { type Mount, shownByMount } from "../mount.js";
import type { PageAnswer, Site } from "../page.js";
import { maker } from "./schema-document.js";
import { schemaPlaces } from "./schema-pages.js";

interface Text {
  readonly json: string;
  readonly etag: string;
}

export function createMetadataPage(site: Site): PageAnswer {
  const { mounts } = site;
  const isMaker = maker(site);
  const [forMakers, forOthers] = [true, false].map((makes) => {
    const texts = new WeakMap<Metadata, Text>();
    return (metadata: Metadata, mount: Mount): Text => {
      const known = texts.get(metadata);
      if (known !== undefined) return known;
      const json = JSON.stringify({
        ...mount.labels,
        ...metadata,
        ...(makes && { schemaRoutes: schemaPlaces(mount) }),
      });
      const text = { json, etag: etagOf(json) };
      texts.set(metadata, text);
      return text;
    };
  }) as [TextOf, TextOf];
  return async (request) => {
    const textOf = (await isMaker(request)) ? forMakers : forOthers;
    const own = mounts.map(async (mount) => {
      const text = textOf((await shownByMount(request, mount)).metadata(), mount);
      return { name: mount.name, ...text };
    });
    const { json, etag } = together(await Promise.all(own));
    const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache", etag };
    return notModified(request, { status: 200, headers, body: json });
  };
}

type TextOf = (metadata: Metadata, mount: Mount) => Text;

/** Of one database its own, of several each by its name. */
function together(texts: readonly (Text & { readonly name?: string })[]): Text {
  const [only] = texts;
  if (only !== undefined && only.name === undefined) return only;
  const json = texts.map(({ name, json }) => `${JSON.stringify(name)}:${json}`).join(",");
  return { json: `{"databases":{${json}}}`, etag: etagOf(texts.map(({ etag }) => etag).join()) };
}
