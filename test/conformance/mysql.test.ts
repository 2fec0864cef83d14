// MySQL itself, through one host: what hosts do with an answer is the same for every database.
import { hosts } from "./hosts.js";
import { conformance } from "./suite.js";

conformance("mysql", hosts.slice(0, 1));
