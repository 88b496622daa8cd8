/** Facts about machine and programs, found out by the program itself. */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { openBetterSqlite3, packageVersion } from './reference-packages.mjs';

function betterSqlite3Sqlite() {
  const db = openBetterSqlite3(':memory:');
  const { version } = db.prepare('SELECT sqlite_version() AS version').get();
  db.close();
  return version;
}

/** Returns the version in the package.json beside the module. */
function moduleVersion(module) {
  return JSON.parse(readFileSync(join(dirname(module), 'package.json'), 'utf8')).version;
}

/** Returns the facts as `[name, value]` pairs. */
export async function facts({ module }, limit) {
  const ourSqlite = limit ? `, SQLite ${await limit.sqliteVersion()}` : '';
  return [
    [
      'machine',
      `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? process.arch}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    ],
    ['system', `${process.platform} ${process.arch}`],
    ['Node', process.versions.node],
    ['reference', `@deepagents/evals ${packageVersion('@deepagents/evals')}, SQLite ${process.versions.sqlite}`],
    ['better-sqlite3', `${packageVersion('better-sqlite3')}, SQLite ${betterSqlite3Sqlite()}`],
    ['runstore', `${moduleVersion(module)}${ourSqlite}`],
    ['load before', loadavg()[0].toFixed(2)],
  ];
}

/** Returns the facts as a Markdown list. */
export function factList(pairs) {
  return pairs.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}
