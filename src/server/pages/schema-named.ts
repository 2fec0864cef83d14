// What stands at an address of its own below a page: the name in the address, and the answer that says the address.
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { jsonPage } from "../page.js";

/** The name that the rest of the path is. Throws 400. */
export function nameIn({ path }: ApiRequest): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    throw problem("malformed_path", "The name in the path is not percent-encoded UTF-8.");
  }
}

export function createdPage({ prefix }: ApiRequest, name: string, value: object): ApiResponse {
  const page = jsonPage(value);
  return { ...page, status: 201, headers: { ...page.headers, location: `${prefix}/${encodeURIComponent(name)}` } };
}
