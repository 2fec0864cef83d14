import { libraryAndServer } from "./hosts.js";
import { conformance } from "./suite.js";

conformance("mariadb", libraryAndServer);
