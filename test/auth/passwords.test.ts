// What is kept of a password, and that nobody learns from the work which names there are.
import { describe, expect, test } from "vitest";
import { hashPassword, isPassword, passwordFault } from "../../src/auth/passwords.js";
import { Semaphore } from "../../src/base/semaphore.js";
import { problem } from "../../src/http/problem.js";

test("a password is known again, in every form of its letters", async () => {
  const kept = await hashPassword("pässwörd ﬁne");
  expect(kept).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}==\$[\w+/]{43}=$/);
  expect(await isPassword("pässwörd ﬁne".normalize("NFD"), kept)).toBe(true);
  expect(await isPassword("Pässwörd ﬁne", kept)).toBe(false);
  expect(await isPassword("", kept)).toBe(false);
  expect(await hashPassword("pässwörd ﬁne")).not.toBe(kept);
});

test("one of another cost is known too", async () => {
  // RFC 7914, 12: "pleaseletmein", N = 16384, r = 8, p = 1; the first 32 of its 64 bytes.
  const hash = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
  const kept = `$scrypt$ln=14,r=8,p=1$${Buffer.from("SodiumChloride").toString("base64")}$${hash.toString("base64")}`;
  expect(await isPassword("pleaseletmein", kept)).toBe(true);
});

test("nobody's password is as much work as a wrong one, and never right", async () => {
  const kept = await hashPassword("a long enough one");
  const work = async (judge: () => Promise<boolean>) => {
    const before = process.cpuUsage();
    expect(await judge()).toBe(false);
    return process.cpuUsage(before).user;
  };
  const wrong = await work(() => isPassword("a wrong one", kept));
  // The CPU's time, not the clock's: it is the same on a busy machine.
  expect(await work(() => isPassword("a wrong one", undefined))).toBeGreaterThan(wrong / 3);
  expect(await work(() => isPassword("p".repeat(100_000), kept))).toBeGreaterThan(wrong / 3);
  expect(await isPassword("", undefined)).toBe(false);
});

test.each([
  ["seven c", 8, "has at least 8 characters"],
  // Seven characters in fourteen units of UTF-16.
  ["😀😀😀😀😀😀😀", 8, "has at least 8 characters"],
  ["😀😀😀😀😀😀😀😀", 8, undefined],
  ["p".repeat(201), 8, "has at most 200 characters"],
  ["p".repeat(200), 8, undefined],
  ["Ada Lovelace", 8, "is not the name"],
  ["fourteen chars", 15, "has at least 15 characters"],
])("%j of at least %i: %s", (password, least, fault) => {
  expect(passwordFault(password, "ada lovelace", least)).toBe(fault);
});

describe("a gate", () => {
  test("lets some through at a time, lets some wait, and turns the others away", async () => {
    const gate = new Semaphore(2, 1, () => problem("busy", "full"));
    const [open, done]: [(() => void)[], string[]] = [[], []];
    const pass = (name: string) =>
      gate.run(() => new Promise<void>((resolve) => open.push(resolve)).then(() => void done.push(name)));
    const [a, b, c] = [pass("a"), pass("b"), pass("c")];
    await expect(pass("d")).rejects.toThrow("full");
    expect(open).toHaveLength(2);
    open[0]?.();
    await a;
    await Promise.resolve();
    expect(open).toHaveLength(3);
    for (const end of open) end();
    await Promise.all([b, c]);
    expect(done).toEqual(["a", "b", "c"]);
    // All have left: there is room again.
    await gate.run(async () => {});
  });

  test("whose work fails has room for the next", async () => {
    const gate = new Semaphore(1, 1, () => new Error("full"));
    await expect(gate.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await gate.run(async () => 7)).toBe(7);
  });
});
