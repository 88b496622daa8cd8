// index.d.ts, compiled as callers compile it: the files in __test__/types.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { isFirstNode } from './support/first-node.mjs';
import { peersModules, projectDirectory } from './support/peers.mjs';

const directory = join(projectDirectory, '__test__/types');
const files = (...names) => names.map((name) => join(directory, name));
const everywhere = files('api.ts', 'promises.ts', 'consumer.mts', 'consumer.cts');
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

/** Returns what the compiler has to say, as text; '' when it is content. */
function compile(roots, options) {
  const program = ts.createProgram(roots, { ...baseOptions, ...options });
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => projectDirectory,
    getNewLine: () => '\n',
  });
}

const options = {
  withoutNode: { types: [] },
  withNode: {
    types: ['node'],
    typeRoots: [join(projectDirectory, 'node_modules/@types')],
    esModuleInterop: true,
    paths: { '@deepagents/evals/store': [join(peersModules, '@deepagents/evals/dist/store/index.d.ts')] },
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

  test('a wrong type is found: the tests above can fail', () => {
    const wrong = join(directory, 'wrong.ts');
    const text = "import { RunStore } from 'runstore';\nconst count: number = new RunStore().createSuite('a');\n";
    const host = ts.createCompilerHost(baseOptions);
    const { fileExists, getSourceFile } = host;
    host.fileExists = (name) => name === wrong || fileExists(name);
    host.getSourceFile = (name, ...rest) =>
      name === wrong ? ts.createSourceFile(name, text, ...rest) : getSourceFile(name, ...rest);
    const program = ts.createProgram([wrong], { ...baseOptions, ...resolutions.nodenext }, host);
    const found = ts.getPreEmitDiagnostics(program).map(({ code }) => code);
    assert.deepEqual(found, [2322]);
  });
}
