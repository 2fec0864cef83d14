// The floor on MariaDB and on MySQL: prepared statements on connections of its own, taken in turn, without a pool's bookkeeping.
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
    .join(", ")}`;

const reads = {
  one: rows("WHERE id = ?"),
  list: rows("ORDER BY id LIMIT ?"),
  children: rows("WHERE album_id = ? ORDER BY id"),
  linked: rows("JOIN playlist_track ON track_id = id WHERE playlist_id = ? ORDER BY id LIMIT ?"),
  filtered: rows("WHERE genre_id = ? AND milliseconds > ? ORDER BY milliseconds DESC, id LIMIT ?"),
  embedding: `SELECT artists.name, albums.id, albums.title, tracks.name
    FROM (SELECT id, name FROM artists ORDER BY id LIMIT ?) artists LEFT JOIN albums ON artist_id = artists.id
    LEFT JOIN tracks ON album_id = albums.id ORDER BY artists.id, albums.id, tracks.id`,
  length: "SELECT IFNULL(album_length(?), 'null')",
  counted: `SELECT ${json}, (SELECT COUNT(*) FROM tracks WHERE genre_id = ?) FROM tracks WHERE genre_id = ? ORDER BY id LIMIT ?`,
};

const writes = {
  insert: insert(1),
  bulk: insert(1000),
  link: "INSERT INTO playlist_track VALUES (?, ?)",
};
const update = "UPDATE tracks SET name = ?, milliseconds = ? WHERE id = ?";
const link = `CONCAT('{"playlist_id":', playlist_id, ',"track_id":', track_id, '}')`;

type Statements = Readonly<Record<string, string>>;
const onMariadb: Statements = {
  ...reads,
  insert: `${writes.insert} RETURNING ${json}`,
  bulk: `${writes.bulk} RETURNING ${json}`,
  link: `${writes.link} RETURNING ${link}`,
};
const onMysql: Statements = { ...reads, made: rows("WHERE id BETWEEN ? AND ? ORDER BY id") };

const single = new Set(["one", "length", "insert", "update", "link"]);

type Rows = readonly (readonly unknown[])[];
type Done = (error: unknown, answer: Answer) => void;

export const openMariadb = (url: string): Promise<Floor> =>
  openFloor(url, (connection, question, numbers, body, done) => {
    if (question === "update") return updated(connection, onMariadb, numbers, body, done);
    return ask(connection, onMariadb, question, valuesOf(question, numbers, body), done);
  });

/** It has no RETURNING: what a new row was given is read again. */
export const openMysql = (url: string): Promise<Floor> =>
  openFloor(url, (connection, question, numbers, body, done) => {
    if (question === "update") return updated(connection, onMysql, numbers, body, done);
    if (!(question in writes)) return ask(connection, onMysql, question, valuesOf(question, numbers, body), done);
    const values = valuesOf(question, numbers, body) as never;
    return connection.execute<mysql.ResultSetHeader>(writes[question as keyof typeof writes], values, (error, made) => {
      if (error) return done(error, undefined);
      if (question === "link") return done(null, [`{"playlist_id":${numbers[0]},"track_id":${numbers[1]}}`]);
      if (question === "insert") return ask(connection, onMysql, "one", [made.insertId], done);
      return ask(connection, onMysql, "made", [made.insertId, made.insertId + made.affectedRows - 1], done);
    });
  });

type Way = (
  connection: mysql.Connection,
  question: string,
  numbers: readonly number[],
  body: string,
  done: Done,
) => void;

async function openFloor(url: string, way: Way): Promise<Floor> {
  const connections = Array.from({ length: POOL }, () => mysql.createConnection(url));
  await Promise.all(connections.map((connection) => connection.promise().connect()));
  let turn = 0;
  return {
    ask: (question, numbers, body, done) =>
      way(connections[turn++ % POOL] as mysql.Connection, question, numbers, body, done),
    close: async () => {
      await Promise.all(connections.map((connection) => connection.promise().end()));
    },
  };
}

function ask(
  connection: mysql.Connection,
  statements: Statements,
  question: string,
  values: readonly unknown[],
  done: Done,
): void {
  const sql = statements[question] as string;
  connection.execute({ sql, values: values.map(bound), rowsAsArray: true }, (error, result) => {
    done(error, error ? undefined : answerOf(question, result as unknown as Rows));
  });
}

/** Neither has RETURNING on UPDATE. */
function updated(
  connection: mysql.Connection,
  statements: Statements,
  numbers: readonly number[],
  body: string,
  done: Done,
): void {
  connection.execute(update, valuesOf("update", numbers, body) as never, (error) => {
    if (error) done(error, undefined);
  });
  ask(connection, statements, "one", numbers, done);
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
