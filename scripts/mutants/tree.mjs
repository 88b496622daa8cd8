// A copy of the project from which protections can be removed.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectDirectory } from '../../__test__/support/reference-packages.mjs';
import { tinkerFolder } from '../../__test__/support/tinker.mjs';
import { edited } from './list.mjs';

const INSTALLED = ['node_modules', '__test__/reference-packages/node_modules', tinkerFolder];

export class Tree {
  constructor(directory) {
    this.directory = join(directory, 'tree');
    this.targetDirectory = join(directory, 'target');
  }

  path(file) {
    return join(this.directory, file);
  }

  /** Fails if another process uses the copy: each would test the edits of the other. */
  lock() {
    const file = join(dirname(this.directory), 'lock');
    const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (holder !== 0 && isRunning(holder)) throw new Error(`process ${holder} already uses ${this.directory}`);
    writeFileSync(file, String(process.pid));
    process.on('exit', () => rmSync(file, { force: true }));
  }

  /** Updates the copy. Only files that differ are written, so that little is built again. */
  update() {
    const files = git('ls-files', '--cached', '--others', '--exclude-standard');
    for (const file of files) this.#update(file);
    for (const file of this.#before()) if (!files.includes(file)) rmSync(this.path(file), { force: true });
    writeFileSync(this.path('.files'), files.join('\n'));
    for (const folder of INSTALLED) {
      // If the project was moved, the link may be broken.
      rmSync(this.path(folder), { force: true });
      mkdirSync(dirname(this.path(folder)), { recursive: true });
      symlinkSync(join(projectDirectory, folder), this.path(folder), 'junction');
    }
  }

  #before() {
    return existsSync(this.path('.files')) ? readFileSync(this.path('.files'), 'utf8').split('\n') : [];
  }

  #update(file) {
    const [from, to] = [join(projectDirectory, file), this.path(file)];
    if (!existsSync(from) || !statSync(from).isFile()) return;
    const content = readFileSync(from);
    if (existsSync(to) && readFileSync(to).equals(content)) return;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, content, { mode: statSync(from).mode });
  }

  /** Runs `work` on the copy without a protection. */
  async without(edits, work) {
    const before = new Map(edits.map(({ file }) => [file, readFileSync(this.path(file), 'utf8')]));
    try {
      for (const edit of edits)
        writeFileSync(this.path(edit.file), edited(readFileSync(this.path(edit.file), 'utf8'), edit));
      return await work();
    } finally {
      for (const [file, text] of before) writeFileSync(this.path(file), text);
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function git(...args) {
  const listed = execFileSync('git', [...args, '-z'], { cwd: projectDirectory, encoding: 'utf8', maxBuffer: 64 << 20 });
  return [...new Set(listed.split('\0').filter(Boolean))];
}
