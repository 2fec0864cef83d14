// `Server-Timing`: how long an answer took, and how much of that the database.
import { expect, test } from "vitest";
import { onEveryHost } from "../support/matrix.js";
import { shop } from "./shop.js";

const form = /^db;dur=([\d.]+);desc="(\d+) statements?", total;dur=([\d.]+)$/;

onEveryHost(shop, (place) => {
  test("is on every answer where it is asked for, and on none otherwise", async () => {
    const app = await place.app({ serverTiming: true });
    for (const [line, body, status, statements] of [
      ["GET /artists/1", undefined, 200, 1],
      ["GET /artists?select=name,albums(title)&count=exact", undefined, 200, undefined],
      ["GET /artists/77", undefined, 404, 1],
      ["GET /artists?nmae=x", undefined, 400, 0],
      ["OPTIONS /artists", undefined, 204, 0],
      ["PATCH /artists/1", { name: "Nina" }, 200, undefined],
      ["GET /naps", undefined, 200, 1],
    ] as const) {
      const answer = await app.ask(line, { body });
      expect(answer.status, line).toBe(status);
      const header = String(answer.headers["server-timing"]);
      expect(header, line).toMatch(form);
      const [, db, count, total] = (form.exec(header) ?? []).map(Number);
      expect(db, line).toBeLessThanOrEqual(total as number);
      if (statements !== undefined) expect(count, line).toBe(statements);
      if (line === "GET /naps") expect(db).toBeGreaterThan(100);
    }
    const plain = await place.app();
    expect((await plain.ask("GET /artists/1")).headers).not.toHaveProperty("server-timing");
  });
});
