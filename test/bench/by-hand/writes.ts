// The writing routes by hand. Each is all or nothing: one statement where one does it, otherwise a transaction.
import type { Knex } from "knex";
import type { DatabaseName } from "../candidate.js";
import { columns } from "./reads.js";
import { changed, type NewTrack, newTrack, notFound, Refused, whole } from "./refuse.js";

/** Where knex has RETURNING. With mysql2 a row is read again. */
const returns: Readonly<Record<DatabaseName, boolean>> = { sqlite: true, postgres: true, mariadb: false, mysql: false };

/** SQLite takes 500 SELECTs in one compound one, which is what knex makes of the rows. */
const chunk: Readonly<Record<DatabaseName, number>> = { sqlite: 500, postgres: 1000, mariadb: 1000, mysql: 1000 };

export async function addTracks(knex: Knex, database: DatabaseName, body: unknown): Promise<unknown> {
  if (!Array.isArray(body)) return addTrack(knex, database, newTrack(body));
  if (body.length > 1000) throw new Refused(400, "At most 1000 tracks at once.");
  const tracks = body.map(newTrack);
  if (!returns[database]) return knex.transaction((trx) => insertAndRead(trx, tracks));
  return knex.batchInsert("tracks", tracks, chunk[database]).returning(columns as never);
}

async function addTrack(knex: Knex, database: DatabaseName, track: NewTrack): Promise<unknown> {
  if (!returns[database]) return (await insertAndRead(knex, [track]))[0];
  const [row] = await knex("tracks").insert(track).returning(columns);
  return row;
}

/** One statement's rows are numbered one after the other. */
async function insertAndRead(knex: Knex, tracks: readonly NewTrack[]): Promise<unknown[]> {
  const [first = 0] = await knex("tracks").insert(tracks);
  return knex("tracks")
    .select(columns)
    .whereBetween("id", [first, first + tracks.length - 1])
    .orderBy("id");
}

export async function changeTrack(knex: Knex, database: DatabaseName, id: string, body: unknown): Promise<unknown> {
  const change = changed(body);
  const where = { id: whole("id", id) };
  const [row] = returns[database]
    ? await knex("tracks").update(change).where(where).returning(columns)
    : await knex.transaction(async (trx) => {
        await trx("tracks").update(change).where(where);
        return trx("tracks").select(columns).where(where);
      });
  if (row === undefined) throw notFound("track");
  return row;
}

export interface Link {
  readonly isNew: boolean;
  readonly link: { readonly playlist_id: number; readonly track_id: number };
}

export async function addLink(knex: Knex, database: DatabaseName, playlist: string, track: string): Promise<Link> {
  const link = { playlist_id: whole("id", playlist), track_id: whole("track id", track) };
  const insert = knex("playlist_track").insert(link);
  try {
    // INSERT IGNORE would overlook a missing track there.
    if (!returns[database]) return { isNew: (await insert).length > 0, link };
    return { isNew: (await insert.onConflict().ignore().returning("track_id")).length > 0, link };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ER_DUP_ENTRY") return { isNew: false, link };
    if (missing.has(code)) throw notFound("playlist or track");
    throw error;
  }
}

const missing = new Set<string | undefined>(["23503", "SQLITE_CONSTRAINT_FOREIGNKEY", "ER_NO_REFERENCED_ROW_2"]);
