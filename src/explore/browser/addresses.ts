// The page's element → whole addresses, relative to where the page is.

export interface Addresses {
  /** Of the resources, without a slash at its end. */
  readonly api: string;
  readonly model: string;
  readonly docs: string;
  readonly diagram: string;
  /** The picture of the tables. */
  readonly svg: string;
  readonly licenses: string;
  /** What addresses of signing in are relative to. */
  readonly top: string;
  /** Where the database has several schemas. */
  readonly profile: string | undefined;
  readonly profiles: readonly string[];
}

export function addressesOf(place: HTMLElement): Addresses {
  const { api = ".", files = "explore", docs = "docs", profile, profiles = "[]" } = place.dataset;
  const at = (path: string, profiled = false) => {
    const url = new URL(path, location.href);
    url.hash = "";
    if (profiled && profile !== undefined) url.searchParams.set("profile", profile);
    return url.href;
  };
  return {
    api: at(api).replace(/\/$/, ""),
    model: at(`${files}/model.json`, true),
    docs: at(docs, true),
    diagram: at(`${docs}/diagram`, true),
    svg: at(`${docs}/diagram.svg`, true),
    licenses: at(`${files}/licenses.txt`),
    top: at("."),
    profile,
    profiles: JSON.parse(profiles) as string[],
  };
}
