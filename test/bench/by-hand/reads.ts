// The reading routes by hand: knex queries, parameters checked, 404 where something is missing.
import type { Knex } from "knex";
import { limitOf, notFound, type Query, whole } from "./refuse.js";

export const columns = [
  "id",
  "name",
  "album_id",
  "media_type_id",
  "genre_id",
  "composer",
  "milliseconds",
  "bytes",
  "unit_price",
];

export async function track(knex: Knex, id: string): Promise<unknown> {
  const row = await knex("tracks")
    .select(columns)
    .where({ id: whole("id", id) })
    .first();
  if (row === undefined) throw notFound("track");
  return row;
}

export function tracks(knex: Knex, query: Query): Knex.QueryBuilder {
  const { genre, longer_than, longest_first } = query;
  const rows = filtered(knex, query).select(columns).limit(limitOf(query));
  return longest_first === "true" && (genre ?? longer_than) !== undefined
    ? rows.orderBy([{ column: "milliseconds", order: "desc" }, { column: "id" }])
    : rows.orderBy("id");
}

export async function countOf(knex: Knex, query: Query): Promise<number> {
  const row = await filtered(knex, query).count({ count: "*" }).first();
  return Number(row?.count);
}

function filtered(knex: Knex, { genre, longer_than }: Query): Knex.QueryBuilder {
  const rows = knex("tracks");
  if (genre !== undefined) rows.where("genre_id", whole("genre", genre));
  if (longer_than !== undefined) rows.where("milliseconds", ">", whole("longer_than", longer_than));
  return rows;
}

export async function tracksOfAlbum(knex: Knex, albumId: string, query: Query): Promise<unknown[]> {
  const album_id = whole("id", albumId);
  const rows = await knex("tracks").select(columns).where({ album_id }).orderBy("id").limit(limitOf(query));
  if (rows.length === 0) await require(knex, "albums", album_id);
  return rows;
}

export async function tracksOfPlaylist(knex: Knex, playlistId: string, query: Query): Promise<unknown[]> {
  const playlist_id = whole("id", playlistId);
  const rows = await knex("tracks")
    .join("playlist_track", "playlist_track.track_id", "tracks.id")
    .select(columns.map((column) => `tracks.${column}`))
    .where({ playlist_id })
    .orderBy("tracks.id")
    .limit(limitOf(query));
  if (rows.length === 0) await require(knex, "playlists", playlist_id);
  return rows;
}

/** What a function of the database answers: a value. */
export async function albumLength(knex: Knex, { album }: Query): Promise<number | null> {
  const row = await knex.select(knex.raw("album_length(?) AS length", [whole("album", album)])).first();
  return row.length;
}

/** The rows that one answers. */
export const tracksOfGenre = (knex: Knex, query: Query): Knex.QueryBuilder =>
  knex
    .select(columns)
    .from(knex.raw("tracks_of_genre(?)", [whole("genre", query.genre)]))
    .orderBy("id")
    .limit(limitOf(query));

async function require(knex: Knex, table: string, id: number): Promise<void> {
  if ((await knex(table).select("id").where({ id }).first()) === undefined) throw notFound(table);
}
