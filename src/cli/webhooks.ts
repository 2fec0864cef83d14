// `sapwood webhooks …`: the messages that wait to be delivered, by webhooks and by the outbox, and those that were given up.
import type { Command } from "commander";
import { outboxTables } from "../database/making-own-tables.js";
import { Messages } from "../outbox/messages.js";
import { type Flags, withDatabase } from "./flags.js";
import type { Note } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import { type Args, allPages, parted, printRows, withStore } from "./with-store.js";

const examples = `
Examples:
  sapwood webhooks list sqlite:shop.db          # id, queue, type, attempts, state or time of the next attempt, what went wrong
  sapwood webhooks retry sqlite:shop.db 17      # message 17 now, and as often as a new one
  sapwood webhooks retry sqlite:shop.db dead    # all that were given up

A server that runs delivers them within some seconds. Messages of the option outbox are among them.`;

/** Adds the command `webhooks`, and those below it. */
export function addWebhooks(program: Command): void {
  const webhooks = program.command("webhooks").description("look at messages that wait to be delivered, and try again");
  const command = (name: string, description: string) =>
    withDatabase(webhooks.command(name).description(description)).addHelpText("after", examples);
  webhooks.addHelpText("after", examples);
  command("list", "print the messages that were not delivered yet").action((db, flags: Flags) =>
    orExit({}, (note) => list(db, flags, note)),
  );
  command("retry", "deliver a message now, or all that were given up")
    .argument("[id]", "a message's id, or dead for all that were given up; where one word is given, it is this")
    .action((db, id, flags: Flags) => orExit({}, (note) => retry([db, id], flags, note)));
}

function list(db: string | undefined, flags: Flags, note: Note): Promise<void> {
  return withStore({ db, flags, note }, { tables: outboxTables, looks: true }, async (store) => {
    const messages = store && new Messages(store);
    const all = messages === undefined ? [] : await allPages((limit, offset) => messages.list(limit, offset));
    printRows(
      all.map(({ id, queue, type, attempts, dead, dueAt, error }) => [
        ...[id, queue, type, attempts, dead ? "dead" : dueAt],
        ...(error === undefined ? [] : [error]),
      ]),
    );
  });
}

function retry(args: Args, flags: Flags, note: Note): Promise<void> {
  const { db, word } = parted(args, "the message is missing: sapwood webhooks retry sqlite:shop.db 17, or dead.");
  if (word !== "dead" && !/^\d{1,15}$/.test(word))
    throw new Error(`${word} is no message: it is an id, as sapwood webhooks list prints it, or dead.`);
  return withStore({ db, flags, note }, { tables: outboxTables }, async (store) => {
    const id = word === "dead" ? undefined : Number(word);
    const found = store === undefined ? 0 : await new Messages(store).again(id);
    if (id !== undefined && found === 0)
      throw new Error(`there is no message ${id} (any more). sapwood webhooks list says which there are.`);
    process.stdout.write(`${found} ${found === 1 ? "message is" : "messages are"} to be delivered again\n`);
  });
}
