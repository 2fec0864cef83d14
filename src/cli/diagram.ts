// `sapwood diagram <db>`: a picture of the tables, their relations, and the routes that these bring.
import { type Command, Option } from "commander";
import type { Cluster } from "../diagram/clusters.js";
import { toGraph } from "../diagram/graph.js";
import { toMermaid } from "../diagram/mermaid.js";
import { neighbourhoodOf, noSuchTable, STEPS, tableNamed } from "../diagram/neighbourhood.js";
import { isLarge, MOST_SHOWN, type Picture, pictureOfTree, pictureWithin } from "../diagram/picture.js";
import { toSvg } from "../diagram/svg.js";
import { clustersGraph } from "../docs/diagram-graph.js";
import { type Drawable, toDrawable } from "../docs/diagram-view.js";
import { type Flags, withDatabase } from "./flags.js";
import { during } from "./progress.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

interface DiagramFlags extends Flags {
  readonly format: "mermaid" | "svg";
  readonly table?: string;
  readonly cluster?: string;
  readonly steps: (typeof STEPS)[number];
}

const examples = `
Examples:
  sapwood diagram sqlite:shop.db                          # Mermaid: paste it into a README, in a block \`\`\`mermaid
  sapwood diagram sqlite:shop.db --format svg > shop.svg
  sapwood diagram sqlite:shop.db --table orders --steps 2  # orders, and what is two lines away from it

  sapwood diagram sqlite:shop.db --format svg --cluster orders

With more than 40 tables or 120 foreign keys the SVG has groups of tables instead of tables.
Boxes are tables: n-n marks those that link two others. Lines are foreign keys, from one row (1) to those that hold its key (n).`;

/** Adds the command `diagram`. */
export function addDiagram(program: Command): void {
  withDatabase(program.command("diagram").description("draw a database's tables, their relations and their routes"))
    .addOption(new Option("--format <format>", "what to print").choices(["mermaid", "svg"]).default("mermaid"))
    .addOption(new Option("--table <name>", "only this table and what is around it").conflicts("cluster"))
    .option("--cluster <table>", "only the tables that belong together with this one")
    .addOption(new Option("--steps <n>", "how many lines may lead to it, with --table").choices(STEPS).default("1"))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: DiagramFlags) =>
      orExit({}, async (note) => {
        const drawable = await during("reading the schema", () =>
          withApi(argument, flags, note, async (api) => toDrawable(pictureOfTree(api.tree))),
        );
        const { picture, centre, leftOut = 0 } = shownOf(drawable, flags);
        if (leftOut > 0) process.stderr.write(`sapwood: ${leftOut} more tables are as near, and are left out.\n`);
        const isOverview = flags.format === "svg" && isLarge(picture) && picture === drawable.picture;
        if (isOverview) process.stderr.write(`sapwood: ${aboutOverview(drawable)}\n`);
        const graph = () => (isOverview ? clustersGraph(drawable) : toGraph(picture, undefined, centre));
        const drawn = flags.format === "svg" ? await during("drawing", () => toSvg(graph())) : toMermaid(picture);
        process.stdout.write(`${drawn}\n`);
      }),
    );
}

/** More tables than can be read in one picture: what is drawn of them, and how to see the others. */
function aboutOverview({ picture, clusters }: Drawable): string {
  const { tables } = MOST_SHOWN;
  const shown = clusters.length > tables ? `the ${tables} largest of ${clusters.length}` : String(clusters.length);
  return `${picture.tables.length} tables are too many for one picture: these are ${shown} groups of them. --cluster <table> draws the group of a table, --table <name> what is around one.`;
}

interface Shown {
  readonly picture: Picture;
  readonly centre?: string;
  readonly leftOut?: number;
}

function shownOf({ picture, clusters }: Drawable, { table, cluster, steps }: DiagramFlags): Shown {
  const wanted = table ?? cluster;
  if (wanted === undefined) return { picture };
  const centre = tableNamed(picture, wanted)?.table;
  if (centre === undefined) throw new Error(noSuchTable(picture, wanted));
  if (table === undefined) {
    const { tables } = clusters.find((one) => one.tables.includes(centre)) as Cluster;
    return { picture: pictureWithin(picture, new Set(tables)) };
  }
  const near = neighbourhoodOf(picture, centre, Number(steps));
  return { picture: near.picture, leftOut: near.leftOut.length, centre };
}
