// A 404 says where a path was meant to lead: to those who may see that, and of nothing that is left out.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
const opened: RunningServer[] = [];

beforeAll(async () => {
  database = await sqlite.create(`
    CREATE TABLE playlists (id INTEGER PRIMARY KEY);
    CREATE TABLE tracks (id INTEGER PRIMARY KEY);
    CREATE TABLE playlist_tracks (
      playlist_id INTEGER NOT NULL REFERENCES playlists, track_id INTEGER NOT NULL REFERENCES tracks,
      PRIMARY KEY (playlist_id, track_id));
    CREATE TABLE vault_entries (id INTEGER PRIMARY KEY);
    CREATE TABLE TBL_KUNDE (id INTEGER PRIMARY KEY);
  `);
});
afterAll(async () => {
  await Promise.all(opened.map((server) => server.close()));
  await database?.drop();
});

async function detailOf(path: string, settings: ServeSettings, role?: string): Promise<string> {
  const overrides = [{ name: "TBL_KUNDE", resource: "customers" }];
  const server = await serve(database.url, { port: 0, logLevel: "silent", overrides, ...settings });
  opened.push(server);
  const headers: Record<string, string> = role ? { authorization: `Bearer ${hs256({ ...claims(), role })}` } : {};
  const answer = await request(server.url, "GET", path, { headers });
  isProblem(answer, 404, "no_route");
  return answer.json.detail;
}

const links = "is at /api/playlists/:id/tracks and /api/tracks/:id/playlists. A link is made by POST /api/playlists/";
const guard = (member: NonNullable<ServeSettings["roles"]>[string]): ServeSettings => ({
  auth: { jwt: { secret } },
  roles: { member },
});

test.each([
  ["/api/playlist_tracks/1,2", links],
  ["/playlist_tracks", links],
  ["/api/PlaylistTrack", links],
  ["/api/vault_entry/1", "Perhaps you meant /api/vault_entries/1."],
  ["/api/TBL_KUNDE/1", "Perhaps you meant /api/customers/1."],
])("GET %s", async (path, hint) => expect(await detailOf(path, {})).toContain(hint));

test("what is left out is not named", async () => {
  const exclude = ["playlist_tracks"];
  expect(await detailOf("/api/playlist_tracks", { exclude })).toMatch(/Resources are below \/api\/, listed at \/\.$/);
  expect(await detailOf("/api/playlists/1/playlist_tracks", { exclude })).toMatch(
    / There is nothing below \/api\/playlists\/1\.$/,
  );
  expect(await detailOf("/api/vault_entry", { exclude: ["vault_entries"] })).not.toContain("vault_entries");
});

test("what a role may not see is not named to it", async () => {
  const both = guard({ playlists: "read", tracks: "read", vault_entries: "read" });
  expect(await detailOf("/api/playlist_tracks", both, "member")).toMatch(/listed at \/\.$/);
  const all = { playlists: "read", tracks: "read", playlist_tracks: "read" } as const;
  const readers = await detailOf("/api/playlist_track", guard(all), "member");
  expect(readers).toMatch(/is at \/api\/playlists\/:id\/tracks and \/api\/tracks\/:id\/playlists\.$/);
  const oneEnd = guard({ playlists: "read", playlist_tracks: "read" });
  expect(await detailOf("/api/playlist_track", oneEnd, "member")).toMatch(/listed at \/\.$/);
  expect(await detailOf("/api/vault_entry", guard(all), "member")).not.toContain("vault_entries");
  expect(await detailOf("/api/vault_entry", both)).not.toContain("vault_entries");
});

test("of functions those are named that the caller may call", async () => {
  const routines = ["send_letter", "send_parcel", "erase_all"].map((name) => ({ name, sql: "DELETE FROM tracks" }));
  expect(await detailOf("/api/rpc/send_leter", { routines })).toContain("Perhaps you meant /api/rpc/send_letter.");
  expect(await detailOf("/api/rpc/unknown", { routines })).toMatch(
    /What is below \/api\/rpc: (?=.*send_letter)(?=.*send_parcel)(?=.*erase_all)/,
  );
  const some = { ...guard({ tracks: "read", routines: { send_parcel: "execute" } }), routines };
  expect(await detailOf("/api/rpc/send_leter", some, "member")).toMatch(/: send_parcel\.$|you meant \S*send_parcel\.$/);
  expect(await detailOf("/api/rpc/erase_al", some, "member")).toMatch(/What is below \/api\/rpc: send_parcel\.$/);
});

test("what is below a row is named to those who may see it", async () => {
  expect(await detailOf("/api/playlists/1/nothing", {})).toMatch(/What is below \/api\/playlists\/1: tracks\.$/);
  const lists = guard({ playlists: "read" });
  expect(await detailOf("/api/playlists/1/nothing", lists, "member")).toMatch(/nothing below \/api\/playlists\/1\.$/);
});

test("an entry of a batch is told the same", async () => {
  const settings = guard({ playlists: "read", tracks: "read", playlist_tracks: "*" });
  const server = await serve(database.url, { port: 0, logLevel: "silent", ...settings });
  opened.push(server);
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${hs256({ ...claims(), role: "member" })}` };
    const { json } = await request(server.url, "POST", "/api/batch", { headers, body: [{ method: "GET", path }] });
    return JSON.stringify(json);
  };
  expect(await ask("/playlist_tracks")).toContain("is at /playlists/:id/tracks and /tracks/:id/playlists.");
  expect(await ask("/vault_entry")).not.toContain("vault_entries");
});
