// Artists, their albums, and a view that takes its time.
import type { DatabaseName } from "../support/databases.js";

const tables = `
CREATE TABLE artists (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE albums (id INTEGER NOT NULL PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists (id), title VARCHAR(40));
INSERT INTO artists VALUES (1, 'Nina'), (2, 'Miles');
INSERT INTO albums VALUES (1, 1, 'Pastel'), (2, 1, 'Emergency'), (3, 2, 'Kind');
`;

/** `GET /naps` takes 150 ms or longer. */
export const shop: Record<DatabaseName, string> = {
  sqlite: `${tables} CREATE VIEW naps AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) AS n FROM c;`,
  postgres: `${tables} CREATE VIEW naps AS SELECT 1 AS n FROM pg_sleep(0.15);`,
  mariadb: `${tables} CREATE VIEW naps AS SELECT SLEEP(0.15) AS n;`,
};
