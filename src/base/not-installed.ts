// Packages that not everybody has: optional ones, which `npm install --omit=optional` leaves out. Who needs one hears its name.

/** `message` says what needs which package, and how to install it. */
export class NotInstalled extends Error {
  constructor(what: string, packages: readonly string[], cause: unknown) {
    const names = packages.length === 1 ? `the package ${packages[0]}, which is` : `packages which are`;
    super(`${what} needs ${names} not installed. Install with: npm install ${packages.join(" ")}`, { cause });
    this.name = "NotInstalled";
  }
}

/** The package that node did not find, where that is what an import failed for. Across threads an error keeps its message alone. */
export const packageMissing = (error: unknown): string | undefined =>
  error instanceof Error ? /^Cannot find package '((?:@[^'/]+\/)?[^'/]+)'/.exec(error.message)?.[1] : undefined;

/** What an import gives. Rejects with a `NotInstalled` where a package of it is missing; `what` begins the sentence. */
export async function orNotInstalled<T>(what: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const name = packageMissing(error);
    throw name === undefined ? error : new NotInstalled(what, [name], error);
  }
}
