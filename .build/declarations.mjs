// Run after tsc: what the package's entries say to TypeScript. Declarations that no entry leads to are left out, and each entry
// gets a form for CommonJS, `.cjs` with its `.d.cts`: the same module, by node's `require` of ES modules.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const { exports: exported } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(exported)
  .filter(({ types }) => types !== undefined)
  .map(({ types }) => join(root, types));

// What Express lacks is written by hand, and tsc does not copy it.
cpSync(join(root, "adapters/express-lacking.d.ts"), join(root, "dist/adapters/express-lacking.d.ts"));
const express = join(root, "dist/adapters/express.d.ts");
writeFileSync(express, readFileSync(express, "utf8").replace("../../adapters/", "./"));

const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 });
const checker = program.getTypeChecker();

const reached = new Set(program.getSourceFiles().map(({ fileName }) => resolve(fileName)));
for (const name of readdirSync(join(root, "dist"), { recursive: true })) {
  const file = join(root, "dist", name);
  if (file.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
}

for (const entry of entries) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const values = checker.getExportsOfModule(module).filter((symbol) => flagsOf(symbol) & ts.SymbolFlags.Value);
  const name = basename(entry, ".d.ts");
  const asEsm = `{ "resolution-mode": "import" }`;
  const of = (value) => `import("./${name}.js", { with: ${asEsm} }).${value}`;
  const said = values.flatMap((symbol) => [
    `export declare const ${symbol.name}: typeof ${of(symbol.name)};`,
    // A class is a type too, which the constant hides.
    ...(flagsOf(symbol) & ts.SymbolFlags.Type ? [`export type ${symbol.name} = ${of(symbol.name)};`] : []),
  ]);
  const all = `export type * from "./${name}.js" with ${asEsm};`;
  writeFileSync(entry.replace(/\.d\.ts$/, ".d.cts"), [all, ...said, ""].join("\n"));
  writeFileSync(entry.replace(/\.d\.ts$/, ".cjs"), `module.exports = require("./${name}.js");\n`);
}

function flagsOf(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol).flags : symbol.flags;
}
