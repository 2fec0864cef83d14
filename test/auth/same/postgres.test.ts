import { sameAnswers } from "./answers.js";

sameAnswers("postgres", { schemas: 8, reads: 80, writes: 40 });
