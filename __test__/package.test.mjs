// What users get: the tarballs, made as the release makes them, and installed into an empty project. The short run takes the
// bundle of the release without packing it: a change of lib/ may break the bundle, but few changes can break the tarballs, and
// to pack and to unpack addons of 180 MB, as an unoptimised build makes them, takes most of a minute.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const manifest = readJson(projectDirectory, 'package.json');
const addon = /^runstore\..*\.node$/;
const toolsAddon = /^runstore-tools\..*\.node$/;
const platformOf = (file) => file.split('.')[1];

/** The platforms that are published, by the names that the napi CLI gives them. */
const platforms = {
  'linux-x64-gnu': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'linux-arm64-gnu': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'linux-arm64-musl': { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
  'win32-arm64-msvc': { os: ['win32'], cpu: ['arm64'] },
};

function npm(directory, ...args) {
  const options = {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  };
  return execFileSync('npm', args, options);
}

/** Packs a package and returns the path of the tarball and the files in it. */
function pack(directory, destination) {
  const output = JSON.parse(npm(directory, 'pack', '--ignore-scripts', '--json', '--pack-destination', destination));
  const [{ filename, files }] = Object.values(output);
  return { tarball: join(destination, filename), files: files.map(({ path }) => path).sort() };
}

const builtAddon = (pattern) => readdirSync(projectDirectory).find((name) => pattern.test(name));

/** Copies what a release starts from, with the addons of this machine. */
function copyCheckout(directory) {
  // The addons that are built here come along, so that a release which takes them in is seen.
  const files = manifest.files.flatMap((name) =>
    name.includes('*') ? [builtAddon(addon), builtAddon(toolsAddon)] : [name],
  );
  const names = [...files, 'package.json', 'Cargo.toml', 'scripts', 'README.md', 'LICENSE'];
  for (const name of names) cpSync(join(projectDirectory, name), join(directory, name), { recursive: true });
  symlinkSync(join(projectDirectory, 'node_modules'), join(directory, 'node_modules'), 'junction');
}

/** Gives a release the addons of all platforms: those of this machine, and files that stand in for the others. Returns its platform. */
function addArtifacts(directory) {
  const built = builtAddon(addon);
  mkdirSync(join(directory, 'artifacts'));
  for (const platform of Object.keys(platforms)) {
    for (const [name, from] of [
      ['runstore', built],
      ['runstore-tools', builtAddon(toolsAddon)],
    ]) {
      const artifact = join(directory, `artifacts/${name}.${platform}.node`);
      if (platform === platformOf(built)) cpSync(join(projectDirectory, from), artifact);
      else writeFileSync(artifact, 'stands in for an addon of another machine');
    }
  }
  return platformOf(built);
}

if (isFirstNode) {
  describe('the release', () => {
    let checkout;
    let main;
    let own;
    let project;

    const cleanUps = [];
    after(() => {
      for (const cleanUp of cleanUps) cleanUp();
    });

    before(() => {
      const wholeRelease = { after: (cleanUp) => cleanUps.push(cleanUp) };
      checkout = temporaryDirectory(wholeRelease);
      project = temporaryDirectory(wholeRelease);
      copyCheckout(checkout);
      if (isShort) linkBundle();
      else install();
    });

    function linkBundle() {
      execFileSync(process.execPath, ['scripts/bundle.mjs'], { cwd: checkout, stdio: 'ignore' });
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(checkout, join(project, 'node_modules/runstore'), 'junction');
    }

    function install() {
      const platform = addArtifacts(checkout);
      npm(checkout, 'run', 'prepare-release');
      main = pack(checkout, project);
      own = { ...pack(join(checkout, 'npm', platform), project), platform };
      writeFileSync(join(project, 'package.json'), '{ "private": true }');
      npm(project, 'install', '--offline', '--no-audit', '--no-fund', main.tarball, own.tarball);
    }

    if (!isShort) {
      test('the tarball contains the entries, the files that they need, and the documents; nothing else', () => {
        const exported = Object.values(manifest.exports).flatMap((entry) => Object.values(Object(entry)));
        const imported = exported.filter((path) => path.length > 1).map((path) => path.replace(/^\.\//, ''));
        const needed = [
          ...['lib/bundle.js', 'lib/bundle.js.map', 'lib/index.js.map', 'lib/viewer-thread.js'],
          ...['lib/constants.js', 'lib/load-tools.js'],
          ...['ui/dist/live.html', 'ui/dist/page.html', 'ui/dist/shared.js'],
        ];
        const read = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'run-file.schema.json'];
        const commands = Object.values(manifest.bin);
        assert.deepEqual(main.files, [...new Set([...imported, ...needed, ...commands, 'binding.js', ...read])].sort());
      });

      test('a platform package holds both addons', () => {
        const addons = ['runstore-tools', 'runstore'].map((name) => `${name}.${own.platform}.node`);
        assert.deepEqual(own.files, ['README.md', 'package.json', ...addons]);
      });

      test('there is a platform package for each platform, and an optional dependency on exactly its version', () => {
        const { optionalDependencies } = readJson(checkout, 'package.json');
        const names = Object.keys(platforms).map((platform) => [`runstore-${platform}`, manifest.version]);
        assert.deepEqual(optionalDependencies, Object.fromEntries(names));
        for (const [platform, { os, cpu, libc }] of Object.entries(platforms)) {
          const made = readJson(checkout, 'npm', platform, 'package.json');
          assert.deepEqual(
            { name: made.name, version: made.version, os: made.os, cpu: made.cpu, libc: made.libc },
            { name: `runstore-${platform}`, version: manifest.version, os, cpu, libc },
          );
        }
      });

      test('installing runs no script and adds no dependency', () => {
        const { scripts, dependencies } = readJson(project, 'node_modules/runstore/package.json');
        for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
          assert.ok(!(script in scripts), script);
        assert.equal(dependencies, undefined);
        const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
        assert.deepEqual(installed.sort(), ['runstore', `runstore-${own.platform}`]);
      });

      test('it brings the command', () => {
        const options = { cwd: project, encoding: 'utf8', shell: process.platform === 'win32' };
        const printed = execFileSync(join(project, 'node_modules/.bin/runstore'), ['--version'], options);
        assert.equal(printed, `runstore ${manifest.version}\n`);
      });
    }

    for (const [kind, file, program] of [
      ['an ES module', 'program.mjs', `import { RunStore } from 'runstore';`],
      ['a CommonJS module', 'program.cjs', `const { RunStore } = require('runstore');`],
      ['runstore/store', 'store.mjs', `import { RunStore } from 'runstore/store';`],
    ]) {
      test(`it works from ${kind}`, () => {
        const rest = `const store = new RunStore('a.db'); store.createSuite('kept'); store.close(); console.log(typeof store.path);`;
        writeFileSync(join(project, file), `${program}\n${rest}`);
        assert.equal(execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8' }), 'string\n');
      });
    }

    test('the command loads its own addon alone', () => {
      const program = `
        for (const name of ['constants', 'load-tools']) require(process.cwd() + '/node_modules/runstore/lib/' + name);
        console.log(Object.keys(require.cache).filter((path) => path.endsWith('.node')).join());`;
      const loaded = execFileSync(process.execPath, ['-e', program], { cwd: project, encoding: 'utf8' });
      assert.match(loaded, /^[^,]*runstore-tools\.[^,]*\.node\n$/);
    });

    test('it writes the page, and serves it on a thread of its own', () => {
      const program = `
        const { RunStore } = require('runstore');
        const { htmlReport, startViewer } = require('runstore/report');
        const store = new RunStore('page.db');
        const run = store.createRun({ suite_id: store.createSuite('kept').id, name: 'run', model: 'm' });
        startViewer(store).then(async (viewer) => {
          const [suite] = await (await fetch(new URL('/api/suites', viewer.url))).json();
          await viewer.close();
          console.log(suite.name, /<script>/.test(htmlReport(store, run)));
        });`;
      const options = { cwd: project, encoding: 'utf8' };
      assert.equal(execFileSync(process.execPath, ['-e', program], options), 'kept true\n');
    });

    test('the types of each entry are found by old ways of resolution as well', () => {
      const entries = Object.keys(manifest.exports).filter((name) => name !== '.' && !name.endsWith('.json'));
      assert.deepEqual(Object.keys(manifest.typesVersions['*']).sort(), entries.map((entry) => entry.slice(2)).sort());
      for (const entry of entries) {
        const [types] = manifest.typesVersions['*'][entry.slice(2)];
        assert.equal(types, manifest.exports[entry].types, entry);
      }
    });

    test('every entry has the exports that it has in the checkout, by name, and shares the classes of the others', () => {
      const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'));
      const program = `
        const names = {};
        for (const entry of ${JSON.stringify(entries)}) {
          names[entry] = Object.keys(await import('runstore' + entry.slice(1))).filter((name) => !/default|module/.test(name));
        }
        const { RunStore, RunStoreError } = await import('runstore');
        const { compareRuns } = await import('runstore/comparison');
        const store = new RunStore(':memory:');
        let error;
        try { compareRuns(store, 1, 'b') } catch (thrown) { error = thrown }
        console.log(JSON.stringify({ names, isOurs: error instanceof RunStoreError, name: RunStoreError.name }));`;
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        cwd: project,
        encoding: 'utf8',
      });
      const require = createRequire(import.meta.url);
      const wanted = entries.map((entry) => [entry, Object.keys(require(`runstore${entry.slice(1)}`)).sort()]);
      assert.deepEqual(JSON.parse(output), { names: Object.fromEntries(wanted), isOurs: true, name: 'RunStoreError' });
    });

    test('only exported entries can be imported', () => {
      const program = `import('runstore/lib/bundle.js').catch(({ code }) => console.log(code));`;
      const output = execFileSync(process.execPath, ['-e', program], { cwd: project, encoding: 'utf8' });
      assert.equal(output, 'ERR_PACKAGE_PATH_NOT_EXPORTED\n');
    });
  });

  describe('without an addon that can be loaded', () => {
    /** Loads a copy of the package that has no addon, after `change`, and returns the message of the error. */
    function messageOfLoading(t, { change = asReleased, setUp = '' } = {}) {
      const directory = temporaryDirectory(t);
      for (const name of ['package.json', 'index.js', 'binding.js', 'lib']) {
        cpSync(join(projectDirectory, name), join(directory, name), { recursive: true });
      }
      change(directory);
      const program = `${setUp}; try { require('./index.js') } catch ({ message }) { console.log(message) }`;
      return execFileSync(process.execPath, ['-e', program], { cwd: directory, encoding: 'utf8' });
    }

    /** Makes of a copy what `npm run prepare-release` makes of its package.json. */
    function asReleased(directory) {
      const names = Object.keys(platforms).map((platform) => [`runstore-${platform}`, manifest.version]);
      const released = { ...manifest, optionalDependencies: Object.fromEntries(names) };
      writeFileSync(join(directory, 'package.json'), JSON.stringify(released));
    }

    const withoutAddon = /^runstore has no native addon for this machine: the package "(.*)" is not installed\./;

    test('the error says which platform package is missing, and what to run', (t) => {
      const message = messageOfLoading(t);
      const [, wanted] = withoutAddon.exec(message);
      assert.ok(Object.keys(platforms).includes(wanted.replace('runstore-', '')), wanted);
      assert.match(message, /npm install --include=optional runstore/);
      assert.equal(message.trimEnd().split('\n').length, 5);
    });

    test('a copy that no package of a platform belongs to is not advised to install one', (t) => {
      const message = messageOfLoading(t, { change: () => {} });
      assert.match(message, /^runstore has no native addon for \w+ \w+: this copy was made from a checkout/);
      assert.match(message, /npm run build/);
      assert.doesNotMatch(message, /npm install --include/);
    });

    test('the command reports it, and exits with 70', (t) => {
      const directory = temporaryDirectory(t);
      for (const name of ['bin', 'lib', 'binding.js']) {
        cpSync(join(projectDirectory, name), join(directory, name), { recursive: true });
      }
      asReleased(directory);
      const { status, stderr } = spawnSync(process.execPath, ['bin/runstore.js'], { cwd: directory, encoding: 'utf8' });
      assert.equal(status, 70);
      assert.match(stderr, /^error: runstore has no native addon for this machine: /);
    });

    for (const [platform, arch, glibc, wanted] of [
      ['linux', 'x64', '2.36', 'runstore-linux-x64-gnu'],
      ['linux', 'arm64', undefined, 'runstore-linux-arm64-musl'],
      ['darwin', 'arm64', undefined, 'runstore-darwin-arm64'],
      ['win32', 'x64', undefined, 'runstore-win32-x64-msvc'],
    ]) {
      test(`on ${platform} ${arch}${glibc || platform !== 'linux' ? '' : ' with musl'} it is ${wanted}`, (t) => {
        const setUp = `
          Object.defineProperty(process, 'platform', { value: '${platform}' });
          Object.defineProperty(process, 'arch', { value: '${arch}' });
          process.report.getReport = () => ({ header: { glibcVersionRuntime: ${JSON.stringify(glibc)} }, sharedObjects: [] });`;
        assert.equal(withoutAddon.exec(messageOfLoading(t, { setUp }))[1], wanted);
      });
    }

    test('on a platform without a package, the error says so', (t) => {
      const setUp = `Object.defineProperty(process, 'arch', { value: 's390x' })`;
      const message = messageOfLoading(t, { setUp });
      assert.match(message, /^runstore has no native addon for \w+ s390x\. There are addons for/);
      for (const platform of Object.keys(platforms)) assert.ok(message.includes(platform), platform);
    });

    test('an addon that is there but broken is not called missing', (t) => {
      const built = builtAddon(addon);
      const message = messageOfLoading(t, { change: (directory) => writeFileSync(join(directory, built), 'broken') });
      assert.match(
        message,
        /^runstore's native addon is there, but cannot be loaded: .*file too short|is not a valid|slice is not valid/,
      );
    });

    test('in a checkout that is not built, the error says how to build it', (t) => {
      const message = messageOfLoading(t, { change: (directory) => rmSync(join(directory, 'binding.js')) });
      assert.match(message, /^runstore is not built: run "npm run build"/);
    });
  });

  describe('the checkout', () => {
    test('package.json and Cargo.toml have the same version', () => {
      const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(projectDirectory, 'Cargo.toml'), 'utf8'));
      assert.equal(version, manifest.version);
    });

    test('package.json has no optional dependency, because one that is not published would break npm ci', () => {
      assert.equal(manifest.optionalDependencies, undefined);
      assert.equal(manifest.dependencies, undefined);
    });

    test('package-lock.json names no registry', () => {
      const text = readFileSync(join(projectDirectory, 'package-lock.json'), 'utf8');
      assert.doesNotMatch(text, /"resolved"/);
    });
  });
}
