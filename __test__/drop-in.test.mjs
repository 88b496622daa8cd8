// A program for `@deepagents/evals/store` compiles and does the same when only its import is changed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import ts from 'typescript';
import { createProgram, errorsOf } from './support/compiler.mjs';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { nodeWithSqlite, packagesModules, projectDirectory } from './support/reference-packages.mjs';

const THEIRS = '@deepagents/evals/store';
const written = readFileSync(join(projectDirectory, '__test__/drop-in/program.mts'), 'utf8');

const options = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
};

/** A project in which both packages are installed. */
function newProject(t) {
  const project = temporaryDirectory(t);
  const link = (target, name) => symlinkSync(target, join(project, 'node_modules', name), 'junction');
  mkdirSync(join(project, 'node_modules/@deepagents'), { recursive: true });
  link(projectDirectory, 'runstore');
  link(join(packagesModules, '@deepagents/evals'), '@deepagents/evals');
  link(join(projectDirectory, 'node_modules/@types'), '@types');
  return project;
}

/** Compiles the program with another import, runs it, and returns what it prints. */
function outputWith(t, from) {
  const project = newProject(t);
  const file = join(project, 'program.mts');
  writeFileSync(file, written.replace(THEIRS, from));
  const program = createProgram([file], options);
  const { diagnostics: ofEmit } = program.emit(program.getSourceFile(file)); // without a file, it checks all of Node's types
  const diagnostics = [...errorsOf(program), ...ofEmit];
  assert.deepEqual(
    diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    [],
  );
  const args = ['--disable-warning=ExperimentalWarning', 'program.mjs', 'store.db'];
  return JSON.parse(execFileSync(nodeWithSqlite(), args, { cwd: project, encoding: 'utf8' }));
}

if (isFirstNode) {
  let expected;

  before((t) => {
    expected = outputWith(t, THEIRS);
    assert.deepEqual(expected.failing, ['1 20.5 exact 0 compared']);
  });

  test('with the import changed to runstore/store, the program compiles and prints the same', (t) => {
    assert.deepEqual(outputWith(t, 'runstore/store'), expected);
  });
}
