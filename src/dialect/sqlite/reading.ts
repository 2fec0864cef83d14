// A transaction on a reader that is kept for it. In: how one statement runs there. Out: statements one after the other, and an end
// behind the last of them.
import type { DatabaseResult } from "../connection.js";
import type { ReadingTransaction } from "../readers.js";

type Question = Readonly<{ text: string; values: readonly unknown[]; most?: number | undefined }>;

export function inOrder(
  run: (question: Question) => Promise<DatabaseResult>,
  giveBack: () => void,
): ReadingTransaction {
  let last: Promise<unknown> = Promise.resolve();
  const behindLast = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    read: (text, values, most) => behindLast(() => run({ text, values, most })),
    end: () => void behindLast(giveBack),
  };
}
