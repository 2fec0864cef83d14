import { conformance } from "./suite.js";

conformance("mariadb");
