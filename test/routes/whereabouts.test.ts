// A path that leads nowhere → where it was meant to lead.
import { describe, expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { whereabouts } from "../../src/routes/whereabouts.js";
import { schemaOf } from "../support/literal-schema.js";

const tree = buildRouteTree(
  schemaOf({
    playlists: "id name",
    tracks: "id name",
    playlist_tracks: { columns: "playlist_id > playlists track_id > tracks", key: "playlist_id track_id" },
    people: "id name",
    follows: { columns: "follower_id > people followed_id > people", key: "follower_id followed_id" },
    categories: "id name",
    order_details: "id category_id > categories",
    TBL_KUNDE: { columns: "id", resource: "customers" },
    airports: "id",
    flights: "id origin_id > airports destination_id > airports",
    parcels: { columns: "id flight_id > flights", relationTypes: ["one-n"] },
    lost: { columns: "id flight_id", relationTypes: [] },
  }),
);

const links =
  "playlist_tracks has links between other rows: what they lead to is at /playlists/:id/tracks and /tracks/:id/playlists. A link is made by POST /playlists/:id/tracks/:trackId/add.";
const near = (path: string) => `Perhaps you meant ${path}.`;

describe("a table without a path at the top", () => {
  test.each([
    ["/playlist_tracks", links],
    ["/playlist_tracks/1,2", links],
    ["/PlaylistTrack", links],
    ["/playlist-track", links],
    ["/playlists/1/playlist_tracks", links.replace(" and /tracks/:id/playlists", "").replaceAll("/:id", "/1")],
    [
      "/follows",
      "follows has links between other rows: what they lead to is at /people/:id/followeds and /people/:id/followers. A link is made by POST /people/:id/followeds/:followedId/add.",
    ],
    ["/parcels", "The rows of parcels are at /flights/:id/parcels."],
    ["/parcel/7", "The rows of parcels are at /flights/:id/parcels."],
    [
      "/airports/3/flights",
      "The rows of flights are at /airports/3/origin_flights and /airports/3/destination_flights.",
    ],
  ])("%s", (path, sentence) => expect(whereabouts(tree, path)).toBe(sentence));

  test("nothing where no path leads to it", () => expect(whereabouts(tree, "/lost")).toBeUndefined());

  test("the prefix stands before each path", () =>
    expect(whereabouts(tree, "/parcels", "/api")).toBe("The rows of parcels are at /api/flights/:id/parcels."));
});

describe("another spelling", () => {
  test.each([
    ["/category", "/categories"],
    ["/person/1", "/people/1"],
    ["/People/1", "/people/1"],
    ["/OrderDetails", "/order_details"],
    ["/order-detail/5/category", "/order_details/5/category"],
    ["/playlist/1/track", "/playlists/1/tracks"],
    ["/order_details/5/categories", "/order_details/5/category"],
    ["/tbl_kunde/4", "/customers/4"],
    ["/TBL_KUNDE", "/customers"],
    ["/playlits/1", "/playlists/1"],
  ])("%s", (path, meant) => expect(whereabouts(tree, path)).toBe(near(meant)));

  test.each(["/", "/nothing", "/%", "/__proto__", "/constructor", "/tracks//1"])("nothing is near: %s", (path) =>
    expect(whereabouts(tree, path)).toBeUndefined(),
  );
});

describe("below a row that is there", () => {
  const wide = buildRouteTree(
    schemaOf({
      albums: "id title",
      ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`part${i}`, "id album_id > albums"])),
      tracks: "id album_id > albums",
      genres: "id",
    }),
  );
  const below = (names: string) => `What is below ${names}.`;

  test.each([
    ["/tracks/1/people", tree, below("/tracks/1: playlists")],
    ["/track/1/people", tree, below("/tracks/1: playlists")],
    ["/tracks/1/playlists/2/nothing", tree, below("/tracks/1/playlists/2: add and delete")],
    ["/genres/1/nothing", wide, "There is nothing below /genres/1."],
  ])("%s", (path, of, said) => expect(whereabouts(of, path)).toBe(said));

  test("of many names some are said, the nearest first", () =>
    expect(whereabouts(wide, "/albums/1/tricks-and-more")).toMatch(
      /^What is below \/albums\/1: tracks, part0s, .* and 3 more\.$/,
    ));
});

test("a path of thousands of segments is no slip of the hand", () =>
  expect(whereabouts(tree, "/tracks/1/playlist".repeat(2000))).toBeUndefined());

test("of many paths some are named", () => {
  const many = Array.from({ length: 6 }, (_, i) => [`parent${i}`, "id"]);
  const keys = Array.from({ length: 6 }, (_, i) => `p${i}_id > parent${i}`).join(" ");
  const wide = schemaOf({
    ...Object.fromEntries(many),
    kids: { columns: `id ${keys}`, relationTypes: ["one-n"] },
  });
  expect(whereabouts(buildRouteTree(wide), "/kids")).toMatch(
    /\/parent0s\/:id\/kids, .*\/parent3s\/:id\/kids and 2 more\.$/,
  );
});
