// A verified token is remembered for a moment.
import { afterEach, expect, test, vi } from "vitest";
import { asking } from "./asked.js";
import { claims, hs256, now, secret } from "./tokens.js";

afterEach(() => {
  vi.useRealTimers();
});

test("and not past its end", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { bearer, close } = await asking({ auth: { jwt: { secret, clockTolerance: 0 } } });
  const token = hs256({ ...claims(), exp: now() + 10 });
  expect((await bearer(token)).status).toBe(200);
  vi.setSystemTime(Date.now() + 9_000);
  expect((await bearer(token)).status).toBe(200);
  vi.setSystemTime(Date.now() + 2_000);
  expect((await bearer(token)).detail).toBe("The token has expired: get a new one.");
  await close();
});

test("nor past its greatest age", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { bearer, close } = await asking({ auth: { jwt: { secret, clockTolerance: 0, maxAge: 10 } } });
  const token = hs256(claims());
  expect((await bearer(token)).status).toBe(200);
  vi.setSystemTime(Date.now() + 12_000);
  expect((await bearer(token)).detail).toBe("The token is too old: get a new one.");
  await close();
});

test("by the whole of it: the same text under another signature is another one", async () => {
  const { bearer, close } = await asking({ auth: { jwt: { secret } } });
  const token = hs256(claims());
  expect((await bearer(token)).status).toBe(200);
  expect((await bearer(`${token.slice(0, -10)}AAAAAAAAAA`)).status).toBe(401);
  expect((await bearer(token)).status).toBe(200);
  await close();
});

test("and its claims cannot be changed by who is shown them", async () => {
  const { bearer, close } = await asking({ auth: { jwt: { secret } } });
  const { caller } = await bearer(hs256({ ...claims(), groups: ["a"] }));
  expect(Object.isFrozen(caller?.claims)).toBe(true);
  expect(Object.isFrozen(caller?.claims.groups)).toBe(true);
  await close();
});
