// `npm run example`: from a fresh clone to a recorded evaluation. Builds and installs what is missing or out of date.
import { execFileSync, execSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = fileURLToPath(new URL('detect-languages', import.meta.url));

if (!addonLoads() || modifiedLast(addons()) < modifiedLast(sources())) {
  console.error('Building the addon. The first time takes minutes.');
  run('node scripts/prepare.mjs', root);
}
if (modified(join(example, 'node_modules/.package-lock.json')) < modified(join(example, 'package-lock.json'))) {
  // Without scripts, because npm would build runstore, which the example links to, once more.
  run('npm ci --ignore-scripts', example);
}
await import('./detect-languages/main.mjs');

// In a process of its own, because this one would remember an addon that failed to load.
function addonLoads() {
  try {
    execFileSync(process.execPath, ['-e', 'require(".")'], { cwd: root, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function addons() {
  return filesIn(root).filter((path) => path.endsWith('.node'));
}

function sources() {
  return [...filesIn(join(root, 'src'), { recursive: true }), join(root, 'Cargo.toml'), join(root, 'Cargo.lock')];
}

function filesIn(directory, options) {
  return readdirSync(directory, options).map((path) => join(directory, path));
}

function modifiedLast(paths) {
  return Math.max(0, ...paths.map(modified));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// What the tools print goes to stderr: stdout belongs to the report.
function run(command, cwd) {
  console.error(`> ${command}  (in ${cwd})`);
  try {
    execSync(command, { cwd, stdio: ['ignore', process.stderr, process.stderr] });
  } catch {
    console.error(`"${command}" failed, see above.`);
    process.exit(1);
  }
}
