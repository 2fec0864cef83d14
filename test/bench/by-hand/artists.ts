// Artists with their albums with their tracks, by hand: as the best single statement and as it is mostly written.
import type { Knex } from "knex";
import type { DatabaseName } from "../candidate.js";
import { limitOf, type Query } from "./refuse.js";

export async function artists(knex: Knex, database: DatabaseName, query: Query): Promise<unknown> {
  return asked[database](knex, limitOf(query));
}

const asked: Readonly<Record<DatabaseName, (knex: Knex, limit: number) => Promise<unknown>>> = {
  async sqlite(knex, limit) {
    const rows: { name: string; albums: string }[] = await knex.raw(onSqlite, [limit]);
    return rows.map(({ name, albums }) => ({ name, albums: JSON.parse(albums) }));
  },
  postgres: async (knex, limit) => (await knex.raw(onPostgres, [limit])).rows,
  mariadb: flat,
  mysql: flat,
};

async function flat(knex: Knex, limit: number): Promise<unknown[]> {
  return nested((await knex.raw(onMysql, [limit]))[0]);
}

const onPostgres = `
  SELECT name, (SELECT coalesce(json_agg(json_build_object('title', title, 'tracks', (
    SELECT coalesce(json_agg(json_build_object('name', name) ORDER BY id), '[]') FROM tracks WHERE album_id = albums.id))
    ORDER BY id), '[]') FROM albums WHERE artist_id = artists.id) AS albums
  FROM artists ORDER BY id LIMIT ?`;

const onSqlite = `
  SELECT name, (SELECT json_group_array(json_object('title', title, 'tracks', (
    SELECT json_group_array(json_object('name', name) ORDER BY id) FROM tracks WHERE album_id = albums.id)) ORDER BY id)
    FROM albums WHERE artist_id = artists.id) AS albums
  FROM artists ORDER BY id LIMIT ?`;

/** Nested JSON comes back quoted twice there. */
const onMysql = `
  SELECT artists.id, artists.name, albums.id AS album_id, albums.title, tracks.name AS track
  FROM (SELECT id, name FROM artists ORDER BY id LIMIT ?) artists
  LEFT JOIN albums ON artist_id = artists.id LEFT JOIN tracks ON album_id = albums.id
  ORDER BY artists.id, albums.id, tracks.id`;

interface Flat {
  readonly id: number;
  readonly name: string;
  readonly album_id: number | null;
  readonly title: string;
  readonly track: string | null;
}

function nested(rows: readonly Flat[]): unknown[] {
  const artists = new Map<number, { name: string; albums: unknown[] }>();
  const albums = new Map<number, { title: string; tracks: unknown[] }>();
  for (const { id, name, album_id, title, track } of rows) {
    const artist = artists.get(id) ?? { name, albums: [] };
    artists.set(id, artist);
    if (album_id === null) continue;
    const album = albums.get(album_id) ?? { title, tracks: [] };
    if (!albums.has(album_id)) artist.albums.push(album);
    albums.set(album_id, album);
    if (track !== null) album.tracks.push({ name: track });
  }
  return [...artists.values()];
}

export async function artistsOneByOne(knex: Knex, query: Query): Promise<unknown> {
  const rows = await knex("artists").select("id", "name").orderBy("id").limit(limitOf(query));
  return Promise.all(
    rows.map(async ({ id, name }) => {
      const albums = await knex("albums").select("id", "title").where({ artist_id: id }).orderBy("id");
      return { name, albums: await Promise.all(albums.map((album) => withTracks(knex, album))) };
    }),
  );
}

async function withTracks(knex: Knex, { id, title }: { id: number; title: string }): Promise<unknown> {
  return { title, tracks: await knex("tracks").select("name").where({ album_id: id }).orderBy("id") };
}
