// The record shop whose schema is changed under requests.
import type { DatabaseName } from "../support/databases.js";

const tables = `
CREATE TABLE artists (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE albums (id INTEGER NOT NULL PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists (id), title VARCHAR(40));
INSERT INTO artists VALUES (1, 'Nina');
INSERT INTO albums VALUES (1, 1, 'Pastel');
`;

export const shop: Record<DatabaseName, string> = { sqlite: tables, postgres: tables, mariadb: tables };
