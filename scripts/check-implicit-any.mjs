// Finds parameters and variables of JavaScript that have no type, in the files whose types are complete. tsconfig.json, which
// checks all files, cannot say this of some of them, and more than a thousand are left in the others.
//
//   node scripts/check-implicit-any.mjs          fails at each one that it finds
//   node scripts/check-implicit-any.mjs --count  how many each of the other files has

import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files, and folders with everything in them. */
const COMPLETE = [
  'lib/connection/',
  'lib/constants.js',
  'lib/errors.js',
  'lib/lazy.js',
  'lib/load-page.js',
  'lib/load-tools.js',
  'lib/load.js',
  'lib/own-realm.js',
  'lib/page/asking.js',
  'lib/page/promise-cache.js',
  'lib/rows/iterate.js',
  'lib/rows/to-array.js',
];

const found = findErrors();
if (process.argv.includes('--count')) count(found);
else
  report(
    found.filter(({ name }) => COMPLETE.some((one) => name === one || (one.endsWith('/') && name.startsWith(one)))),
  );

function findErrors() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, { ...options, noImplicitAny: true });
  return ts.getPreEmitDiagnostics(program).flatMap((diagnostic) => {
    if (diagnostic.file === undefined) return [];
    return [{ diagnostic, name: relative(root, diagnostic.file.fileName).replaceAll('\\', '/') }];
  });
}

function report(errors) {
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  const diagnostics = errors.map(({ diagnostic }) => diagnostic);
  process.stderr.write(ts.formatDiagnostics(diagnostics, host));
  process.exitCode = errors.length > 0 ? 1 : 0;
}

function count(errors) {
  const counts = new Map();
  for (const { name } of errors) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [name, errors] of [...counts].sort()) console.log(`${errors}\t${name}`);
}
