import { sameAnswers } from "./answers.js";

sameAnswers("mariadb", { schemas: 8, reads: 80, writes: 40 });
