// The oldest PostgreSQL that is supported, through one host.
import { oneHost } from "./hosts.js";
import { conformance } from "./suite.js";

conformance("postgres14", oneHost);
