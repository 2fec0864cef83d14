// The floor on MariaDB: prepared statements on connections of its own, taken in turn, without a pool's bookkeeping.
// JSON is put together as text, a row each: JSON_ARRAYAGG sorts in a temporary table, and what it nests comes back quoted twice.
import mysql from "mysql2";
import { POOL } from "../candidate.js";
import { type Answer, type Floor, fields, given, valuesOf } from "./floor.js";

const texts = new Set(["name", "composer"]);
const part = (name: string): string => `IFNULL(${texts.has(name) ? `JSON_QUOTE(${name})` : name}, 'null')`;
const json = `CONCAT('{"', ${fields.map((name) => `'${name}":', ${part(name)}`).join(`, ',"', `)}, '}')`;

const rows = (rest: string): string => `SELECT ${json} FROM tracks ${rest}`;
const insert = (count: number): string =>
  `INSERT INTO tracks (${given.join(", ")}) VALUES ${Array(count)
    .fill(`(${given.map(() => "?").join(", ")})`)
    .join(", ")} RETURNING ${json}`;

const statements: Readonly<Record<string, string>> = {
  one: rows("WHERE id = ?"),
  list: rows("ORDER BY id LIMIT ?"),
  children: rows("WHERE album_id = ? ORDER BY id"),
  linked: rows("JOIN playlist_track ON track_id = id WHERE playlist_id = ? ORDER BY id LIMIT ?"),
  filtered: rows("WHERE genre_id = ? AND milliseconds > ? ORDER BY milliseconds DESC, id LIMIT ?"),
  embedding: `SELECT artists.name, albums.id, albums.title, tracks.name
    FROM (SELECT id, name FROM artists ORDER BY id LIMIT ?) artists LEFT JOIN albums ON artist_id = artists.id
    LEFT JOIN tracks ON album_id = albums.id ORDER BY artists.id, albums.id, tracks.id`,
  counted: `SELECT ${json}, (SELECT COUNT(*) FROM tracks WHERE genre_id = ?) FROM tracks WHERE genre_id = ? ORDER BY id LIMIT ?`,
  insert: insert(1),
  bulk: insert(1000),
  update: "UPDATE tracks SET name = ?, milliseconds = ? WHERE id = ?",
  link: `INSERT INTO playlist_track VALUES (?, ?)
    RETURNING CONCAT('{"playlist_id":', playlist_id, ',"track_id":', track_id, '}')`,
};

const single = new Set(["one", "insert", "update", "link"]);

type Rows = readonly (readonly unknown[])[];
type Done = (error: unknown, answer: Answer) => void;

export async function openMariadb(url: string): Promise<Floor> {
  const connections = Array.from({ length: POOL }, () => mysql.createConnection(url));
  await Promise.all(connections.map((connection) => connection.promise().connect()));
  let turn = 0;
  return {
    ask(question, numbers, body, done) {
      const connection = connections[turn++ % POOL] as mysql.Connection;
      if (question === "update") return update(connection, numbers, body, done);
      return ask(connection, question, valuesOf(question, numbers, body), done);
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.promise().end()));
    },
  };
}

function ask(connection: mysql.Connection, question: string, values: readonly unknown[], done: Done): void {
  const sql = statements[question] as string;
  connection.execute({ sql, values: values.map(bound), rowsAsArray: true }, (error, result) => {
    done(error, error ? undefined : answerOf(question, result as unknown as Rows));
  });
}

/** There is no RETURNING on UPDATE. */
function update(connection: mysql.Connection, numbers: readonly number[], body: string, done: Done): void {
  connection.execute(statements.update as string, valuesOf("update", numbers, body) as never, (error) => {
    if (error) done(error, undefined);
  });
  ask(connection, "one", numbers, done);
}

function answerOf(question: string, found: Rows): Answer {
  if (question === "embedding") return [JSON.stringify(nested(found))];
  if (single.has(question)) return found[0] as unknown as Answer;
  return [`[${found.map(([json]) => json).join(",")}]`, found[0]?.[1]];
}

/** The driver sends numbers as DOUBLE, which LIMIT does not take. */
const bound = (value: unknown) => (typeof value === "number" ? String(value) : value) as string | null;

interface Album {
  title: unknown;
  tracks: { name: unknown }[];
}

function nested(found: Rows): unknown[] {
  const artists: { name: unknown; albums: Album[] }[] = [];
  let albumId: unknown;
  for (const [name, id, title, track] of found) {
    if (artists.at(-1)?.name !== name) artists.push({ name, albums: [] });
    const albums = artists.at(-1)?.albums as Album[];
    if (id !== null && id !== albumId) albums.push({ title, tracks: [] });
    albumId = id;
    if (track !== null) albums.at(-1)?.tracks.push({ name: track });
  }
  return artists;
}
