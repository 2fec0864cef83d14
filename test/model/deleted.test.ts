import { deletedWorlds } from "./deleted.js";
import { model } from "./property.js";

const runs = { requests: 40, walks: 6 };
model("sqlite", { schemas: 25, ...runs }, deletedWorlds, ", with deleted rows");
model("postgres", { schemas: 6, ...runs }, deletedWorlds, ", with deleted rows");
model("mariadb", { schemas: 6, ...runs }, deletedWorlds, ", with deleted rows");
model("mysql", { schemas: 4, ...runs }, deletedWorlds, ", with deleted rows");
