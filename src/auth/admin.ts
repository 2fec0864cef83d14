// What the pages for admins have in common: who may, and the fields that they take.

import { didYouMean } from "../base/suggest.js";
import { ANONYMOUS, type Claims } from "../http/caller.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem } from "../http/problem.js";
import { unauthorized } from "../http/unauthorized.js";
import type { FormFields } from "./form.js";
import { formText } from "./form.js";
import type { AuthPage } from "./mounted-pages.js";

export interface Admins {
  /** The role that may. */
  readonly adminRole: string;
  /** Those that there are. */
  readonly roles: readonly string[];
  /** Before the API, to be believed. */
  readonly proxies: number;
}

export const adminOnly =
  ({ adminRole }: Admins, work: (request: ApiRequest) => Promise<ApiResponse>): AuthPage =>
  async (request, identify) => {
    const caller = await identify(request);
    if (caller === undefined) throw unauthorized();
    if (caller.role !== adminRole) throw problem("forbidden", `This is for the role ${adminRole} only.`);
    return work(request);
  };

const whole = /^[1-9]\d{0,8}$/;

/** The last segment of the path. What is no number is nobody's. */
export function idOf({ path }: ApiRequest): number {
  const text = path.slice(path.lastIndexOf("/") + 1);
  return whole.test(text) ? Number(text) : 0;
}

const PAGE = 100;
const MOST = 1000;

/** `?limit=100&offset=0` */
export function pageOf({ query }: ApiRequest): [limit: number, offset: number] {
  const { limit = String(PAGE), offset = "0" } = Object.fromEntries(new URLSearchParams(query));
  if (!whole.test(limit) || !(offset === "0" || whole.test(offset)))
    throw problem("malformed_query", `limit and offset are whole numbers: ?limit=${PAGE}&offset=0.`);
  return [Math.min(Number(limit), MOST), Number(offset)];
}

/** One of the roles that can be given. */
export function roleField(fields: FormFields, roles: readonly string[]): string {
  const role = formText(fields, "role");
  const given = roles.filter((name) => name !== ANONYMOUS);
  if (given.includes(role)) return role;
  throw problem(
    "invalid_value",
    `There is no such role.${didYouMean(role, given)} The roles are ${given.join(", ")}.`,
    {
      errors: [{ field: "role", message: "is no role" }],
    },
  );
}

const MOST_CLAIMS = 4096;

export function claimsField({ claims = {} }: FormFields): Claims {
  const isObject = typeof claims === "object" && claims !== null && !Array.isArray(claims);
  if (isObject && JSON.stringify(claims).length <= MOST_CLAIMS) return claims as Claims;
  throw problem("invalid_value", `'claims' is a JSON object of at most ${MOST_CLAIMS} characters.`, {
    errors: [{ field: "claims", message: "is a JSON object" }],
  });
}
