// What a new user writes with Fastify.
import Fastify from "fastify";
import { type HookContext, HttpError } from "sapwood";
import { makeRoutes } from "sapwood/fastify";

const needTitle = ({ table, body }: HookContext) => {
  if (table === "posts" && body.title === "") throw new HttpError(422, "A post needs a title.", { code: "no_title" });
};
const api = await makeRoutes(process.argv[2], { hooks: { preSave: needTitle } });

const app = Fastify();
app.register(api);
app.setNotFoundHandler((_request, reply) => reply.code(404).send("not the database's"));
console.log(`listening on ${await app.listen({ port: 0, host: "127.0.0.1" })}`);
process.once("SIGTERM", () => app.close());
