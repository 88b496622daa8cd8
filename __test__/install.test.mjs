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

const install = (project, ...what) => run(project, 'npm', 'install', '--no-audit', '--no-fund', ...what);

/** Package managers besides npm: their package, the command in `node_modules` that starts them, and files of a project. */
const managers = [
  { from: 'pnpm@12.21.0', command: ['.bin/pnpm'], files: {} },
  { from: 'yarn@1.22.22', command: [process.execPath, 'yarn/bin/yarn.js'], files: {} },
  {
    from: '@yarnpkg/cli-dist@4.18.1',
    command: [process.execPath, '@yarnpkg/cli-dist/bin/yarn.js'],
    files: { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n' },
  },
];

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

/** A store works in a project. */
function assertTheClassWorks(project) {
  const program = `import { RunStore } from 'runstore';
    const store = new RunStore('a.db');
    store.createSuite('kept');
    console.log(new RunStore('a.db').listSuites().length);`;
  writeFileSync(join(project, 'program.mjs'), program);
  assert.equal(run(project, process.execPath, 'program.mjs'), '1\n');
}

/** A store and the command work in a project. */
function assertItWorks(project) {
  assertTheClassWorks(project);
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

    /** Packs the checkout into a directory; returns the tarball, and the paths in it. */
    function pack(directory) {
      const output = JSON.parse(run(checkout, 'npm', 'pack', '--json', '--pack-destination', directory));
      const [{ filename, files }] = Object.values(output);
      return { tarball: join(directory, filename), packed: files.map(({ path }) => path) };
    }

    test('by npm pack: the tarball has the addons of this machine', (t) => {
      const project = emptyProject(t);
      const { tarball, packed } = pack(project);
      for (const addon of addons) assert.ok(packed.includes(addon), `${addon} is not in ${packed}`);
      install(project, tarball);
      assertItWorks(project);
    });

    test('by other package managers, from the tarball or by a link to the folder', (t) => {
      const tools = emptyProject(t);
      install(tools, ...managers.map(({ from }) => from));
      const { tarball } = pack(tools);
      for (const { command, files } of managers) {
        const [program, ...args] = command.map((part) => resolve(tools, 'node_modules', part));
        for (const what of [`file:${tarball}`, `link:${checkout}`]) {
          const project = emptyProject(t);
          for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
          run(project, program, ...args, 'add', `runstore@${what}`);
          assertTheClassWorks(project);
        }
      }
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
