// The routes by hand with Fastify and knex.
import Fastify, { type FastifyInstance } from "fastify";
import type { Knex } from "knex";
import type { DatabaseName } from "../candidate.js";
import { artists, artistsOneByOne } from "./artists.js";
import { albumLength, countOf, track, tracks, tracksOfAlbum, tracksOfGenre, tracksOfPlaylist } from "./reads.js";
import { type Query, Refused } from "./refuse.js";
import { addLink, addTracks, changeTrack } from "./writes.js";

interface Route {
  Params: { id: string; trackId: string };
  Querystring: Query;
}

export function fastifyByHand(knex: Knex, database: DatabaseName): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  app.get<Route>("/tracks", async ({ query }, reply) => {
    const rows = tracks(knex, query);
    if (query.total !== "true") return rows;
    const [page, count] = await Promise.all([rows, countOf(knex, query)]);
    reply.header("X-Total-Count", count);
    return page;
  });
  app.get<Route>("/tracks/:id", ({ params }) => track(knex, params.id));
  app.post<Route>("/tracks", async ({ body }, reply) => {
    reply.code(201);
    return addTracks(knex, database, body);
  });
  app.patch<Route>("/tracks/:id", ({ params, body }) => changeTrack(knex, database, params.id, body));
  app.get<Route>("/albums/:id/tracks", ({ params, query }) => tracksOfAlbum(knex, params.id, query));
  app.get<Route>("/playlists/:id/tracks", ({ params, query }) => tracksOfPlaylist(knex, params.id, query));
  app.post<Route>("/playlists/:id/tracks/:trackId", async ({ params }, reply) => {
    const { isNew, link } = await addLink(knex, database, params.id, params.trackId);
    reply.code(isNew ? 201 : 200);
    return link;
  });
  app.get<Route>("/rpc/album_length", async ({ query }, reply) =>
    reply.type("application/json; charset=utf-8").send(JSON.stringify(await albumLength(knex, query))),
  );
  app.get<Route>("/rpc/tracks_of_genre", ({ query }) => tracksOfGenre(knex, query));
  app.get<Route>("/artists/albums", ({ query }) => artists(knex, database, query));
  app.get<Route>("/artists/albums/one-by-one", ({ query }) => artistsOneByOne(knex, query));
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refused) return reply.code(error.status).send({ error: error.message });
    throw error;
  });
  return app;
}
