import { model } from "./property.js";

// Half of MariaDB's: its statements differ in how lists are embedded, and in what writes answer.
model("mysql", { schemas: 5, requests: 40, walks: 10 });
