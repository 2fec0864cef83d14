// The headers that name one of several schemas, and what the document says of them.
import type { RouteTree } from "../routes/tree.js";
import type { Ground } from "./ground.js";
import type { JsonSchema } from "./schema.js";

/** Where there are several schemas: which one. A request that says none is for the first. */
export function profileParameters(
  method: string,
  { profile, components }: Pick<Ground, "profile" | "components">,
): JsonSchema[] {
  if (profile === undefined) return [];
  const name = method === "GET" ? "Accept-Profile" : "Content-Profile";
  const make = () => ({
    ...{ name, in: "header", required: profile.name !== profile.all[0] },
    description: "The profile: the schema of the database that this document is about.",
    schema: { type: "string", enum: [profile.name] },
  });
  return [components.ref("parameters", name, make)];
}

/** A sentence about the whole document. */
export const profileIn = ({ profile }: RouteTree): string[] =>
  profile === undefined
    ? []
    : [
        `This is the profile ${profile.name}, of ${profile.all.join(", ")}: requests say it in Accept-Profile, and those that write in Content-Profile.`,
      ];
