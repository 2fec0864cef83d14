// One request on a connection of its own, so that each may come to another process.
import { request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Longer than any answer may take, in milliseconds. */
const PATIENCE = 90_000;

export function ask(url: string, method = "GET", headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, headers: { ...headers, ...type } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("error", reject).on("end", () => {
        const said = answer.headers as Record<string, string | undefined>;
        resolve({ status: answer.statusCode ?? 0, headers: said, text });
      });
    });
    sent.setTimeout(PATIENCE, () => sent.destroy(new Error(`${method} ${url} was not answered`)));
    sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
