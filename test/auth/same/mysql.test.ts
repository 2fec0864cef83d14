import { sameAnswers } from "./answers.js";

sameAnswers("mysql", { schemas: 3, reads: 80, writes: 40 });
