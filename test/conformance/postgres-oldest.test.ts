// The oldest PostgreSQL that is supported, through one host.
import { hosts } from "./hosts.js";
import { conformance } from "./suite.js";

conformance("postgres14", hosts.slice(0, 1));
