// `GET /metadata`: tables, columns, relations and their evidence. A text can be large: it is made once for each tree.
import { etagOf, notModified } from "../../http/conditional.js";
import type { Metadata } from "../../observe/metadata.js";
import { type Labels, shownByMount } from "../mount.js";
import type { PageAnswer, Site } from "../page.js";

interface Text {
  readonly json: string;
  readonly etag: string;
}

export function createMetadataPage({ mounts }: Site): PageAnswer {
  const texts = new WeakMap<Metadata, Text>();
  const textOf = (metadata: Metadata, labels?: Labels): Text => {
    const known = texts.get(metadata);
    if (known !== undefined) return known;
    const json = JSON.stringify({ ...labels, ...metadata });
    const text = { json, etag: etagOf(json) };
    texts.set(metadata, text);
    return text;
  };
  return async (request) => {
    const own = mounts.map(async (mount) => {
      const text = textOf((await shownByMount(request, mount)).metadata(), mount.labels);
      return { name: mount.name, ...text };
    });
    const { json, etag } = together(await Promise.all(own));
    const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache", etag };
    return notModified(request, { status: 200, headers, body: json });
  };
}

/** Of one database its own, of several each by its name. */
function together(texts: readonly (Text & { readonly name?: string })[]): Text {
  const [only] = texts;
  if (only !== undefined && only.name === undefined) return only;
  const json = texts.map(({ name, json }) => `${JSON.stringify(name)}:${json}`).join(",");
  return { json: `{"databases":{${json}}}`, etag: etagOf(texts.map(({ etag }) => etag).join()) };
}
