// index.d.ts, compiled as callers compile it: the files in __test__/types.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { createProgram, errorsOf, errorText } from './support/compiler.mjs';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { packagesModules, projectDirectory } from './support/reference-packages.mjs';

const { exports } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
const directory = join(projectDirectory, '__test__/types');
const files = (...names) => names.map((name) => join(directory, name));
const everywhere = files('api.ts', 'suite.ts', 'promises.ts', 'consumer.mts', 'consumer.cts');
const withNode = files('handles.ts', 'drop-in.mts');

const resolutions = {
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

const baseOptions = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(directory, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  directory,
).options;

/** Returns the errors of the compiler as text, '' without any. */
function compile(roots, options) {
  return errorText(createProgram(roots, { ...baseOptions, ...options }), projectDirectory);
}

/** What the compiler finds in a program of this text. */
function diagnosticsOf(text) {
  const path = join(directory, 'program.ts');
  const host = ts.createCompilerHost(baseOptions);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, text, ...rest) : getSourceFile(name, ...rest);
  return errorsOf(createProgram([path], { ...baseOptions, ...resolutions.nodenext }, host));
}

const options = {
  withoutNode: { types: [] },
  withNode: {
    types: ['node'],
    typeRoots: [join(projectDirectory, 'node_modules/@types')],
    esModuleInterop: true,
    paths: { '@deepagents/evals/store': [join(packagesModules, '@deepagents/evals/dist/store/index.d.ts')] },
  },
};

if (isFirstNode) {
  for (const [name, resolution] of Object.entries(resolutions)) {
    test(`the types are right with moduleResolution ${name}, lib es2022 and no types of Node`, () => {
      assert.equal(compile(everywhere, { ...resolution, ...options.withoutNode }), '');
    });

    test(`the types are right with moduleResolution ${name}, the types of Node, and code for @deepagents/evals`, () => {
      assert.equal(compile([...everywhere, ...withNode], { ...resolution, ...options.withNode }), '');
    });
  }

  test('every entry is found with moduleResolution node10, which knows no exports', (t) => {
    const project = temporaryDirectory(t);
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(projectDirectory, join(project, 'node_modules/runstore'), 'junction');
    const entries = Object.keys(exports).filter((name) => !name.endsWith('.json'));
    const lines = entries.map((name, at) => `import * as entry${at} from '${join('runstore', name)}';\nentry${at};\n`);
    writeFileSync(join(project, 'program.ts'), lines.join(''));
    cpSync(join(directory, 'suite.ts'), join(project, 'suite.ts'));
    const node10 = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 };
    assert.ok(entries.length > 5);
    const programs = ['program.ts', 'suite.ts'].map((name) => join(project, name));
    assert.equal(compile(programs, { ...node10, types: [] }), '');
  });

  test('what callers pass may be undefined wherever it may be left out, under exactOptionalPropertyTypes', async () => {
    const { parameters, withoutUndefined } = await import('./support/public-functions.mjs');
    // The types of runstore/store are those of @deepagents/evals. A verdict is recorded of what `gate` returned.
    const ours = parameters().filter(
      ({ entry, name }) => entry !== 'entries/store.d.ts' && !name.endsWith('recordVerdict'),
    );
    assert.ok(ours.length > 300);
    assert.deepEqual([...new Set(ours.flatMap(({ type }) => withoutUndefined(type)))], []);
  });

  describe('a misspelt field of a row to save is an error of one line, with the name that was meant', () => {
    for (const [call, wrong, meant] of [
      ["saveResults('r', [{ idx: 0, input: 1, outptu: 'a' }])", 'outptu', 'output'],
      ["saveScores([{ case_id: 'c', scorer_name: 's', score: 1, reasn: 'a' }])", 'reasn', 'reason'],
      ["saveTrajectories('r', [{ benchmark: 'b', idx: 0, rewrd: 1 }])", 'rewrd', 'reward'],
      ["appendTurns('r', 'b', 0, [{ role: 'user', content: '', token_cout: 1 }])", 'token_cout', 'token_count'],
    ]) {
      test(call, () => {
        const diagnostics = diagnosticsOf(`import { RunStore } from 'runstore';\nnew RunStore().${call};\n`);
        const lines = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
        assert.equal(lines.length, 1);
        assert.match(lines[0], new RegExp(`'${wrong}' does not exist in type .* Did you mean to write '${meant}'\\?$`));
        assert.ok(!lines[0].includes('\n'), lines[0]);
      });
    }
  });

  test('a wrong type is found: the tests above can fail', () => {
    const text = "import { RunStore } from 'runstore';\nconst count: number = new RunStore().createSuite('a');\n";
    assert.deepEqual(
      diagnosticsOf(text).map(({ code }) => code),
      [2322],
    );
  });
}
