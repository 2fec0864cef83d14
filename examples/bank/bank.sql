CREATE TABLE accounts (id INTEGER NOT NULL PRIMARY KEY, owner VARCHAR(40) NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0));
INSERT INTO accounts VALUES (1, 'Ada', 100), (2, 'Bob', 20);
