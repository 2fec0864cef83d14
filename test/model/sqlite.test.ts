import { model } from "./property.js";

model("sqlite", { schemas: 50, requests: 50, walks: 10 });
