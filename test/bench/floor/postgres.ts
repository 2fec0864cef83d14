// The floor on PostgreSQL: named statements on connections of its own, taken in turn, without a pool's bookkeeping.
import pg from "pg";
import { POOL } from "../candidate.js";
import { type Answer, type Floor, fields, given, valuesOf } from "./floor.js";

const all = fields.join(", ");
const rows = (rest: string): string =>
  `SELECT coalesce(json_agg(r), '[]')::text FROM (SELECT ${fields.map((name) => `t.${name}`).join(", ")} FROM tracks t ${rest}) r`;
const row = `(SELECT row_to_json(r)::text FROM (SELECT ${all}) r)`;

const statements: Readonly<Record<string, string>> = {
  one: `SELECT row_to_json(r)::text FROM (SELECT ${all} FROM tracks WHERE id = $1) r`,
  list: rows("ORDER BY id LIMIT :last"),
  children: rows("WHERE album_id = $1 ORDER BY id"),
  linked: rows("JOIN playlist_track ON track_id = id WHERE playlist_id = $1 ORDER BY id LIMIT :last"),
  filtered: rows("WHERE genre_id = $1 AND milliseconds > $2 ORDER BY milliseconds DESC, id LIMIT :last"),
  embedding: `SELECT json_agg(r)::text FROM (SELECT name, (SELECT coalesce(json_agg(a), '[]') FROM (SELECT title,
    (SELECT coalesce(json_agg(t), '[]') FROM (SELECT name FROM tracks WHERE album_id = albums.id ORDER BY id) t) AS tracks
    FROM albums WHERE artist_id = artists.id ORDER BY id) a) AS albums FROM artists ORDER BY id LIMIT :last) r`,
  counted: `SELECT (${rows("WHERE genre_id = $2 ORDER BY id LIMIT :last")}), (SELECT count(*) FROM tracks WHERE genre_id = $1)`,
  length: "SELECT coalesce(album_length($1)::text, 'null')",
  of_genre: `SELECT coalesce(json_agg(r), '[]')::text FROM (SELECT ${all} FROM tracks_of_genre($1) ORDER BY id LIMIT :last) r`,
  insert: `INSERT INTO tracks (${given.join(", ")}) VALUES (${given.map((_, i) => `$${i + 1}`).join(", ")}) RETURNING ${row}`,
  bulk: `WITH r AS (INSERT INTO tracks (${given.join(", ")}) SELECT ${given.join(", ")} FROM json_populate_recordset(null::tracks, $1)
    RETURNING ${all}) SELECT json_agg(r)::text FROM r`,
  update: `UPDATE tracks SET name = $1, milliseconds = $2 WHERE id = $3 RETURNING ${row}`,
  link: `INSERT INTO playlist_track VALUES ($1, $2) ON CONFLICT DO NOTHING
    RETURNING json_build_object('playlist_id', playlist_id, 'track_id', track_id)::text`,
};

export async function openPostgres(url: string): Promise<Floor> {
  const clients = Array.from({ length: POOL }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  let turn = 0;
  return {
    ask(question, numbers, body, done) {
      const client = clients[turn++ % POOL] as pg.Client;
      const values = question === "bulk" ? [body] : valuesOf(question, numbers, body);
      const text = statements[question] as string;
      const query = text.includes(":last") ? withLast(question, text, values) : { name: question, text, values };
      client.query({ ...query, rowMode: "array" }, (error: Error | null, result) =>
        done(error, result?.rows[0] as unknown as Answer),
      );
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

/** A plan that is kept for all values must know how few rows are wanted: the limit stands in the text. */
function withLast(question: string, text: string, values: readonly unknown[]) {
  const last = Number(values.at(-1));
  return { name: `${question} ${last}`, text: text.replace(":last", String(last)), values: values.slice(0, -1) };
}
