// Clients that keep their connection and ask again and again, until the server is gone.
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
}

export interface Tally {
  /** Answers, whole and with a status below 500. */
  answered: number;
  /** Requests that were sent on a connection and not answered: none may be. */
  readonly lost: string[];
  /** Of requests with a body: those that were told that they are done. */
  created: number;
}

/** Each of `clients` asks what `next` says. Ends when nobody listens any more. */
export async function hammer(base: string, clients: number, next: () => Ask, tally: Tally): Promise<void> {
  await Promise.all(Array.from({ length: clients }, () => askOn(base, next, tally)));
}

async function askOn(base: string, next: () => Ask, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (;;) {
      const ask = next();
      const status = await send(base, agent, ask);
      if (status >= 500) tally.lost.push(`${status} for ${ask.path}`);
      tally.answered++;
      if (status === 201) tally.created++;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ECONNREFUSED") tally.lost.push(code ?? message);
  } finally {
    agent.destroy();
  }
}

function send(base: string, agent: Agent, { method = "GET", path, body }: Ask): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const sent: ClientRequest = request(base + path, { method, agent, headers }, (answer: IncomingMessage) => {
      answer
        .on("error", reject)
        .on("end", () => (answer.complete ? resolve(answer.statusCode ?? 0) : reject(new Error("half an answer"))))
        .resume();
    });
    sent.on("error", reject).end(body);
  });
}
