// The floor on SQLite: one connection, statements prepared at the start, JSON from the database.
import Database from "better-sqlite3";
import { type Floor, fields, given, valuesOf } from "./floor.js";

const json = `json_object(${fields.map((name) => `'${name}', ${name}`).join(", ")})`;
/** `+?`: with a bare parameter, SQLite compiles a statement anew for each value where the file has been analyzed. */
const rows = (rest: string, second = ""): string =>
  `SELECT '[' || ifnull(group_concat(j, ','), '') || ']'${second} FROM (SELECT ${json} AS j FROM tracks ${rest})`;

const statements = {
  one: `SELECT ${json} FROM tracks WHERE id = ?`,
  list: rows("ORDER BY id LIMIT +?"),
  children: rows("WHERE album_id = +? ORDER BY id"),
  linked: rows("JOIN playlist_track ON track_id = id WHERE playlist_id = +? ORDER BY id LIMIT +?"),
  filtered: rows("WHERE genre_id = +? AND milliseconds > +? ORDER BY milliseconds DESC, id LIMIT +?"),
  embedding: `SELECT json_group_array(json_object('name', name, 'albums', json(albums))) FROM (SELECT name, (
    SELECT json_group_array(json_object('title', title, 'tracks', json(tracks))) FROM (SELECT title, (
    SELECT json_group_array(json_object('name', name)) FROM (SELECT name FROM tracks WHERE album_id = albums.id ORDER BY id))
    AS tracks FROM albums WHERE artist_id = artists.id ORDER BY id)) AS albums FROM artists ORDER BY id LIMIT +?)`,
  counted: rows("WHERE genre_id = +? ORDER BY id LIMIT +?", ", (SELECT count(*) FROM tracks WHERE genre_id = +?)"),
  insert: `INSERT INTO tracks (${given.join(", ")}) VALUES (${given.map(() => "?").join(", ")}) RETURNING ${json}`,
  update: `UPDATE tracks SET name = ?, milliseconds = ? WHERE id = ? RETURNING ${json}`,
  link: `INSERT INTO playlist_track VALUES (?, ?) ON CONFLICT DO NOTHING
    RETURNING json_object('playlist_id', playlist_id, 'track_id', track_id)`,
};

type Statement = Database.Statement<unknown[], [string, number?]>;

export function openSqlite(url: string): Floor {
  const database = new Database(url.replace("sqlite:", ""));
  database.pragma("foreign_keys = ON");
  const prepared = new Map(
    Object.entries(statements).map(([name, text]) => [name, database.prepare(text).raw(true) as Statement]),
  );
  const insert = prepared.get("insert") as Statement;
  const bulk = database.transaction((tracks: Record<string, unknown>[]) =>
    tracks.map((track) => insert.get(...given.map((name) => track[name]))?.[0]).join(","),
  );
  return {
    ask(question, numbers, body, done) {
      if (question === "bulk") return done(undefined, [`[${bulk(JSON.parse(body))}]`]);
      const statement = prepared.get(question) as Statement;
      // Run to its end, which is where a write may put the log back into the file: `get` would leave that to others.
      const [answer] = statement.all(...valuesOf(question, numbers, body));
      return done(undefined, answer);
    },
    close: async () => void database.close(),
  };
}
