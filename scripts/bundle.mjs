// Joins the JavaScript of a copy of the project into two files, which load in a third of the time:
//
//   index.js       what every process runs that opens a store
//   lib/bundle.js  everything else, which is loaded when it is first needed; each entry becomes a line that takes its
//                  exports from there
//
// "npm run prepare-release" runs it where a release is made, and the benchmark for the copy that it measures; a checkout
// loads the parts.
//
//   node scripts/bundle.mjs [directory]

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const BUNDLE = 'lib/bundle.js';

/** How lib/bundle.js reaches the modules that are in index.js: in a list under a symbol that only they know. */
const PARTS = "[Symbol.for('runstore.parts')]";

const OPTIONS = {
  minifyWhitespace: true,
  minifySyntax: true,
  target: 'node20.4',
  lineLimit: 160, // Node shows the line of an uncaught error
  logLevel: 'warning',
};

/** The files that are loaded from outside, beside index.js and those of the command. */
const entriesOf = (directory) => [
  ...readdirSync(join(directory, 'entries'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `entries/${name}`),
  'lib/viewer-thread.js',
];

/** What the command loads stands alone: its process must not load the addon that index.js loads. */
const OF_COMMAND = ['lib/constants.js', 'lib/load-tools.js'];

const nameOf = (directory, path) => relative(directory, path).split(sep).join('/');

/** Returns the names of the files that a process loads when it opens a store and reads from it. */
function openingFiles(directory) {
  const require = createRequire(join(directory, 'package.json'));
  const store = new (require('./index.js').RunStore)(':memory:');
  store.listSuites();
  store.close();
  const loaded = Object.keys(require.cache).map((path) => nameOf(directory, path));
  return new Set(loaded.filter((name) => name === 'index.js' || (name.startsWith('lib/') && name.endsWith('.js'))));
}

const REQUIRE = /\brequire\('(\.[^']+)'\)/g;

/** Returns the files in an order in which each follows those that it requires. */
function inOrder(directory, files) {
  const ordered = new Set();
  const add = (name) => {
    if (ordered.has(name) || !files.has(name)) return;
    const source = readFileSync(join(directory, name), 'utf8');
    for (const [, path] of source.matchAll(REQUIRE)) add(join(dirname(name), path));
    ordered.add(name);
  };
  add('index.js');
  return [...ordered];
}

/**
 * Joins the files that opening a store loads. Each is a function in parentheses that is called where it stands: V8 compiles
 * such a function at once, and any other twice, first to find its end and then when it is called.
 */
async function joinOpening(directory, files) {
  const place = new Map(files.map((name, at) => [name, at]));
  const later = new Set();
  let text = "'use strict';\nconst parts=[];\n";
  const sections = [];
  for (const name of files) {
    const original = readFileSync(join(directory, name), 'utf8');
    // `import` would take each "module.exports" in the text for one of index.js.
    const source = original.replaceAll('module.exports', 'part.exports').replace(REQUIRE, (_, path) => {
      const wanted = join(dirname(name), path);
      if (place.has(wanted)) return `parts[${place.get(wanted)}]`;
      if (wanted === 'binding.js') return "require('./binding.js')";
      later.add(wanted);
      return `require('./${BUNDLE}')['${wanted}']()`;
    });
    const { code, map } = await transform(source, { ...OPTIONS, sourcefile: name, sourcemap: 'external' });
    text += `parts[${place.get(name)}]=(function(part,__dirname){\n`;
    sections.push({ offset: { line: text.split('\n').length - 1, column: 0 }, map: JSON.parse(map) });
    text += `${code}return part.exports;})({},__dirname+'/${dirname(name)}');\n`;
  }
  const exported = Object.keys(createRequire(join(directory, 'package.json'))('./index.js'));
  text += `module.exports=parts[${place.get('index.js')}];\n`;
  text += `Object.defineProperty(module.exports,Symbol.for('runstore.parts'),{value:parts});\n`;
  text += `0&&(module.exports={${exported.join(',')}});\n//# sourceMappingURL=lib/index.js.map\n`;
  // Node looks for the list of sources beside the sections as well.
  const map = JSON.stringify({ version: 3, file: '../index.js', sources: [], sections });
  return { text, map, later: [...later] };
}

/** Takes the modules that are in index.js from there. */
const takeFromIndex = (directory, files) => ({
  name: 'take from index.js',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, namespace }) => {
      if (namespace === 'index') return { path, external: true };
      const at = files.indexOf(nameOf(directory, resolve(resolveDir, path)));
      return at < 0 ? undefined : { path: `${at}`, namespace: 'index' };
    });
    onLoad({ filter: /.*/, namespace: 'index' }, ({ path }) => ({
      contents: `module.exports = require('../index.js')${PARTS}[${path}];`,
      resolveDir: directory,
    }));
  },
});

/** Bundles what is loaded later: no module in it runs before it is required. */
async function bundleRest(directory, names, opening) {
  const lines = names.map((name) => `exports[${JSON.stringify(name)}] = () => require('./${name}');`);
  const { outputFiles } = await build({
    ...OPTIONS,
    stdin: { contents: lines.join('\n'), resolveDir: directory, sourcefile: 'entries' },
    absWorkingDir: directory,
    outfile: join(directory, BUNDLE),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    sourcemap: true,
    plugins: [takeFromIndex(directory, opening)],
  });
  return outputFiles;
}

/** Bundles each file that the command loads with everything that it requires. */
async function bundleForCommand(directory) {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: OF_COMMAND,
    absWorkingDir: directory,
    outdir: 'lib',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  return outputFiles;
}

/** Returns an entry of one line. Its text names the exports, because `import` of a CommonJS module finds them there. */
function stub(directory, name) {
  const path = name.startsWith('entries/') ? '../lib/bundle.js' : './bundle.js';
  const text = `'use strict';\n\nmodule.exports = require('${path}')['${name}']();\n`;
  if (name.startsWith('lib/')) return text;
  const exported = Object.keys(createRequire(join(directory, 'package.json'))(`./${name}`));
  return `${text}0 && (module.exports = { ${exported.join(', ')} });\n`;
}

/** Replaces the parts in `directory` by the two files. */
export async function bundleIn(directory) {
  const opening = inOrder(directory, openingFiles(directory));
  const { text, map, later } = await joinOpening(directory, opening);
  const entries = entriesOf(directory);
  const stubs = entries.map((name) => [name, stub(directory, name)]);
  const rest = await bundleRest(directory, [...entries, ...later], opening);
  const ofCommand = await bundleForCommand(directory);
  rmSync(join(directory, 'lib'), { recursive: true });
  mkdirSync(join(directory, 'lib'));
  for (const { path, contents } of [...rest, ...ofCommand]) writeFileSync(path, contents);
  for (const [name, content] of [['index.js', text], ['lib/index.js.map', map], ...stubs]) {
    writeFileSync(join(directory, name), content);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleIn(resolve(process.argv[2] ?? root));
