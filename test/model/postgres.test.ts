import { model } from "./property.js";

model("postgres", { schemas: 10, requests: 40, walks: 10 });
