import { sameAnswers } from "./answers.js";

sameAnswers("sqlite", { schemas: 40, reads: 80, writes: 40 });
