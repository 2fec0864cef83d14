// A JWT → the claims that its signer vouches for. What fails is a 401 that says why, and repeats nothing of the token.
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import { isSafeNumber, parse } from "lossless-json";
import type { Claims } from "../http/caller.js";
import { HttpError } from "../http/problem.js";
import { badCredentials } from "../http/unauthorized.js";

/** What holds of all tokens of one issuer. */
export interface Verifier {
  /** Finds the key of a token, among those that were configured. */
  readonly keyOf: JWTVerifyGetKey;
  /** `algorithms` are those of the keys: what the token's header says is only compared with them. */
  readonly checks: JWTVerifyOptions & { readonly algorithms: string[]; readonly clockTolerance: number };
}

/** Throws 401, or what `keyOf` throws. */
export async function tokenClaims(token: string, { keyOf, checks }: Verifier): Promise<Claims> {
  try {
    const payload = await verified(token, keyOf, checks);
    refuseFuture(payload, checks.clockTolerance);
    return exact(token, payload);
  } catch (error) {
    throw error instanceof HttpError ? error : badCredentials(reasonOf(error));
  }
}

async function verified(token: string, keyOf: JWTVerifyGetKey, checks: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keyOf, checks)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifiedByOneOf(token, error, checks);
  }
}

/** The token names no key, and several of the set may have signed it. */
async function verifiedByOneOf(token: string, keys: errors.JWKSMultipleMatchingKeys, checks: JWTVerifyOptions) {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, checks)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** jose looks at `iat` only where there is a greatest age. */
function refuseFuture({ iat }: JWTPayload, tolerance: number): void {
  if (iat !== undefined && iat > Date.now() / 1000 + tolerance)
    throw badCredentials("The token was issued in the future: a clock is wrong.");
}

/** A user's 64-bit number that a double would round is another user's: such numbers become texts of their digits. */
function exact(token: string, payload: JWTPayload): Claims {
  const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  if (!/\d{16}/.test(text)) return payload;
  return parse(text, undefined, (digits) => (isSafeNumber(digits) ? Number(digits) : digits)) as Claims;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired)
    return error.claim === "exp" ? "The token has expired: get a new one." : "The token is too old: get a new one.";
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  if (error instanceof errors.JOSEError && Object.hasOwn(reasons, error.code)) return reasons[error.code] as string;
  return "The token cannot be verified.";
}

const reasons: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "The token's signature is not valid.",
  ERR_JOSE_ALG_NOT_ALLOWED: "The token is signed by an algorithm that is not taken here.",
  ERR_JOSE_NOT_SUPPORTED: "The token's header asks for what is not understood here.",
  ERR_JWKS_NO_MATCHING_KEY: "The token is signed by a key that is not known here.",
  ERR_JWS_INVALID: "The token is malformed.",
  ERR_JWT_INVALID: "The token is malformed.",
};

const claimReasons: Readonly<Record<string, string>> = {
  aud: "The token is meant for others: its aud is not taken here.",
  iss: "The token comes from an issuer that is not taken here.",
  nbf: "The token is not valid yet.",
};

/** jose checks the claims that it was told of, so their names are no secret. */
function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === "missing") return `The token has no ${claim}, which is needed here.`;
  return (reason === "check_failed" && claimReasons[claim]) || `The token's ${claim} is not valid.`;
}
