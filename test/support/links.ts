// `Link` headers as tests read them, and the walks along them.
import type { Answer } from "./http.js";

/** A relation's address, exactly as it was sent. */
export function linkOf(answer: Answer, relation: string): string | undefined {
  const header = String(answer.headers.link ?? "");
  return [...header.matchAll(/<([^<>]*)>; rel="(\w+)"(?:, |$)/g)].find(([, , name]) => name === relation)?.[1];
}

/** The answers from one page on, along `next` or `prev`. `ask` takes an address as a link has it. */
export async function walk(
  ask: (address: string) => Promise<Answer>,
  address: string,
  relation: "next" | "prev" = "next",
  most = 1_000,
): Promise<Answer[]> {
  const pages: Answer[] = [];
  for (let at: string | undefined = address; at !== undefined; at = linkOf(pages.at(-1) as Answer, relation)) {
    if (pages.length === most) throw new Error(`more than ${most} pages from ${address}: ${at}`);
    pages.push(await ask(at));
  }
  return pages;
}
