// `auth.jwt.jwks`: keys that their provider changes, over a real socket. Only the clock is moved by hand.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen } from "../support/http.js";
import { type Asking, asking } from "./asked.js";
import { type Provider, provider } from "./provider.js";
import { claims, hs256, now, type Signer, signer } from "./tokens.js";

const MINUTE = 60_000;
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const UNKNOWN = "The token is signed by a key that is not known here.";

let first: Signer;
let second: Signer;
let keys: Provider;
let api: Asking;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  [first, second] = [await signer("ES256", "one"), await signer("ES256", "two")];
  keys = await provider(first);
  api = await asking({ auth: { jwt: { jwks: `${keys.base}/keys` } } });
});
afterEach(async () => {
  vi.useRealTimers();
  await api.close();
  await keys.close();
});

/** Another token each time, as one that is known is not verified again. */
let made = 0;
const from = async ({ sign }: Signer, header?: object) =>
  api.bearer(await sign({ ...claims(), exp: now() + 86_400, jti: String(made++) }, header));

test("the set is fetched once, and kept", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => from(first)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect((await from(first)).caller).toMatchObject({ role: "member", claims: { sub: "7" } });
  expect(keys.asked).toEqual(["/keys"]);
});

test("nothing is asked for without a token", async () => {
  expect((await api.ask()).status).toBe(200);
  expect((await api.bearer("swt_1")).status).toBe(401);
  expect(keys.asked).toEqual([]);
});

test("a new key counts at once, the one before as long as it is in the set", async () => {
  await from(first);
  pass(MINUTE);
  keys.signers = [first, second];
  expect((await from(second)).status).toBe(200);
  expect((await from(first)).status).toBe(200);
  keys.signers = [second];
  pass(11 * MINUTE);
  expect((await from(first)).detail).toBe(UNKNOWN);
  expect((await from(second)).status).toBe(200);
});

test("while the keys change, no good token is refused", async () => {
  await from(first);
  pass(MINUTE);
  keys.signers = [first, second];
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => from(i % 2 === 0 ? first : second)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(keys.asked.length).toBe(2);
});

test("a verified token of a key that has gone lasts a minute more", async () => {
  const token = await first.sign({ ...claims(), exp: now() + 86_400 });
  await api.bearer(token);
  keys.signers = [second];
  pass(9 * MINUTE + 50_000);
  expect((await api.bearer(token)).status).toBe(200);
  pass(50_000);
  expect((await api.bearer(token)).status).toBe(200);
  pass(11_000);
  expect((await api.bearer(token)).detail).toBe(UNKNOWN);
});

test("unknown keys make nobody ask the provider without end", async () => {
  await from(first);
  for (let i = 0; i < 20; i++) expect((await from(second, { kid: `no-${i}` })).detail).toBe(UNKNOWN);
  expect(keys.asked.length).toBe(1);
  pass(31_000);
  for (let i = 0; i < 20; i++) await from(second, { kid: `no-${i}` });
  expect(keys.asked.length).toBe(2);
});

test("tokens that name no key are tried with all that fit", async () => {
  keys.signers = [second, first];
  expect((await from(first, { kid: undefined })).status).toBe(200);
  const third = await signer("ES256");
  expect((await from(third, { kid: undefined })).detail).toBe("The token's signature is not valid.");
});

test("another key under a known name does not count", async () => {
  const imposter = await signer("ES256", "one");
  expect((await from(imposter)).detail).toBe("The token's signature is not valid.");
});

test("a key for encrypting does not verify", async () => {
  keys.signers = [{ ...first, jwk: { ...first.jwk, use: "enc" } }];
  expect((await from(first)).detail).toBe(UNKNOWN);
});

test("503 where the provider is away, and it is left in peace for a moment", async () => {
  keys.away = true;
  for (let i = 0; i < 5; i++)
    expect(await from(first)).toMatchObject({
      status: 503,
      code: "sign_in_away",
      headers: { "retry-after": "5" },
      detail: "Who you are cannot be checked at the moment. Try again in a few seconds.",
    });
  expect(keys.asked.length).toBe(1);
  expect((await api.ask()).status).toBe(200);
  keys.away = false;
  pass(6_000);
  expect((await from(first)).status).toBe(200);
});

test("an outage of the provider is bridged by the keys of its last answer, for an hour", async () => {
  await from(first);
  keys.away = true;
  pass(30 * MINUTE);
  expect((await from(first)).status).toBe(200);
  // It may be a new key: nobody can say at the moment.
  expect((await from(second)).code).toBe("sign_in_away");
  pass(31 * MINUTE);
  expect((await from(first)).code).toBe("sign_in_away");
});

test.each([
  ["no JSON", "<html>"],
  ["no set", '{"keys":1}'],
  ["null", "null"],
])("an answer that is %s is none", async (_title, text) => {
  keys.instead = text;
  for (let i = 0; i < 5; i++) expect((await from(first)).code).toBe("sign_in_away");
  expect(keys.asked.length).toBe(1);
  keys.instead = undefined;
  pass(6_000);
  expect((await from(first)).status).toBe(200);
  keys.instead = text;
  pass(11 * MINUTE);
  expect((await from(first)).status).toBe(200);
});

test("a redirect is not followed", async () => {
  const elsewhere = await listen((_request, response) =>
    response.writeHead(302, { location: `${keys.base}/keys` }).end(),
  );
  const { bearer, close } = await asking({ auth: { jwt: { jwks: elsewhere.base } } });
  expect((await bearer(await first.sign())).code).toBe("sign_in_away");
  expect(keys.asked).toEqual([]);
  await close();
  await elsewhere.close();
});

test("what is wrong with the provider is in the log", async () => {
  const lines: string[] = [];
  const none = () => {};
  const warn = ({ err }: { err?: Error }, text: string) => void lines.push(`${text}: ${err?.message}`);
  keys.away = true;
  const logger = { debug: none, info: none, error: none, warn };
  const { bearer, close } = await asking({ logger, auth: { jwt: { jwks: `${keys.base}/keys` } } });
  for (let i = 0; i < 3; i++) await bearer(await first.sign());
  expect(lines).toEqual([`the keys of signed tokens cannot be read: ${keys.base}/keys answers 500.`]);
  await close();
});

test("a secret's token is none of theirs", async () => {
  expect((await api.bearer(hs256(claims(), { kid: "one" }))).detail).toBe(
    "The token is signed by an algorithm that is not taken here.",
  );
  expect(keys.asked).toEqual([]);
});
