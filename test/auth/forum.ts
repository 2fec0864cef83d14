// A small schema with something to hide, and roles of every kind.
import type { RolesOptions } from "../../src/access/roles.js";

export const forumDdl = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(50) UNIQUE, password_hash VARCHAR(90));
  CREATE TABLE posts (
    id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title VARCHAR(50), note VARCHAR(50),
    FOREIGN KEY (user_id) REFERENCES users (id)
  );
  CREATE TABLE tags (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE posts_tags (
    post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (post_id, tag_id),
    FOREIGN KEY (post_id) REFERENCES posts (id), FOREIGN KEY (tag_id) REFERENCES tags (id)
  );
  CREATE TABLE audits (id INTEGER PRIMARY KEY, owner VARCHAR(50), done INTEGER);
  INSERT INTO users VALUES (1, 'Ada', 'ada@example.org', 'x1'), (2, 'Bob', 'bob@example.org', 'x2');
  INSERT INTO posts VALUES (1, 1, 'a1', 'n'), (2, 1, 'a2', 'n'), (3, 2, 'b1', 'n');
  INSERT INTO tags VALUES (1, 't1'), (2, 't2');
  INSERT INTO posts_tags VALUES (1, 1), (3, 1), (3, 2);
`;

export const forumRoles: RolesOptions = {
  anonymous: { tags: "read" },
  member: {
    users: { operations: "read", read: ["id", "name"] },
    posts: {
      operations: "*",
      read: ["id", "user_id", "title"],
      write: ["title", "note"],
      rows: "user_id=eq:$user.sub",
      set: { user_id: "$user.sub" },
    },
    tags: "read",
    posts_tags: ["read", "create", "delete"],
  },
  poster: { audits: ["create"] },
  admin: "*",
};
