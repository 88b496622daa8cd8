// index.d.ts declares exactly what index.js exports.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as runstore from 'runstore';
import ts from 'typescript';
import { isFirstNode } from './support/first-node.mjs';
import { methodsOf } from './support/methods.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const program = ts.createProgram([join(projectDirectory, 'index.d.ts')], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [],
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(join(projectDirectory, 'index.d.ts'));
const declared = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
const classes = declared.filter(({ flags }) => flags & ts.SymbolFlags.Class);

function declarationOf(name) {
  return classes.find((symbol) => symbol.name === name).valueDeclaration;
}

const nameOf = (member) =>
  ts.isComputedPropertyName(member.name) ? member.name.expression.getText() : member.name.getText();

if (isFirstNode) {
  test('each declared class is exported, and nothing else is', () => {
    const exported = Object.keys(runstore).filter((name) => !['default', 'module.exports'].includes(name));
    assert.deepEqual(exported.sort(), classes.map(({ name }) => name).sort());
  });

  test('each declared method of RunStore exists, takes as many arguments, and no other does', () => {
    const members = declarationOf('RunStore').members.filter((member) => ts.isMethodDeclaration(member));
    assert.deepEqual(methodsOf(runstore.RunStore), members.map(nameOf).sort());
    for (const member of members) {
      const name = nameOf(member);
      if (name.startsWith('Symbol')) continue;
      const required = member.parameters.filter(({ questionToken }) => questionToken === undefined).length;
      const { length } = runstore.RunStore.prototype[name];
      assert.ok(length >= required && length <= member.parameters.length, `${name} takes ${length} arguments`);
    }
  });

  test('each declared property of RunStore is a getter', () => {
    const properties = declarationOf('RunStore').members.filter(
      (member) => ts.isPropertyDeclaration(member) && !ts.isPrivateIdentifier(member.name),
    );
    assert.deepEqual(properties.map(nameOf), ['path']);
    const { path } = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(runstore.RunStore.prototype));
    assert.equal(typeof path.get, 'function');
  });

  test('the constructor has length 1, as in @deepagents/evals', () => {
    assert.equal(runstore.RunStore.length, 1);
  });

  test('everything that is declared has a doc comment', () => {
    const undocumented = [];
    for (const symbol of declared) {
      if (symbol.getDocumentationComment(checker).length === 0) undocumented.push(symbol.name);
    }
    for (const member of declarationOf('RunStore').members) {
      if (ts.isPropertyDeclaration(member) && ts.isPrivateIdentifier(member.name)) continue;
      if (ts.getJSDocCommentsAndTags(member).length === 0)
        undocumented.push(`RunStore.${member.name?.getText() ?? 'constructor'}`);
    }
    assert.deepEqual(undocumented, []);
  });
}
