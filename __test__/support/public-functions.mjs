// The functions and methods of every entry, as the types of the package declare them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectDirectory } from './reference-packages.mjs';

// TypeScript names files with slashes on every system.
const root = projectDirectory.replaceAll('\\', '/');
const slashed = (path) => `${root}/${path.slice(2)}`;
const { exports } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [slashed(types)]));
const program = ts.createProgram(entries, {
  exactOptionalPropertyTypes: true,
  lib: ['lib.esnext.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  target: ts.ScriptTarget.ESNext,
  types: [],
});
const checker = program.getTypeChecker();
const membersOf = (type) => (type.isUnion() ? type.types : [type]);
const isOptional = (symbol) => (symbol.flags & ts.SymbolFlags.Optional) !== 0;

/** Every parameter of every public function, method and constructor: `{ entry, name, at, parameter, type }`. */
export function parameters() {
  return entries.flatMap((path) => {
    const entry = path.slice(root.length + 1);
    const module = checker.getSymbolAtLocation(program.getSourceFile(path));
    return checker.getExportsOfModule(module).flatMap((exported) =>
      signaturesOf(exported).flatMap(([name, signature]) =>
        signature.getParameters().map((parameter, at) => {
          const type = checker.getTypeOfSymbolAtLocation(parameter, parameter.declarations[0]);
          return { entry, name, at, parameter: parameter.name, type };
        }),
      ),
    );
  });
}

function signaturesOf(exported) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const type = checker.getTypeOfSymbol(symbol);
  const named = (name, signatures) => signatures.map((signature) => [name, signature]);
  const methods = (owner, prefix) =>
    owner
      .getProperties()
      .flatMap((member) => named(`${prefix}${member.name}`, checker.getTypeOfSymbol(member).getCallSignatures()));
  const own = [
    ...named(symbol.name, type.getCallSignatures()),
    ...named(`new ${symbol.name}`, type.getConstructSignatures()),
  ];
  if (!(symbol.flags & ts.SymbolFlags.Class)) return [...own, ...methods(type, `${symbol.name}.`)];
  const ofInstances = methods(checker.getDeclaredTypeOfSymbol(symbol), `${symbol.name}.`);
  return [...own, ...ofInstances, ...methods(type, `${symbol.name}.`)];
}

/** Whether a type is that of options: an object, all of whose properties may be left out. */
export function isOptions(type) {
  return membersOf(type).some((member) => {
    const properties = member.flags & ts.TypeFlags.Object ? member.getProperties() : [];
    return properties.length > 0 && member.getCallSignatures().length === 0 && properties.every(isOptional);
  });
}

/** Names of the optional properties below a type that do not accept `undefined`. */
export function withoutUndefined(type, seen = new Set()) {
  return membersOf(type).flatMap((member) => {
    if (seen.has(member) || !(member.flags & ts.TypeFlags.Object)) return [];
    seen.add(member);
    const elements = checker.getTypeArguments(member).flatMap((element) => withoutUndefined(element, seen));
    const ours = member.getProperties().filter(isOurs);
    return [...elements, ...ours.flatMap((property) => withoutUndefinedIn(property, seen))];
  });
}

const isOurs = ({ declarations: [declaration] = [] }) =>
  declaration?.type !== undefined && entries.includes(declaration.getSourceFile().fileName);

function withoutUndefinedIn(property, seen) {
  const [declaration] = property.declarations;
  // A mapped type may add `undefined` to the declared one.
  const types = [checker.getTypeFromTypeNode(declaration.type), checker.getTypeOfSymbol(property)];
  const mapped = property.links?.mappedType ?? property.mappedType;
  const takes = (type) =>
    membersOf(type).some(({ flags }) => flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Unknown | ts.TypeFlags.Any));
  const isStrict = isOptional(property) && mapped === undefined && !takes(types[0]);
  const name = `${declaration.parent.name?.text ?? ''}.${property.name}`;
  return [...(isStrict ? [name] : []), ...withoutUndefined(types[1], seen)];
}
