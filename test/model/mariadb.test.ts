import { model } from "./property.js";

model("mariadb", { schemas: 10, requests: 40, walks: 10 });
