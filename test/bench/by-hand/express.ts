// The routes by hand with Express and knex.
import express, { type ErrorRequestHandler, type Express } from "express";
import type { Knex } from "knex";
import type { DatabaseName } from "../candidate.js";
import { artists, artistsOneByOne } from "./artists.js";
import { albumLength, countOf, track, tracks, tracksOfAlbum, tracksOfGenre, tracksOfPlaylist } from "./reads.js";
import { Refused } from "./refuse.js";
import { addLink, addTracks, changeTrack } from "./writes.js";

export function expressByHand(knex: Knex, database: DatabaseName): Express {
  const app = express();
  app.use(express.json({ limit: "1mb" }));
  app.get("/tracks", async (request, response) => {
    const rows = tracks(knex, request.query);
    if (request.query.total !== "true") {
      response.json(await rows);
      return;
    }
    const [page, count] = await Promise.all([rows, countOf(knex, request.query)]);
    response.set("X-Total-Count", String(count)).json(page);
  });
  app.get("/tracks/:id", async (request, response) => {
    response.json(await track(knex, request.params.id));
  });
  app.post("/tracks", async (request, response) => {
    response.status(201).json(await addTracks(knex, database, request.body));
  });
  app.patch("/tracks/:id", async (request, response) => {
    response.json(await changeTrack(knex, database, request.params.id, request.body));
  });
  app.get("/albums/:id/tracks", async (request, response) => {
    response.json(await tracksOfAlbum(knex, request.params.id, request.query));
  });
  app.get("/playlists/:id/tracks", async (request, response) => {
    response.json(await tracksOfPlaylist(knex, request.params.id, request.query));
  });
  app.post("/playlists/:id/tracks/:trackId", async (request, response) => {
    const { isNew, link } = await addLink(knex, database, request.params.id, request.params.trackId);
    response.status(isNew ? 201 : 200).json(link);
  });
  app.get("/rpc/album_length", async (request, response) => {
    response.json(await albumLength(knex, request.query));
  });
  app.get("/rpc/tracks_of_genre", async (request, response) => {
    response.json(await tracksOfGenre(knex, request.query));
  });
  app.get("/artists/albums", async (request, response) => {
    response.json(await artists(knex, database, request.query));
  });
  app.get("/artists/albums/one-by-one", async (request, response) => {
    response.json(await artistsOneByOne(knex, request.query));
  });
  const refused: ErrorRequestHandler = (error, _request, response, next) => {
    if (error instanceof Refused) response.status(error.status).json({ error: error.message });
    else next(error);
  };
  return app.use(refused);
}
