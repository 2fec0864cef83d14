// A sign-in provider as they are: a discovery document and a set of keys over HTTP, which change, and which is away at times.
import { type Listening, listen } from "../support/http.js";
import type { Signer } from "./tokens.js";

export interface Provider extends Listening {
  /** Whose keys the set holds at the moment. */
  signers: readonly Signer[];
  /** Answers 500 to everything. */
  away: boolean;
  /** Answers this in place of the set. */
  instead: string | undefined;
  /** Set to change what the discovery document says. */
  document: Readonly<Record<string, unknown>>;
  /** The paths that were asked for. */
  readonly asked: string[];
}

export async function provider(...signers: readonly Signer[]): Promise<Provider> {
  const asked: string[] = [];
  const state: Omit<Provider, keyof Listening | "asked"> = { signers, away: false, instead: undefined, document: {} };
  const listening = await listen((request, response) => {
    asked.push(request.url ?? "");
    if (state.away) return response.writeHead(500).end("away");
    const issuer = listening.base;
    const document = { issuer, jwks_uri: `${issuer}/keys`, ...state.document };
    const set = state.instead ?? JSON.stringify({ keys: state.signers.map(({ jwk }) => jwk) });
    response
      .setHeader("content-type", "application/json")
      .end(request.url === "/keys" ? set : JSON.stringify(document));
  });
  return Object.assign(state, listening, { asked });
}
