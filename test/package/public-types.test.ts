// What the public list says of itself: each type that a public function, interface or type names can be imported too.
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const entries = ["src/index.ts", "src/host.ts"];
/** What an API hands on to its host and nobody looks into. */
const inner: ReadonlySet<string> = new Set(["Dialect", "Snapshot", "DocumentParts"]);

const program = ts.createProgram(
  entries.map((entry) => join(root, entry)),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, strict: true, noEmit: true, types: ["node"] },
);
const checker = program.getTypeChecker();

/** A symbol where it is declared, and not where it is handed on. */
const declared = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

function exportsOf(entry: string): ReadonlySet<ts.Symbol> {
  const file = program.getSourceFile(join(root, entry)) as ts.SourceFile;
  return new Set(checker.getExportsOfModule(checker.getSymbolAtLocation(file) as ts.Symbol).map(declared));
}

/** The nodes that tell a declaration's type: no function's body, no value, nothing private. */
function* told(node: ts.Node): Generator<ts.Node> {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)) return;
  if (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name)) return;
  yield node;
  const parts: ts.Node[] = [];
  ts.forEachChild(node, (child) => void parts.push(child));
  for (const part of parts) if (!ts.isBlock(part) && !isValue(node, part)) yield* told(part);
}

const isValue = (parent: ts.Node, child: ts.Node): boolean =>
  (parent as { initializer?: ts.Node }).initializer === child || (ts.isArrowFunction(parent) && parent.body === child);

/** The types of this project that a declaration names. */
function namedBy(symbol: ts.Symbol): ts.Symbol[] {
  const nodes = (symbol.declarations ?? []).flatMap((declaration) => [...told(declaration)]);
  const names = nodes.flatMap((node): ts.Node[] =>
    ts.isTypeReferenceNode(node) ? [node.typeName] : ts.isExpressionWithTypeArguments(node) ? [node.expression] : [],
  );
  return names.flatMap((name) => {
    const found = checker.getSymbolAtLocation(name);
    return found === undefined ? [] : [declared(found)];
  });
}

/** Where it stands in this project; nothing of a type parameter, or of what a package or the language has. */
function placeOf(symbol: ts.Symbol): string | undefined {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return undefined;
  const file = relative(root, declaration.getSourceFile().fileName);
  return file.startsWith("src/") ? file : undefined;
}

const own = exportsOf("src/index.ts");

for (const entry of entries)
  test(`who has ${entry} can import every type that it names`, () => {
    const listed = exportsOf(entry);
    expect(listed.size).toBeGreaterThan(10);
    const missing = [...listed].flatMap((symbol) =>
      namedBy(symbol).flatMap((named) => {
        const place = placeOf(named);
        const isShown = listed.has(named) || own.has(named) || inner.has(named.name);
        return place === undefined || isShown ? [] : [`${symbol.name} names ${named.name} (${place})`];
      }),
    );
    expect([...new Set(missing)].sort()).toEqual([]);
  });
