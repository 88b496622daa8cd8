// `git: true`: the commit and branch of a run, compared with the answers of git itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { isShort } from './support/scope.mjs';

const identity = ['-c', 'user.name=n', '-c', 'user.email=e', '-c', 'protocol.file.allow=always'];

/** Runs git in a directory, without the settings of this machine, and returns what it prints. */
function git(directory, ...args) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const env = { ...environment, GIT_CONFIG_NOSYSTEM: '1', HOME: directory };
  const options = { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  return execFileSync('git', [...identity, ...args], options).trim();
}

const answer = (directory, ...args) => {
  try {
    return git(directory, ...args);
  } catch {
    return null;
  }
};

/** A repository with one commit on the branch feature/x, in a new directory or a given one. */
function repository(t, { format = 'files', hash = 'sha1', directory = temporaryDirectory(t), more = [] } = {}) {
  mkdirSync(directory, { recursive: true });
  const formats = format === 'files' ? [] : [`--ref-format=${format}`];
  git(directory, 'init', '-q', '-b', 'feature/x', `--object-format=${hash}`, ...formats, ...more);
  commit(directory);
  return directory;
}

function commit(directory) {
  writeFileSync(join(directory, 'file'), 'one');
  git(directory, 'add', 'file');
  git(directory, 'commit', '-q', '-m', 'first');
}

/** What a run created in a directory has for git. */
function stateIn(t, directory) {
  const before = process.cwd();
  process.chdir(directory);
  try {
    const store = openStore(t, newPath(t));
    return store.getRun(newRun(store, { git: true })).git;
  } finally {
    process.chdir(before);
  }
}

test('git: true reads commit, branch and changes of the working tree', (t) => {
  const directory = repository(t);
  const commit = git(directory, 'rev-parse', 'HEAD');
  assert.deepEqual(stateIn(t, directory), { commit, branch: 'feature/x', dirty: false });
  writeFileSync(join(directory, 'untracked'), '');
  assert.equal(stateIn(t, directory).dirty, false);
  writeFileSync(join(directory, 'file'), 'two');
  assert.equal(stateIn(t, directory).dirty, true);
  git(directory, 'checkout', '-q', '--detach');
  assert.deepEqual(stateIn(t, directory), { commit, branch: null, dirty: true });
});

test('outside of working trees, and in a bare repository, no state is set', (t) => {
  const bare = join(temporaryDirectory(t), 'bare.git');
  git(repository(t), 'clone', '-q', '--bare', '.', bare);
  for (const directory of [temporaryDirectory(t), bare]) assert.equal(stateIn(t, directory), undefined);
});

test('updateRun reads the state of the working tree as well, and removes it outside of one', (t) => {
  const directory = repository(t);
  const before = process.cwd();
  t.after(() => process.chdir(before));
  const store = openStore(t, newPath(t));
  const id = newRun(store, { git: { commit: 'abc' } });
  process.chdir(directory);
  store.updateRun(id, { git: true });
  assert.equal(store.getRun(id).git.commit, git(directory, 'rev-parse', 'HEAD'));
  process.chdir(temporaryDirectory(t));
  store.updateRun(id, { git: true });
  assert.ok(!('git' in store.getRun(id)));
});

/** Every way in which a working tree can be at a commit. Each function returns the directory that a run is created in. */
const ways = {
  'a branch': (t, kind) => repository(t, kind),
  'a directory below': (t, kind) => {
    const deep = join(repository(t, kind), 'deep', 'er');
    mkdirSync(deep, { recursive: true });
    return deep;
  },
  'no commit yet': (t, kind) => {
    const directory = repository(t, kind);
    git(directory, 'checkout', '-q', '--orphan', 'empty');
    return directory;
  },
  'a detached head': (t, kind) => {
    const directory = repository(t, kind);
    git(directory, 'checkout', '-q', '--detach');
    return directory;
  },
  'packed references': (t, kind) => {
    const directory = repository(t, kind);
    git(directory, 'pack-refs', '--all');
    return directory;
  },
  'a branch that is another name of a branch': (t, kind) => {
    const directory = repository(t, kind);
    git(directory, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/feature/x');
    git(directory, 'symbolic-ref', 'HEAD', 'refs/heads/alias');
    return directory;
  },
  'a linked worktree': (t, kind) => {
    const linked = join(temporaryDirectory(t), 'linked');
    git(repository(t, kind), 'worktree', 'add', '-q', '-b', 'side', linked);
    return linked;
  },
  'a detached worktree': (t, kind) => {
    const linked = join(temporaryDirectory(t), 'linked');
    git(repository(t, kind), 'worktree', 'add', '-q', '--detach', linked);
    return linked;
  },
  'a worktree of a bare repository': (t, kind) => {
    const [bare, linked] = ['bare.git', 'linked'].map((name) => join(temporaryDirectory(t), name));
    git(repository(t, kind), 'clone', '-q', '--bare', '.', bare);
    git(bare, 'worktree', 'add', '-q', '-b', 'side', linked);
    return linked;
  },
  'a repository whose directory of git is elsewhere': (t, kind) => {
    const more = [`--separate-git-dir=${join(temporaryDirectory(t), 'elsewhere.git')}`];
    return repository(t, { ...kind, more });
  },
  'a submodule': (t, kind) => {
    const [outer, inner] = [repository(t, kind), repository(t, kind)];
    git(outer, 'submodule', '--quiet', 'add', inner, 'inner');
    return join(outer, 'inner');
  },
};

for (const format of ['files', 'reftable'])
  for (const hash of isShort ? ['sha1'] : ['sha1', 'sha256'])
    test(`commit and branch are those that git answers: ${format}, ${hash}`, (t) => {
      const kind = { format, hash };
      // Git 2.45 was the first to have the format "reftable", and 2.29 to have SHA-256.
      const options = [`--object-format=${hash}`, ...(format === 'files' ? [] : [`--ref-format=${format}`])];
      if (answer(temporaryDirectory(t), 'init', '-q', ...options) === null) return t.skip('git is too old');
      for (const [name, way] of Object.entries(ways)) {
        const directory = way(t, kind);
        const { commit, branch } = stateIn(t, directory);
        assert.equal(commit, answer(directory, 'rev-parse', '--verify', '--quiet', 'HEAD'), name);
        assert.equal(branch, answer(directory, 'symbolic-ref', '--short', '--quiet', 'HEAD'), name);
        assert.equal(commit === null, name === 'no commit yet', name);
      }
    });
