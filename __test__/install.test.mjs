// Until runstore is on npm, a project installs a checkout, its tarball or its git URL, with the real package managers.

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
/** No such host: git reads the clone that a test makes in its place. */
const GIT_URL = 'https://git.example.org/runstore.git';

/** Any existing build is good enough; where one is needed, it is a fast one, with the crates that are compiled already. */
const env = {
  ...process.env,
  RUNSTORE_BUILD: 'debug',
  CARGO_TARGET_DIR: resolve(projectDirectory, process.env.CARGO_TARGET_DIR ?? 'target'),
};

function run(directory, program, ...args) {
  return runWith({}, directory, program, ...args);
}

/** Runs a program with further environment variables, and returns what it prints. */
function runWith(variables, directory, program, ...args) {
  return execFileSync(program, args, {
    cwd: directory,
    env: { ...env, ...variables },
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const install = (project, ...what) => run(project, 'npm', 'install', '--no-audit', '--no-fund', ...what);

const yarn = {
  from: '@yarnpkg/cli-dist@4.18.1',
  command: [process.execPath, '@yarnpkg/cli-dist/bin/yarn.js'],
};
/** The second line is needed for a git URL only. */
const yarnSettings = `enableTelemetry: false\napprovedGitRepositories: ['${GIT_URL}']\n`;

/**
 * Package managers besides npm: their package, the command in `node_modules` that starts them, the files of a project as
 * docs/runtimes.md describes them, variables for a git URL, and the command that starts Node.
 */
const managers = {
  pnpm: {
    from: 'pnpm@12.21.0',
    command: ['.bin/pnpm'],
    files: (commit) => ({
      'pnpm-workspace.yaml': `storeDir: ./store\nallowBuilds:\n  runstore@git+${GIT_URL}#${commit}: true\n`,
    }),
  },
  'Yarn Classic': {
    from: 'yarn@1.22.22',
    command: [process.execPath, 'yarn/bin/yarn.js'],
    variables: { YARN_IGNORE_ENGINES: 'true' },
  },
  Yarn: {
    ...yarn,
    files: () => ({ 'yarn.lock': '', '.yarnrc.yml': `nodeLinker: node-modules\n${yarnSettings}` }),
  },
  "Yarn with Plug'n'Play": {
    ...yarn,
    files: () => ({ 'yarn.lock': '', '.yarnrc.yml': `nodeLinker: pnp\npnpEnableEsmLoader: true\n${yarnSettings}` }),
    startsNode: true,
  },
};

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

/** Makes a folder a git repository; returns its commit. */
function commitAll(repository) {
  const git = (...args) => run(repository, 'git', '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
  return git('rev-parse', 'HEAD').trim();
}

function emptyProject(t) {
  const project = temporaryDirectory(t);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  return project;
}

/** Asserts that a store works in a project, whose programs are started by `node`. */
function assertTheClassWorks(project, node = [process.execPath]) {
  const source = `import { RunStore } from 'runstore';
    const store = new RunStore('a.db');
    store.createSuite('kept');
    console.log(new RunStore('a.db').listSuites().length);`;
  const [program, ...args] = node;
  writeFileSync(join(project, 'program.mjs'), source);
  assert.equal(run(project, program, ...args, 'program.mjs'), '1\n');
}

/** Asserts that a store and the command work in a project. */
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

    describe('by other package managers', () => {
      const tools = temporaryDirectory({ after });
      const repository = temporaryDirectory({ after });
      let tarball;
      let commit;

      before(() => {
        writeFileSync(join(tools, 'package.json'), '{ "private": true }');
        install(tools, ...new Set(Object.values(managers).map(({ from }) => from)));
        ({ tarball } = pack(tools));
        copySources(repository);
        writeFileSync(join(repository, 'scripts/build.mjs'), copyOfTheBuild());
        commit = commitAll(repository);
      });

      /** Returns a program that stands for the build, which the test of npm runs: the same files, but in no time. */
      function copyOfTheBuild() {
        const built = [...addons, 'binding.js'].map((name) => [join(checkout, name), name]);
        return `import { copyFileSync } from 'node:fs';
          for (const [from, to] of ${JSON.stringify(built)}) copyFileSync(from, to);`;
      }

      /** Git finds the repository of the test in place of the URL. */
      function rewrittenUrl() {
        const key = `url.${pathToFileURL(repository)}.insteadOf`;
        return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: key, GIT_CONFIG_VALUE_0: GIT_URL };
      }

      /** Keeps large tarballs out of the caches of the user: Yarn Classic has the first folder, Yarn the second. */
      function caches() {
        return { YARN_CACHE_FOLDER: join(tools, 'cache'), YARN_GLOBAL_FOLDER: join(tools, 'global') };
      }

      for (const [name, { command, files, variables, startsNode }] of Object.entries(managers)) {
        const sources = {
          'the tarball': () => `file:${tarball}`,
          'a link to the folder': () => `link:${checkout}`,
          'a git URL': () => `git+${GIT_URL}`,
        };
        for (const [source, locator] of Object.entries(sources)) {
          test(`${name}, from ${source}`, (t) => {
            const [program, ...args] = command.map((part) => resolve(tools, 'node_modules', part));
            const project = emptyProject(t);
            for (const [file, text] of Object.entries(files?.(commit) ?? {})) writeFileSync(join(project, file), text);
            runWith(
              { ...rewrittenUrl(), ...caches(), ...variables },
              project,
              program,
              ...args,
              'add',
              `runstore@${locator()}`,
            );
            assertTheClassWorks(project, startsNode && [program, ...args, 'node']);
          });
        }
      }
    });

    test('by npm install of a git URL, which builds it', (t) => {
      const repository = temporaryDirectory(t);
      copySources(repository);
      commitAll(repository);
      const project = emptyProject(t);
      install(project, `git+${pathToFileURL(repository)}`);
      assertItWorks(project);
      const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
      const installed = readdirSync(join(project, 'node_modules'));
      for (const tool of Object.keys(devDependencies)) assert.ok(!installed.includes(tool), tool);
    });
  });
}
