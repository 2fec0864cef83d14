// `sapwood diagram <db>`: a picture of the tables, their relations, and the routes that these bring.
import { type Command, Option } from "commander";
import { toMermaid } from "../diagram/mermaid.js";
import { isDrawable, pictureOf } from "../diagram/picture.js";
import { toSvg } from "../diagram/svg.js";
import { orExit } from "./run-command.js";
import { type Flags, withDatabase } from "./settings.js";
import { withApi } from "./with-api.js";

interface DiagramFlags extends Flags {
  readonly format: "mermaid" | "svg";
}

const examples = `
Examples:
  sapwood diagram sqlite:shop.db                          # Mermaid: paste it into a README, in a block \`\`\`mermaid
  sapwood diagram sqlite:shop.db --format svg > shop.svg

Boxes are tables: n-n marks those that link two others. Lines are foreign keys, from one row (1) to those that hold its key (n).`;

/** Adds the command `diagram`. */
export function addDiagram(program: Command): void {
  withDatabase(program.command("diagram").description("draw a database's tables, their relations and their routes"))
    .addOption(new Option("--format <format>", "what to print").choices(["mermaid", "svg"]).default("mermaid"))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: DiagramFlags) =>
      orExit({}, async (note) => {
        const picture = await withApi(argument, flags, note, async (api) => pictureOf(api.tree));
        if (flags.format === "svg" && !isDrawable(picture))
          throw new Error("there are too many tables to draw. Leave some out (--exclude), or take --format mermaid.");
        process.stdout.write(`${flags.format === "svg" ? await toSvg(picture) : toMermaid(picture)}\n`);
      }),
    );
}
