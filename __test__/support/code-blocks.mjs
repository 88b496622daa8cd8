// The code blocks of a document, and how to run them.

import { readFileSync } from 'node:fs';
import * as statistics from 'runstore/statistics';
import ts from 'typescript';

/**
 * Returns the code blocks of a Markdown file, or of the doc comments of a declaration file: language, the text after
 * it, code, and the line of the code.
 */
export function codeBlocks(file) {
  const blocks = [];
  let block;
  readFileSync(file, 'utf8')
    .split('\n')
    .map((text) => (file.endsWith('.d.ts') ? text.replace(/^ *\* ?/, '') : text))
    .forEach((text, at) => {
      const fence = /^```(\w*) ?(.*)$/.exec(text);
      if (fence === null) block?.lines.push(text);
      else if (block === undefined) block = { language: fence[1], info: fence[2], line: at + 2, lines: [] };
      else {
        blocks.push({ ...block, code: block.lines.join('\n') });
        block = undefined;
      }
    });
  return blocks;
}

/** Returns a block as a complete program: declarations that it needs and lacks are put before it. */
export function asProgram(code) {
  const declares = (name) => new RegExp(`\\b(const|let|using) ${name}\\b`).test(code);
  const before = [];
  const functions = Object.keys(statistics).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (functions.length > 0 && !code.includes("from 'runstore")) {
    before.push(`import { ${functions.join(', ')} } from 'runstore/statistics';`);
  }
  const needsStore = /\b(store|runId)\b/.test(code.replace(/from '.*'/g, '')) && !declares('store');
  if ((needsStore || code.includes('new RunStore(')) && !/import .*\bRunStore\b/.test(code)) {
    before.push(`import { RunStore } from 'runstore';`);
  }
  if (needsStore) before.push(`const store = new RunStore(':memory:');`);
  if (/\brunId\b/.test(code) && !declares('runId')) {
    before.push(
      `const runId = store.createRun({ suite_id: store.createSuite('examples').id, name: 'first', model: 'gpt-x' });`,
    );
  }
  return [...before, code, 'export {};', ''].join('\n');
}

/** Compiles TypeScript to JavaScript for the oldest supported Node. */
export function transpile(program) {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(program, { compilerOptions }).outputText;
}

/** Returns the output that a block promises: the comments after `console.log(…);`. */
export function expectedOutput(code) {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, expected]) => expected);
}
