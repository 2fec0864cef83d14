// order-by, limit, offset, count.
import { expect } from "vitest";
import { asks, type Case, is, lists } from "../case.js";

const members = (query: string, expected: readonly number[]): Case => lists(`GET /members?${query}`, expected);

function counts(title: string, total: string, range: string, rows: number): Case {
  return asks(title, (answer) => {
    is(200, answer);
    expect(answer.headers).toMatchObject({ "x-total-count": total, "content-range": range });
    expect(answer.json).toHaveLength(rows);
  });
}

/** Through an API that counts no further than 5 rows: the statistics say the rest, and never less than was counted. */
const estimates = (list: string): Case => ({
  title: `GET ${list}count=estimated with maxLimit 5`,
  async run(api) {
    const [exact, answer] = [await api.ask(`GET ${list}count=exact`), await api.askSmall(`GET ${list}count=estimated`)];
    is(200, answer);
    const total = String(answer.headers["x-total-count"]);
    expect(total).toMatch(/^\d+$/);
    if (Number(exact.headers["x-total-count"]) > 5) expect(Number(total)).toBeGreaterThan(5);
    else expect(total).toBe(exact.headers["x-total-count"]);
    expect(answer.headers["content-range"]).toBe(`items 0-2/${total}`);
    const beyond = await api.askSmall(`GET ${list}count=estimated&offset=50`);
    expect(Number(beyond.headers["x-total-count"])).toBeLessThanOrEqual(50);
  },
});

/** Through the API whose lists are 3 long, 5 at the most. */
const short = (title: string, length: number): Case => ({
  title: `${title} with defaultLimit 3 and maxLimit 5`,
  async run(api) {
    const answer = await api.askSmall(title);
    is(200, answer);
    expect(answer.json).toHaveLength(length);
  },
});

export const sorting = [
  members("order-by=id", [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
  members("order-by=age:asc", [5, 9, 6, 12, 3, 8, 11, 1, 4, 2, 10, 7]),
  members("order-by=age:desc", [7, 10, 2, 1, 4, 11, 3, 8, 12, 6, 5, 9]),
  members("order-by=age", [7, 10, 2, 1, 4, 11, 3, 8, 12, 6, 5, 9]),
  members("order-by=age:asc:nullslast", [6, 12, 3, 8, 11, 1, 4, 2, 10, 7, 5, 9]),
  members("order-by=age:asc:nullsfirst", [5, 9, 6, 12, 3, 8, 11, 1, 4, 2, 10, 7]),
  members("order-by=age:desc:nullsfirst", [5, 9, 7, 10, 2, 1, 4, 11, 3, 8, 12, 6]),
  members("order-by=age:desc:nullslast", [7, 10, 2, 1, 4, 11, 3, 8, 12, 6, 5, 9]),
  members("order-by=age:nullsfirst&limit=3", [5, 9, 7]),
  members("order-by=country_id:asc,age:desc", [5, 2, 1, 8, 12, 9, 7, 3, 6, 10, 4, 11]),
  members("order-by=country_id:asc&order-by=age:desc", [5, 2, 1, 8, 12, 9, 7, 3, 6, 10, 4, 11]),
  members("order-by=country_id:desc:nullsfirst,age:asc:nullslast", [5, 11, 4, 10, 6, 3, 7, 12, 8, 1, 2, 9]),
  members("order-by=age:asc,id:desc", [9, 5, 6, 12, 8, 3, 11, 4, 1, 2, 10, 7]),
  members("order-by=balance:desc&limit=4", [4, 5, 11, 1]),
  members("order-by=balance:asc&limit=3", [3, 2, 10]),
  members("order-by=joined:asc&limit=4", [10, 7, 5, 3]),
  members("order-by=email:asc&limit=2", [6, 1]),
  lists("GET /venues?order-by=capacity:asc", [3, 2, 4, 1]),
  lists("GET /meetups?order-by=start_at:asc", [5, 6, 1, 3, 4, 7, 2, 8]),
  lists("GET /groups?order-by=is_open:asc", [3, 5, 1, 2, 4]),
  lists("GET /samples?order-by=big:asc", [3, 2, 5, 4, 1]),
  lists("GET /samples?order-by=amount:desc", [4, 1, 5, 2, 3]),
  lists("GET /samples?order-by=ratio:asc", [3, 2, 4, 1, 5]),
  lists("GET /samples?order-by=day:asc", [3, 5, 2, 1, 4]),
  lists("GET /samples?order-by=instant:asc", [3, 2, 1, 5, 4]),
  lists("GET /samples?order-by=moment:desc", [5, 4, 1, 2, 3]),
  lists("GET /samples?order-by=clock:asc", [3, 2, 5, 1, 4]),
  ...["document", "bytes", "token", "mood", "short"].map((column) =>
    asks(`GET /samples?order-by=${column}:asc`, (answer) => {
      is(200, answer);
      expect(answer.json).toHaveLength(5);
      expect(answer.json[0].id).toBe(3);
    }),
  ),
  lists("GET /stocks?order-by=quantity:desc", [10, 7, 3, 0], "quantity"),
  lists("GET /groups/1/members?order-by=age:desc:nullslast", [2, 1, 4, 3, 6, 5]),
  members("limit=3", [1, 2, 3]),
  members("limit=0", []),
  members("offset=10", [11, 12]),
  members("limit=2&offset=3", [4, 5]),
  members("offset=3&limit=2", [4, 5]),
  members("offset=0&limit=1", [1]),
  members("offset=100", []),
  members("limit=5000&id=lte:2", [1, 2]),
  members("age=gt:20&order-by=age:asc&limit=2&offset=1", [3, 8]),
  lists("GET /venues/1/meetups?limit=1&offset=1", [2]),
  short("GET /members", 3),
  short("GET /members?limit=4", 4),
  short("GET /members?limit=50", 5),
  short("GET /members?limit=9007199254740991", 5),
  short(`GET /members?limit=${"9".repeat(400)}`, 5),
  lists(`GET /members?offset=${"9".repeat(400)}`, []),
  counts("GET /members?count=exact&offset=99999999999999999999", "12", "items */12", 0),
  short("GET /countries/1/members", 3),
  counts("GET /members?count=exact", "12", "items 0-11/12", 12),
  counts("GET /members?count=exact&limit=2", "12", "items 0-1/12", 2),
  counts("GET /members?count=exact&limit=2&offset=3", "12", "items 3-4/12", 2),
  counts("GET /members?age=36&count=exact", "2", "items 0-1/2", 2),
  counts("GET /members?age=0&count=exact", "0", "items */0", 0),
  counts("GET /members?count=exact&offset=50", "12", "items */12", 0),
  counts("GET /members?count=exact&limit=0", "12", "items */12", 0),
  counts("GET /members?age=in:&count=exact", "0", "items */0", 0),
  counts("GET /groups/1/members?count=exact&limit=1", "6", "items 0-0/6", 1),
  counts("GET /countries/1/members?count=exact", "5", "items 0-4/5", 5),
  counts("GET /members?count=estimated", "12", "items 0-11/12", 12),
  counts("GET /members?count=estimated&limit=2&offset=3", "12", "items 3-4/12", 2),
  counts("GET /members?age=36&count=estimated&limit=1", "2", "items 0-0/2", 1),
  counts("GET /members?count=estimated&limit=0", "12", "items */12", 0),
  counts("GET /members?count=estimated&limit=0&offset=50", "12", "items */12", 0),
  counts("GET /members?count=estimated&offset=50", "12", "items */12", 0),
  counts("GET /countries/1/members?count=estimated&limit=1", "5", "items 0-0/5", 1),
  counts("GET /groups/1/members?count=estimated&limit=1", "6", "items 0-0/6", 1),
  counts("GET /members?select=country_id,count()&count=estimated&limit=1", "4", "items 0-0/4", 1),
  ...[
    "/members?",
    "/members?id=gt:1&",
    "/members?country.name=like:%25&",
    "/members?groups.id=gt:0&or=(id=gt:0,groups.name=x)&",
    "/groups/1/members?",
    "/group_sizes?",
  ].map(estimates),
  asks("GET /members?limit=1 without a count", (answer) => {
    expect(answer.headers).not.toHaveProperty("x-total-count");
    expect(answer.headers).not.toHaveProperty("content-range");
  }),
  asks("HEAD /members?count=exact&limit=2", (answer) => {
    is(200, answer);
    expect(answer.headers).toMatchObject({ "x-total-count": "12", "content-range": "items 0-1/12" });
    expect(answer.text).toBe("");
  }),
];
