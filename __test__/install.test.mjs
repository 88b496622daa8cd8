// Until it is on npm: how a project gets runstore from a checkout, with the real npm.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

const shell = process.platform === 'win32';
/** What is built will do; where something has to be, it is built fast, with what is compiled already. */
const env = {
  ...process.env,
  RUNSTORE_BUILD: 'debug',
  CARGO_TARGET_DIR: resolve(projectDirectory, process.env.CARGO_TARGET_DIR ?? 'target'),
};

function run(directory, program, ...args) {
  return execFileSync(program, args, {
    cwd: directory,
    env,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const install = (project, what) => run(project, 'npm', 'install', '--no-audit', '--no-fund', what);

/** Copies the files that git knows, or would: a clone with what is not committed yet. */
function copySources(directory) {
  const files = run(projectDirectory, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const file of files.split('\0').filter(Boolean)) cpSync(join(projectDirectory, file), join(directory, file));
}

/** Copies a checkout in which runstore is built. */
function copyCheckout(directory) {
  copySources(directory);
  const built = readdirSync(projectDirectory).filter((name) => /\.node$|binding\.(js|d\.ts)$/.test(name));
  for (const file of built) cpSync(join(projectDirectory, file), join(directory, file));
  return built.filter((name) => name.endsWith('.node'));
}

function emptyProject(t) {
  const project = temporaryDirectory(t);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  return project;
}

/** A store and the command work in a project. */
function assertItWorks(project) {
  const program = `import { RunStore } from 'runstore';
    const store = new RunStore('a.db');
    store.createSuite('kept');
    console.log(new RunStore('a.db').listSuites().length);`;
  writeFileSync(join(project, 'program.mjs'), program);
  assert.equal(run(project, process.execPath, 'program.mjs'), '1\n');
  assert.match(run(project, 'npx', '--no-install', 'runstore', '--version'), /^runstore \d/);
}

if (isFirstNode && !isShort) {
  describe('a project gets runstore', () => {
    const checkout = temporaryDirectory({ after });
    let addons;

    before(() => {
      addons = copyCheckout(checkout);
      assert.equal(addons.length, 2);
    });

    test('by npm install of a folder: the existing build is used, and nothing is built', (t) => {
      mkdirSync(join(checkout, 'node_modules/a-tool'), { recursive: true });
      writeFileSync(join(checkout, 'node_modules/a-tool/package.json'), '{ "name": "a-tool", "version": "1.0.0" }');
      const before = addons.map((name) => lstatSync(join(checkout, name)).mtimeMs);
      const project = emptyProject(t);
      install(project, checkout);
      assertItWorks(project);
      assert.deepEqual(
        addons.map((name) => lstatSync(join(checkout, name)).mtimeMs),
        before,
      );
      assert.ok(lstatSync(join(project, 'node_modules/runstore')).isSymbolicLink());
    });

    test('by npm pack: the tarball has the addons of this machine', (t) => {
      const project = emptyProject(t);
      const output = JSON.parse(run(checkout, 'npm', 'pack', '--json', '--pack-destination', project));
      const [{ filename, files }] = Object.values(output);
      const packed = files.map(({ path }) => path);
      for (const addon of addons) assert.ok(packed.includes(addon), `${addon} is not in ${packed}`);
      install(project, join(project, filename));
      assertItWorks(project);
    });

    test('by npm install of a git URL, which builds it', (t) => {
      const repository = temporaryDirectory(t);
      copySources(repository);
      const git = (...args) => run(repository, 'git', '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args);
      git('init', '--quiet');
      git('add', '--all');
      git('commit', '--quiet', '--message', 'all');
      const project = emptyProject(t);
      install(project, `git+${pathToFileURL(repository)}`);
      assertItWorks(project);
      const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
      const installed = readdirSync(join(project, 'node_modules'));
      for (const tool of Object.keys(devDependencies)) assert.ok(!installed.includes(tool), tool);
    });
  });
}
