// Relations that share a parent, lead back to their own table, or carry more than two keys.
import { beforeAll, describe, expect, test } from "vitest";
import { ddl } from "../fixtures/shapes.js";
import { answers, lists, missing, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  describe("three foreign keys to one parent", () => {
    lists(() => app, "id", {
      "GET /people/1/home_matches": [1, 3],
      "GET /people/1/away_matches": [2],
      "GET /people/2/referee_matches": [3],
      "GET /people/3/referee_matches": [1],
      "GET /people/4/home_matches": [],
    });
    answers(() => app, {
      "GET /matches/1/home": { id: 1, name: "Ada" },
      "GET /matches/1/away": { id: 2, name: "Bo" },
      "GET /matches/1/referee": { id: 3, name: "Cy" },
    });
    missing(() => app, ["/people/1/matches"]);
    refuses(
      () => app,
      [
        ["GET /matches/2/referee", 404, "not_found"],
        ["GET /people/1/away_matches/1", 404, "not_found"],
        ["POST /people/1/home_matches", 409, "foreign_key_violation", { away_id: 99 }],
      ],
    );
    test("POST /people/4/home_matches fills its own foreign key", async () => {
      const made = await write(app, "POST /people/4/home_matches", 201, { away_id: 1 });
      expect(made.json).toMatchObject({ home_id: 4, away_id: 1, referee_id: null });
      await write(app, `DELETE /people/4/home_matches/${made.json.id}`, 204);
    });
  });

  describe("a self reference, with an irregular plural", () => {
    lists(() => app, "id", {
      "GET /categories/1/categories": [2],
      "GET /categories/2/categories": [3],
      "GET /categories/3/categories": [],
    });
    answers(() => app, { "GET /categories/3/parent": { id: 2, name: "some", parent_id: 1 } });
    refuses(
      () => app,
      [
        ["GET /categories/1/parent", 404, "not_found"],
        ["GET /categories/1/categories/3", 404, "not_found"],
        ["DELETE /categories/1", 409, "foreign_key_violation"],
      ],
    );
    test("POST /categories/3/categories", async () => {
      const made = await write(app, "POST /categories/3/categories", 201, { name: "new" });
      expect(made.json.parent_id).toBe(3);
      await write(app, `DELETE /categories/3/categories/${made.json.id}`, 204);
    });
  });

  describe("an N-to-N of a table with itself", () => {
    lists(() => app, "name", {
      "GET /people/1/followeds": ["Bo", "Cy"],
      "GET /people/1/followers": ["Bo"],
      "GET /people/3/followers": ["Ada"],
      "GET /people/3/followeds": [],
    });
    missing(() => app, ["/follows", "/people/1/people"]);
    test("POST /people/4/followeds/1/add is not /people/1/followeds/4/add", async () => {
      expect((await write(app, "POST /people/4/followeds/1/add", 201)).json).toEqual({
        follower_id: 4,
        followed_id: 1,
      });
      await write(app, "POST /people/1/followers/4/add", 200);
      await write(app, "GET /people/4/followeds/1", 200);
      await write(app, "GET /people/1/followeds/4", 404);
      await write(app, "POST /people/4/followers/1/delete", 404);
      await write(app, "POST /people/1/followers/4/delete", 204);
      await write(app, "POST /people/4/followeds/4/add", 201);
      await write(app, "POST /people/4/followers/4/delete", 204);
    });
    refuses(
      () => app,
      [
        ["POST /people/99/followers/1/add", 404, "parent_not_found"],
        ["POST /people/1/followers/99/add", 404, "not_found"],
        ["POST /people/1/followers/2/add", 400, "invalid_body", { follower_id: 3 }],
      ],
    );
  });

  describe("an N-to-N with a key and columns of its own", () => {
    answers(() => app, {
      "GET /enrolments/1": { id: 1, person_id: 1, course_id: 1, grade: 5 },
      "GET /people/1/courses": [{ id: 1, title: "Logic" }],
      "GET /people/1/enrolments": [{ id: 1, person_id: 1, course_id: 1, grade: 5 }],
      "GET /courses/1/people/1": { id: 1, name: "Ada" },
      "GET /enrolments/1/course": { id: 1, title: "Logic" },
    });
    test("POST /people/2/courses/1/add with a further column", async () => {
      const made = await write(app, "POST /people/2/courses/1/add", 201, { grade: 2 });
      expect(made.json).toEqual({ id: expect.any(Number), person_id: 2, course_id: 1, grade: 2 });
      expect((await write(app, "POST /people/2/courses/1/add", 200, { grade: 3 })).json).toEqual(made.json);
      await write(app, `GET /enrolments/${made.json.id}`, 200);
      await write(app, "POST /courses/1/people/2/delete", 204);
    });
    test("POST /people/3/enrolments", async () => {
      const made = await write(app, "POST /people/3/enrolments", 201, { course_id: 2 });
      expect(made.headers.location).toBe(`/api/people/3/enrolments/${made.json.id}`);
      await write(app, "POST /enrolments", 409, { person_id: 3, course_id: 2 });
      await write(app, `DELETE /people/3/enrolments/${made.json.id}`, 204);
    });
  });

  describe("order_details, and names with `_` that are no link", () => {
    answers(() => app, {
      "GET /order_details": [{ order_id: 1, course_id: 1, quantity: 3 }],
      "GET /order_details/1,1": { order_id: 1, course_id: 1, quantity: 3 },
      "GET /orders/1/order_details": [{ order_id: 1, course_id: 1, quantity: 3 }],
      "GET /orders/1/courses": [{ id: 1, title: "Logic" }],
      "GET /orders/1/order_remarks": [{ id: 1, order_id: 1, remark: "hm" }],
      "GET /order_remarks/1": { id: 1, order_id: 1, remark: "hm" },
    });
    test("POST /orders/1/courses/2/add with its quantity", async () => {
      const made = await write(app, "POST /orders/1/courses/2/add", 201, { quantity: 7 });
      expect(made.json).toEqual({ order_id: 1, course_id: 2, quantity: 7 });
      await write(app, "PATCH /order_details/1,2", 200, { quantity: 8 });
      await write(app, "DELETE /orders/1/order_details/1,2", 204);
    });
  });

  describe("irregular plurals", () => {
    answers(() => app, {
      "GET /news/1": { id: 1, title: "New", category_id: 3 },
      "GET /categories/3/news": [{ id: 1, title: "New", category_id: 3 }],
      "GET /news/1/category": { id: 3, name: "few", parent_id: 2 },
      "GET /data/1": { id: 1, news_id: 1 },
      "GET /news/1/data": [{ id: 1, news_id: 1 }],
      "GET /data/1/news": { id: 1, title: "New", category_id: 3 },
      "GET /data/1/status": [{ id: 1, data_id: 1 }],
      "GET /status/1/data": { id: 1, news_id: 1 },
    });
  });
});
