// MySQL 8 cannot be had on the build machines: MariaDB stands in for it, and no more is asked of it than both of them can do.
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { hosts } from "./hosts.js";
import { conformance } from "./suite.js";

Object.assign(mysql, { forServer: undefined });
conformance("mariadb", hosts.slice(0, 1));
