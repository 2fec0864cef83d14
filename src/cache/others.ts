// Processes that keep answers of one database, each in its own memory. The database tells each of the others' writes (NOTIFY).
import { randomBytes } from "node:crypto";
import { WRITTEN_CHANNEL } from "../database/schema-notices.js";
import type { OpenDatabase } from "../database/session.js";
import type { Heartbeat } from "../dialect/connection.js";
import { ANY_TABLE } from "../plan/tables-in.js";
import type { CacheWrites } from "./writes.js";

/** A server that went without a word is found out within these two together, in milliseconds: so long may answers be too old. */
const heartbeat: Heartbeat = { every: 1_000, patience: 1_000 };
/** The most bytes of a word; with more tables it is all of them. */
const LONGEST = 7_000;
/** Milliseconds until a write that could not be told is told again. */
const AGAIN = 1_000;

export interface Others {
  /** Would this process hear of their writes? While it would not, no kept answer is given. */
  readonly isHeard: boolean;
  /** A statement that tells of the written tables. The others hear it when its transaction is committed. */
  word(tables: readonly string[]): { readonly text: string; readonly values: readonly unknown[] };
  /** Tells the others which tables were written. Does not reject: it tries again later. */
  tell(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Notes what others write. `undefined` where the database has no NOTIFY, or a pooler in front of it shares its sessions. */
export async function openOthers(
  database: Pick<OpenDatabase, "dialect" | "connect" | "run">,
  writes: CacheWrites,
): Promise<Others | undefined> {
  const { dialect } = database;
  const own = randomBytes(9).toString("base64url");
  const listening = dialect.listen?.(
    () => database.connect(),
    (said) => {
      const { from, tables } = said === undefined ? lost : read(said);
      if (from !== own) writes.note(tables);
    },
    WRITTEN_CHANNEL,
    heartbeat,
  );
  await listening?.ready;
  if (listening === undefined || dialect.notify === undefined || listening.deaf !== undefined) {
    await listening?.close();
    return undefined;
  }
  const { notify } = dialect;
  const word: Others["word"] = (tables) => {
    const text = JSON.stringify([own, ...tables]);
    return notify(WRITTEN_CHANNEL, Buffer.byteLength(text) > LONGEST ? JSON.stringify([own, ANY_TABLE]) : text);
  };
  const owed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = async (tables: readonly string[]): Promise<void> => {
    for (const table of tables) owed.add(table);
    const saying = [...owed];
    const { text, values } = word(saying);
    try {
      await database.run(text, values);
      for (const table of saying) owed.delete(table);
    } catch {
      clearTimeout(timer);
      timer = setTimeout(() => void tell([]), AGAIN).unref();
    }
  };
  return {
    get isHeard() {
      return listening.isConnected;
    },
    word,
    tell,
    close: async () => {
      clearTimeout(timer);
      await listening.close();
    },
  };
}

/** A message may have been missed: any table may have been written. */
const lost = { from: "", tables: [ANY_TABLE] } as const;

/** The text may be anything: every user of the database may send one. */
function read(said: string): { readonly from: string; readonly tables: readonly string[] } {
  try {
    const [from, ...tables]: unknown[] = JSON.parse(said);
    if (typeof from !== "string" || !tables.every(isText)) return lost;
    return { from, tables };
  } catch {
    return lost;
  }
}

const isText = (value: unknown): value is string => typeof value === "string";
