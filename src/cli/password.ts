// A password from whoever types it, unseen, or from a pipe; never from the command line, where every process can read it.
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";

/** From a terminal twice; otherwise the first line of stdin. Throws an `Error` of one line. */
export async function readPassword(): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return (await text(stdin)).split(/\r?\n/, 1)[0] ?? "";
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  lines.once("SIGINT", () => process.exit(130));
  const ask = async (question: string) => {
    process.stderr.write(question);
    const answer = await lines.question("");
    process.stderr.write("\n");
    return answer;
  };
  try {
    const password = await ask("Password: ");
    if ((await ask("Once more: ")) !== password) throw new Error("the two passwords are not the same.");
    return password;
  } finally {
    lines.close();
  }
}
