// A sign-in provider as they are: a discovery document and a set of keys over HTTP, which change, and which is away at times.
import { type Listening, listen } from "../support/http.js";
import type { Signer } from "./tokens.js";

export interface Provider extends Listening {
  /** Whose keys the set holds at the moment. */
  signers: readonly Signer[];
  /** Answers 500 to everything. */
  away: boolean;
  /** Set to change what the discovery document says. */
  document: Readonly<Record<string, unknown>>;
  /** The paths that were asked for. */
  readonly asked: string[];
}

export async function provider(...signers: readonly Signer[]): Promise<Provider> {
  const asked: string[] = [];
  const state = { signers, away: false, document: {} as Readonly<Record<string, unknown>> };
  const listening = await listen((request, response) => {
    asked.push(request.url ?? "");
    if (state.away) return response.writeHead(500).end("away");
    const issuer = listening.base;
    const document = { issuer, jwks_uri: `${issuer}/keys`, ...state.document };
    const known = request.url === "/keys" ? { keys: state.signers.map(({ jwk }) => jwk) } : document;
    response.setHeader("content-type", "application/json").end(JSON.stringify(known));
  });
  return Object.assign(state, listening, { asked });
}
