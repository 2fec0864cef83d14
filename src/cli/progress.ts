// What a command is at, on one line of a terminal that is written over. Nothing where nobody looks, and nothing of what is done at once.

/** Milliseconds after which people wonder. */
const PATIENCE = 1_000;

export interface Progress {
  /** What is being done now: `making the types`. */
  at(doing: string): void;
  /** Takes the line away. */
  end(): void;
}

export function progressOn(stream: NodeJS.WriteStream, patience = PATIENCE): Progress {
  if (!stream.isTTY) return { at() {}, end() {} };
  const begun = Date.now();
  let doing = "";
  let isShown = false;
  const show = () => {
    isShown = true;
    const seconds = Math.floor((Date.now() - begun) / 1_000);
    stream.write(`\r\x1b[2K${doing} … ${seconds} s`);
  };
  // Work that holds the processor lets no timer through: each step is shown as it begins, too.
  const timer = setInterval(() => doing !== "" && show(), patience);
  timer.unref();
  return {
    at(next) {
      doing = next;
      if (Date.now() - begun >= patience) show();
    },
    end() {
      clearInterval(timer);
      if (isShown) stream.write("\r\x1b[2K");
    },
  };
}

/** Around a command's work, on stderr. */
export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = progressOn(process.stderr);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

export const during = <T>(doing: string, work: () => Promise<T>): Promise<T> =>
  withProgress(({ at }) => {
    at(doing);
    return work();
  });
