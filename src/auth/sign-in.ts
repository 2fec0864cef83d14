// `POST /auth/token` and `POST /auth/revoke`: a name and a password → a token that ends when it is told to.
import { clientAddress } from "../http/client-address.js";
import { problem } from "../http/problem.js";
import type { Attempts } from "./attempts.js";
import { formText } from "./form.js";
import { oauthJson, oauthPage, unkept } from "./oauth.js";
import { type Granted, isToken, type Sessions } from "./sessions.js";
import { keyOfName } from "./users.js";

/** One place where names and passwords are known. */
export interface Directory {
  /** Seconds that a token of it lasts. */
  readonly tokenLifetime: number;
  /**
   * Who has this name and password; `undefined` where nobody has this name, `wrong` where the next one is not to be asked.
   * `locked`: nobody will be let in.
   */
  judge(username: string, password: string, locked: boolean): Promise<Granted | "wrong" | undefined>;
}

export interface SignIn {
  /** They are asked in this order. */
  readonly directories: readonly Directory[];
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  /** Before the API, to be believed. */
  readonly proxies: number;
}

export const invalidGrant = () =>
  problem(
    "invalid_grant",
    "The name or the password is wrong, or both; after too many failures no password is right for a while.",
  );

/** Runs `judge` as an attempt that counts: where it finds nothing, as a failure. Throws 400 then, 429, 503. */
export async function attempted<T>(
  attempts: Attempts,
  username: string,
  address: string | undefined,
  judge: (locked: boolean) => Promise<T | undefined>,
): Promise<T> {
  const attempt = await attempts.begin(keyOfName(username), address);
  let found: T | undefined;
  try {
    found = await judge(attempt.locked);
  } catch (error) {
    await attempt.undone();
    throw error;
  }
  if (found === undefined || attempt.locked) throw invalidGrant();
  await attempt.succeeded();
  return found;
}

/** Client authentication and `scope` are of no account: there are no clients to know, and roles instead of scopes. */
export const tokenPage = ({ directories, attempts, sessions, proxies }: SignIn) =>
  oauthPage(async (fields, request) => {
    const { grant_type: grant = "password" } = fields;
    if (grant !== "password")
      throw problem(
        "unsupported_grant_type",
        "There is one grant here: grant_type=password, with username and password.",
      );
    const [username, password] = [formText(fields, "username"), formText(fields, "password")];
    const { granted, seconds } = await attempted(
      attempts,
      username,
      clientAddress(request, proxies),
      async (locked) => {
        for (const { judge, tokenLifetime: seconds } of directories) {
          const granted = await judge(username, password, locked);
          if (granted === "wrong") return undefined;
          if (granted !== undefined) return { granted, seconds };
        }
        return undefined;
      },
    );
    const token = await sessions.begin(granted, seconds);
    return oauthJson({ access_token: token, token_type: "Bearer", expires_in: seconds });
  });

/** Whoever has a token may end it. One that is unknown has ended already (RFC 7009, 2.2). */
export const revokePage = (sessions: Sessions) =>
  oauthPage(async (fields) => {
    const token = formText(fields, "token");
    if (isToken(token)) await sessions.end(token);
    return { status: 200, headers: unkept };
  });
