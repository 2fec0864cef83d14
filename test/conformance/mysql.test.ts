// MySQL itself, through one host, or all: what hosts do with an answer is the same for every database.
import { oneHost } from "./hosts.js";
import { conformance } from "./suite.js";

conformance("mysql", oneHost);
