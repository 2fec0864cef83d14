// A driver whose inner parts are others than the wire code uses: said in the log at the start.
import { describe, expect, test, vi } from "vitest";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { createApi } from "../../src/index.js";
import { databases } from "../support/databases.js";

const hasParts = vi.hoisted(() => ({ value: true }));
const fits = vi.hoisted(() => () => hasParts.value);
vi.mock("../../src/dialect/postgres/wire/fits.js", () => ({ fits }));
vi.mock("../../src/dialect/mysql/wire/fits.js", () => ({ fits }));

for (const database of databases)
  describe.skipIf(database.skip)(database.name, () => {
    test.each([true, false])("the driver has the parts: %s", async (has) => {
      const created = await database.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY)");
      hasParts.value = has;
      const lines: string[] = [];
      const tell = (_fields: object, text: string) => void lines.push(text);
      const logger = { debug: tell, info: tell, warn: tell, error: tell };
      const api = await createApi(created.url, { logger });
      try {
        const said = lines.filter((line) => line.includes("its documented way is taken"));
        // SQLite's driver is used by its documented parts alone.
        const usesParts = dialectOfUrl(created.url).isKnown !== undefined;
        expect(said).toHaveLength(usesParts && !has ? 1 : 0);
        for (const line of said) expect(line).toMatch(/^(pg|mysql2) \d+\.\d+\.\d+ is not built as sapwood expects/);
      } finally {
        await api.close();
        await created.drop();
      }
    });
  });
