import { test } from "vitest";
import { mssql } from "../support/databases.js";
import { conformance } from "./suite.js";

const { skip: reason } = mssql;
if (reason === undefined) conformance("mssql");
else test(`SQL Server: ${reason}`, ({ skip }) => skip(reason));
