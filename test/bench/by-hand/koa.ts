// The routes by hand with Koa, @koa/router and knex.
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import type { Knex } from "knex";
import Koa from "koa";
import type { DatabaseName } from "../candidate.js";
import { artists, artistsOneByOne } from "./artists.js";
import { albumLength, countOf, track, tracks, tracksOfAlbum, tracksOfGenre, tracksOfPlaylist } from "./reads.js";
import { Refused } from "./refuse.js";
import { addLink, addTracks, changeTrack } from "./writes.js";

export function koaByHand(knex: Knex, database: DatabaseName): Koa {
  const router = new Router();
  router.get("/tracks", async (ctx) => {
    const rows = tracks(knex, ctx.query);
    if (ctx.query.total !== "true") {
      ctx.body = await rows;
      return;
    }
    const [page, count] = await Promise.all([rows, countOf(knex, ctx.query)]);
    ctx.set("X-Total-Count", String(count));
    ctx.body = page;
  });
  router.get("/tracks/:id", async (ctx) => {
    ctx.body = await track(knex, ctx.params.id as string);
  });
  router.post("/tracks", async (ctx) => {
    ctx.body = await addTracks(knex, database, ctx.request.body);
    ctx.status = 201;
  });
  router.patch("/tracks/:id", async (ctx) => {
    ctx.body = await changeTrack(knex, database, ctx.params.id as string, ctx.request.body);
  });
  router.get("/albums/:id/tracks", async (ctx) => {
    ctx.body = await tracksOfAlbum(knex, ctx.params.id as string, ctx.query);
  });
  router.get("/playlists/:id/tracks", async (ctx) => {
    ctx.body = await tracksOfPlaylist(knex, ctx.params.id as string, ctx.query);
  });
  router.post("/playlists/:id/tracks/:trackId", async (ctx) => {
    const { isNew, link } = await addLink(knex, database, ctx.params.id as string, ctx.params.trackId as string);
    ctx.body = link;
    ctx.status = isNew ? 201 : 200;
  });
  router.get("/rpc/album_length", async (ctx) => {
    ctx.body = await albumLength(knex, ctx.query);
  });
  router.get("/rpc/tracks_of_genre", async (ctx) => {
    ctx.body = await tracksOfGenre(knex, ctx.query);
  });
  router.get("/artists/albums", async (ctx) => {
    ctx.body = await artists(knex, database, ctx.query);
  });
  router.get("/artists/albums/one-by-one", async (ctx) => {
    ctx.body = await artistsOneByOne(knex, ctx.query);
  });

  const app = new Koa();
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      ctx.status = error.status;
      ctx.body = { error: error.message };
    }
  });
  app.use(bodyParser()).use(router.routes()).use(router.allowedMethods());
  return app;
}
