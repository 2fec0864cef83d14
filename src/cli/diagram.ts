// `sapwood diagram <db>`: a picture of the tables, their relations, and the routes that these bring.
import { type Command, Option } from "commander";
import { toGraph } from "../diagram/graph.js";
import { toMermaid } from "../diagram/mermaid.js";
import { neighbourhoodOf, noSuchTable, STEPS, tableNamed } from "../diagram/neighbourhood.js";
import { isDrawable, type Picture, pictureOf } from "../diagram/picture.js";
import { toSvg } from "../diagram/svg.js";
import { type Flags, withDatabase } from "./flags.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

interface DiagramFlags extends Flags {
  readonly format: "mermaid" | "svg";
  readonly table?: string;
  readonly steps: (typeof STEPS)[number];
}

const examples = `
Examples:
  sapwood diagram sqlite:shop.db                          # Mermaid: paste it into a README, in a block \`\`\`mermaid
  sapwood diagram sqlite:shop.db --format svg > shop.svg
  sapwood diagram sqlite:shop.db --table orders --steps 2  # orders, and what is two lines away from it

Boxes are tables: n-n marks those that link two others. Lines are foreign keys, from one row (1) to those that hold its key (n).`;

/** Adds the command `diagram`. */
export function addDiagram(program: Command): void {
  withDatabase(program.command("diagram").description("draw a database's tables, their relations and their routes"))
    .addOption(new Option("--format <format>", "what to print").choices(["mermaid", "svg"]).default("mermaid"))
    .option("--table <name>", "only this table and what is around it")
    .addOption(new Option("--steps <n>", "how many lines may lead to it, with --table").choices(STEPS).default("1"))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: DiagramFlags) =>
      orExit({}, async (note) => {
        const whole = await withApi(argument, flags, note, async (api) => pictureOf(api.tree));
        const { picture, leftOut, centre } = shownOf(whole, flags);
        if (leftOut > 0) process.stderr.write(`sapwood: ${leftOut} more tables are as near, and are left out.\n`);
        if (flags.format === "svg" && !isDrawable(picture))
          throw new Error(
            "there are too many tables to draw. Leave some out (--exclude), draw what is around one (--table), or take --format mermaid.",
          );
        process.stdout.write(
          `${flags.format === "svg" ? await toSvg(toGraph(picture, undefined, centre)) : toMermaid(picture)}\n`,
        );
      }),
    );
}

function shownOf(picture: Picture, { table, steps }: DiagramFlags) {
  if (table === undefined) return { picture, leftOut: 0 };
  const centre = tableNamed(picture, table)?.table;
  if (centre === undefined) throw new Error(noSuchTable(picture, table));
  const near = neighbourhoodOf(picture, centre, Number(steps));
  return { picture: near.picture, leftOut: near.leftOut.length, centre };
}
