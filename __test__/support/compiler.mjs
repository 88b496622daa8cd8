// The TypeScript compiler, for tests that compile several programs: each file that comes with the compiler or a package is
// parsed once, and only our own files are checked.

import ts from 'typescript';

/** Parsed files by the options that parsing depends on, and by path. */
const parsed = new Map();

/**
 * Creates a program.
 * @param {string[]} files
 * @param {ts.CompilerOptions} options
 * @param {ts.CompilerHost} [host]
 */
export function createProgram(files, options, host = ts.createCompilerHost(options)) {
  const ofOptions = JSON.stringify([options.target, options.module, options.moduleResolution]);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version, ...more) => {
    if (!isForeign(path)) return getSourceFile(path, version, ...more);
    const key = JSON.stringify([ofOptions, version, path]);
    if (!parsed.has(key)) parsed.set(key, getSourceFile(path, version, ...more));
    return parsed.get(key);
  };
  return ts.createProgram(files, options, host);
}

/** The errors in our files, declarations included, and in the options. */
export function errorsOf(program) {
  const ours = program.getSourceFiles().filter(({ fileName }) => !isForeign(fileName));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
}

const isForeign = (path) => path.includes('/node_modules/');

/** The errors of the compiler as text, '' without any. */
export function errorText(program, directory) {
  return ts.formatDiagnostics(errorsOf(program), {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => directory,
    getNewLine: () => '\n',
  });
}
