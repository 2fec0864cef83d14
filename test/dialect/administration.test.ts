// What is made of passwords for the servers that keep them, and SQL Server's statements by a grammar.
import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { administration as mssql } from "../../src/dialect/mssql/administration.js";
import { mariadbAdministration, mysqlAdministration } from "../../src/dialect/mysql/administration.js";
import type { NewDatabaseUser } from "../../src/dialect/parts/administration.js";
import { scramVerifier } from "../../src/dialect/postgres/scram.js";
import { mysqlMistakes, tsqlMistakes } from "../sql/grammar.js";

describe("PostgreSQL's verifier", () => {
  // RFC 7677, section 3: user `user`, password `pencil`.
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt.toString("base64")},i=4096,c=biws,r=${nonce}`;
  const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");

  test("proves the client and signs for the server as the RFC's own", async () => {
    const verifier = await scramVerifier("pencil", salt);
    const [, stored = "", server = ""] =
      /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$(.*):(.*)$/.exec(verifier) ?? [];
    const signed = (key: string) => createHmac("sha256", Buffer.from(key, "base64")).update(message).digest();
    const signature = signed(stored);
    const clientKey = proof.map((byte, i) => byte ^ (signature[i] as number));
    expect(createHash("sha256").update(clientKey).digest("base64")).toBe(stored);
    expect(signed(server).toString("base64")).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  });

  test("has a salt of its own each time", async () => {
    expect(await scramVerifier("pencil")).not.toBe(await scramVerifier("pencil"));
  });
});

const nobody = async () => [];
const user = (name: string): NewDatabaseUser => ({
  name,
  password: 'it\'s a ] "long" -- one',
  grants: [{ schema: "dbo", table: "odd ] table", rights: ["SELECT", "INSERT"] }],
});

test("MariaDB gets what it would make of a password", async () => {
  const [create] = await mariadbAdministration.createUser({ ...user("app"), password: "secret", grants: [] }, nobody);
  // SELECT PASSWORD('secret')
  expect(create?.text).toContain("IDENTIFIED BY PASSWORD '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'");
});

test("MySQL's statements are MySQL", async () => {
  const ask = async () => [{ name: "sh`op" }];
  const statements = await mysqlAdministration.createUser({ ...user("a-p p$"), host: "%" }, ask);
  expect(statements.map(({ text }) => text)).toEqual([
    "CREATE USER 'a-p p$'@'%' IDENTIFIED BY 'it''s a ] \"long\" -- one'",
    "GRANT SELECT, INSERT ON `sh``op`.`odd ] table` TO 'a-p p$'@'%'",
  ]);
  expect(statements[0]?.shown).toBe("CREATE USER 'a-p p$'@'%' IDENTIFIED BY '***'");
  for (const { text } of statements) expect(mysqlMistakes(text)).toEqual([]);
});

describe("SQL Server's statements", () => {
  test("are T-SQL, with quoted names and texts", async () => {
    const statements = await mssql.createUser(user("a-p p$"), nobody);
    expect(statements.map(({ text }) => text)).toEqual([
      "CREATE LOGIN [a-p p$] WITH PASSWORD = N'it''s a ] \"long\" -- one'",
      "CREATE USER [a-p p$] FOR LOGIN [a-p p$]",
      "GRANT SELECT ON [dbo].[odd ]] table] TO [a-p p$]",
      "GRANT INSERT ON [dbo].[odd ]] table] TO [a-p p$]",
    ]);
    expect(statements[0]?.shown).toBe("CREATE LOGIN [a-p p$] WITH PASSWORD = N'***'");
    const dropped = await mssql.dropUser({ name: "a-p p$" }, nobody);
    const queries = [mssql.own, mssql.databases, mssql.users, mssql.grants, mssql.holdsTables("sh]op")];
    const texts = [...statements, ...dropped].map(({ text }) => text);
    for (const text of [...texts, ...queries, mssql.createDatabase("sh]op"), mssql.dropDatabase("sh]op")])
      expect(tsqlMistakes(text), text).toEqual([]);
    for (const text of Object.values(mssql.together ?? {})) expect(tsqlMistakes(text), text).toEqual([]);
  });

  test("are one transaction, and what the server says of them is known by its numbers", () => {
    expect(mssql.together).toBeDefined();
    expect([1801, 15025, 3702, 262, 15116].map((number) => mssql.faults.get(number))).toEqual([
      "exists",
      "exists",
      "in use",
      "not allowed",
      "password",
    ]);
  });
});
