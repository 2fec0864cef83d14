// Clubs whose rows hang together in every way: children, links, cascades, triggers, a view.
import type { DatabaseName } from "../support/databases.js";

const tables = `
CREATE TABLE countries (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE clubs (id INTEGER NOT NULL PRIMARY KEY, country_id INTEGER REFERENCES countries (id) ON DELETE SET NULL, name VARCHAR(40) NOT NULL);
CREATE TABLE teams (id INTEGER NOT NULL PRIMARY KEY, club_id INTEGER NOT NULL, title VARCHAR(40),
  FOREIGN KEY (club_id) REFERENCES clubs (id) ON DELETE CASCADE);
CREATE TABLE games (id INTEGER NOT NULL PRIMARY KEY, team_id INTEGER NOT NULL, score INTEGER NOT NULL,
  FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE);
CREATE TABLE members (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, owner VARCHAR(40));
CREATE TABLE clubs_members (club_id INTEGER NOT NULL, member_id INTEGER NOT NULL, PRIMARY KEY (club_id, member_id),
  FOREIGN KEY (club_id) REFERENCES clubs (id) ON DELETE CASCADE, FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE);
CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, amount INTEGER NOT NULL);
CREATE TABLE stocks (id INTEGER NOT NULL PRIMARY KEY, amount INTEGER NOT NULL);
CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, word VARCHAR(40));
INSERT INTO countries VALUES (1, 'Chile'), (2, 'Ghana');
INSERT INTO clubs VALUES (1, 1, 'Rowing'), (2, 2, 'Chess'), (3, NULL, 'Golf');
INSERT INTO teams VALUES (1, 1, 'Eight'), (2, 1, 'Four'), (3, 2, 'First');
INSERT INTO games VALUES (1, 1, 3), (2, 2, 5), (3, 3, 1);
INSERT INTO members VALUES (1, 'Ada', 'ada'), (2, 'Grace', 'grace'), (3, 'Joan', 'ada');
INSERT INTO clubs_members VALUES (1, 1), (1, 2), (2, 3);
INSERT INTO stocks VALUES (1, 100);
INSERT INTO notes VALUES (1, 'one');
CREATE VIEW scores AS SELECT t.id, t.title, SUM(g.score) AS total FROM teams t JOIN games g ON g.team_id = t.id GROUP BY t.id, t.title;
`;

/** An order takes from the stock. */
export const club: Record<DatabaseName, string> = {
  sqlite: `${tables} CREATE TRIGGER taken AFTER INSERT ON orders BEGIN UPDATE stocks SET amount = amount - NEW.amount; END;`,
  postgres: `${tables} CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE stocks SET amount = amount - NEW.amount; RETURN NULL; END $$;
    CREATE TRIGGER taken AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION take();`,
  mariadb: `${tables} CREATE TRIGGER taken AFTER INSERT ON orders FOR EACH ROW UPDATE stocks SET amount = amount - NEW.amount;`,
};

export const reads = [
  "/countries",
  "/countries/1",
  "/countries/1/clubs",
  "/clubs?order-by=country.name:asc,id:asc",
  "/clubs?country.name=Chile",
  "/clubs?select=name,teams(title,games(score))",
  "/clubs?select=name,members(name)",
  "/clubs?count=exact&limit=1",
  "/clubs/1",
  "/clubs/1/teams",
  "/clubs/2/members",
  "/clubs/3/members",
  "/clubs?members.name=Ada",
  "/clubs?order-by=teams.count():desc,id:asc",
  "/clubs?not.and=(members.name=Ada)",
  "/clubs?select=count()",
  "/teams?club.country.name=Ghana",
  "/teams?envelope=true&count=exact",
  "/teams/3",
  "/games?order-by=team.title:asc",
  "/games?select=score,team(title,club(name))",
  "/members?select=name,clubs(name)",
  "/members/1/clubs",
  "/scores?order-by=id:asc",
  "/stocks",
  "/orders",
  "/notes",
  "/notes/1",
] as const;

type Write = readonly [line: string, body?: unknown, headers?: Readonly<Record<string, string>>];

/** Each changes something that the ones before have left. */
export const writes: readonly Write[] = [
  ["POST /notes", { id: 2, word: "two" }],
  ["PUT /notes/2", { word: "zwei" }],
  ["PUT /notes/5", { word: "five" }, { prefer: "resolution=upsert" }],
  ["PATCH /clubs/2", { name: "Go" }],
  ["PATCH /countries?name=Ghana", { name: "Togo" }],
  ["PATCH /members/1", { name: "Augusta" }],
  ["POST /clubs/2/members/1/add"],
  ["POST /clubs/2/members/1/delete"],
  ["PUT /clubs/3/members", [1, 2]],
  [
    "POST /clubs",
    { id: 4, name: "Polo", country_id: 2, teams: [{ id: 9, title: "Nine", games: [{ id: 9, score: 9 }] }] },
  ],
  ["POST /games?on-conflict=merge", { id: 9, team_id: 9, score: 10 }],
  [
    "POST /games",
    [
      { id: 10, team_id: 9, score: 1 },
      { id: 11, team_id: 1, score: 7 },
    ],
  ],
  ["POST /orders", { id: 1, amount: 30 }],
  [
    "POST /batch",
    [
      { method: "POST", path: "/notes", body: { id: 3 } },
      { method: "PATCH", path: "/teams/1", body: { title: "Huit" } },
    ],
  ],
  ["DELETE /countries/2"],
  ["DELETE /clubs/1"],
  ["DELETE /games?score=gt:0"],
  ["DELETE /members/3"],
  ["DELETE /notes/1"],
];
