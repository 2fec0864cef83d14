// Run after the other builds: what the pages load, as the package holds it. Programs and styles are gzip, as they are sent.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const at = (path) => fileURLToPath(new URL(`../${path}/`, import.meta.url));
const [swagger, explore] = [at("dist/src/docs/swagger-ui"), at("dist/src/explore/files")];

for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "LICENSE", "NOTICE"])
  cpSync(join(at("node_modules/swagger-ui-dist"), name), join(swagger, name));

for (const folder of [swagger, explore])
  for (const name of readdirSync(folder).filter((name) => /\.(css|js)$/.test(name))) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
    rmSync(join(folder, name));
  }
