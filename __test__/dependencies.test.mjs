// What deny.toml says about the crates, as far as it can be checked without cargo-deny, which takes minutes to build.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const rules = readFileSync(join(projectDirectory, 'deny.toml'), 'utf8');

/** The strings of a list in deny.toml. */
function listOf(section, name) {
  const [, text] = new RegExp(`^\\[${section}\\]\\n((?:(?!\\[\\w+\\]).*\\n)*)`, 'm').exec(rules);
  const [, list] = new RegExp(`^${name} = \\[(.*)\\]$`, 'm').exec(text);
  return [...list.matchAll(/"([^"]*)"/g)].map(([, one]) => one);
}

const { targets } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')).napi;

test('all platforms with packages are examined', () => {
  const [, list] = /^targets = \[\n(.*?)^\]/ms.exec(rules);
  assert.deepEqual(
    [...list.matchAll(/"([^"]*)"/g)].map(([, one]) => one),
    targets,
  );
});

/** The crates that deny.toml bans, each with those that may use it all the same. */
function banned() {
  const [, list] = /^deny = \[\n(.*?)^\]/ms.exec(rules);
  return list
    .trim()
    .split('\n')
    .map((line) => [...line.matchAll(/"([^"]*)"/g)].map(([, one]) => one))
    .map(([name, ...wrappers]) => ({ name, wrappers }));
}

/** Whether a licence expression (SPDX, or its older form with a slash) can be met with what is allowed. */
function isMet(expression, allowed) {
  const outer = expression.replace(/\(([^()]*)\)/g, (_, inner) => (isMet(inner, allowed) ? 'allowed' : 'refused'));
  return outer
    .split(/ OR |\//)
    .some((choice) => choice.split(' AND ').every((one) => one.trim() === 'allowed' || allowed.includes(one.trim())));
}

test('licence expressions are evaluated', () => {
  for (const [expression, met] of [
    ['MIT', true],
    ['GPL-3.0', false],
    ['GPL-3.0 OR MIT', true],
    ['GPL-3.0 AND MIT', false],
    ['MIT/GPL-3.0', true],
    ['(GPL-3.0 OR MIT) AND Zlib', true],
    ['(GPL-3.0 OR LGPL-2.1) AND Zlib', false],
    ['Apache-2.0 WITH LLVM-exception', false],
  ]) {
    assert.equal(isMet(expression, ['MIT', 'Zlib', 'Apache-2.0']), met, expression);
  }
});

if (isFirstNode) {
  const platforms = targets.flatMap((target) => ['--filter-platform', target]);
  const metadata = JSON.parse(
    execFileSync('cargo', ['metadata', '--format-version', '1', '--all-features', '--locked', ...platforms], {
      cwd: projectDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
    }),
  );
  const inUse = new Set(metadata.resolve.nodes.map(({ id }) => id));
  const crates = metadata.packages.filter(({ id }) => inUse.has(id));
  const namesOf = (list) => list.map(({ name, version }) => `${name} ${version}`);

  test('every crate has a licence that is allowed', () => {
    const allowed = listOf('licenses', 'allow');
    assert.ok(allowed.includes('MIT') && crates.length > 20);
    assert.deepEqual(namesOf(crates.filter(({ license }) => !isMet(license ?? '', allowed))), []);
  });

  test('every crate is from the registry, and ours', () => {
    const registry = 'registry+https://github.com/rust-lang/crates.io-index';
    const others = crates.filter(({ source }) => source !== registry);
    assert.deepEqual(others.map(({ name }) => name).sort(), [
      'runstore',
      'runstore-archive',
      'runstore-cli',
      'runstore-formats',
      'runstore-report',
      'runstore-tools',
    ]);
  });

  test('no crate is there that is banned', () => {
    const bans = banned();
    assert.deepEqual(bans.map(({ name }) => name).sort(), ['aws-lc-rs', 'hyper', 'openssl-sys', 'reqwest', 'tokio']);
    const nameOf = new Map(metadata.packages.map(({ id, name }) => [id, name]));
    const uses = metadata.resolve.nodes.flatMap(({ id, deps }) =>
      deps.map(({ pkg }) => ({ user: nameOf.get(id), name: nameOf.get(pkg) })),
    );
    for (const { name, wrappers } of bans) {
      const isThere = crates.some((crate) => crate.name === name);
      assert.ok(!isThere || wrappers.length > 0, name);
      const others = uses.filter((use) => use.name === name && !wrappers.includes(use.user));
      assert.deepEqual(isThere ? others : [], [], name);
    }
  });

  test('each crate is compiled into the addon in one version', () => {
    // Of what only builds or tests, or another platform needs, cargo-deny knows more.
    const tree = execFileSync(
      'cargo',
      ['tree', '--workspace', '--locked', '--edges', 'normal,no-proc-macro', '--prefix', 'none'],
      {
        cwd: projectDirectory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const skipped = listOf('bans', 'skip').map((one) => one.replace('@', ' '));
    const isSkipped = (one) => skipped.some((skip) => one.startsWith(`${skip}.`));
    const versions = [
      ...new Set([...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, version]) => `${name} ${version}`)),
    ].filter((one) => !isSkipped(one));
    const names = versions.map((one) => one.split(' ')[0]);
    assert.ok(names.includes('rusqlite'));
    assert.deepEqual(
      versions.filter((_, at) => names.indexOf(names[at]) !== names.lastIndexOf(names[at])),
      [],
    );
  });
}
