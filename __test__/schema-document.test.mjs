// docs/schema.md describes the tables of a new file.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newPath, openStore } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { openBetterSqlite3, projectDirectory } from './support/reference-packages.mjs';

const read = (path) => readFileSync(join(projectDirectory, path), 'utf8');
const document = read('docs/schema.md');

/** The rows of the table under a heading, cell by cell. */
function rowsUnder(heading) {
  const [section] = document.split(`### ${heading}\n`)[1].split('\n#');
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const tablesOfEvals = ['suites', 'runs', 'cases', 'scores', 'prompts'];
const ourTables = [
  'baselines',
  'thresholds',
  'verdicts',
  'run_keywords',
  'benchmark_results',
  'trajectories',
  'texts',
  'turns',
];

/** The columns of a table above the first blank line of its definition, which are those of @deepagents/evals. */
function columnsOfEvals(table) {
  if (ourTables.includes(table)) return [];
  const [definition] = read('src/schema/tables.sql').split(`CREATE TABLE ${table} (\n`)[1].split('\n\n');
  return [...definition.matchAll(/^ {2}([a-z_]+) /gm)].map(([, column]) => column);
}

function freshFile(t) {
  const path = newPath(t);
  openStore(t, path).close();
  const db = openBetterSqlite3(path, { readonly: true });
  t.after(() => db.close());
  return db;
}

if (isFirstNode) {
  for (const table of [...tablesOfEvals, ...ourTables]) {
    test(`the columns of ${table} are those of a fresh file, and each is called ours or theirs as tables.sql has it`, (t) => {
      const columns = freshFile(t).pragma(`table_xinfo(${table})`);
      const theirs = columnsOfEvals(table);
      const isKey = ({ pk }) => pk && columns.filter((column) => column.pk).length === 1;
      assert.deepEqual(
        rowsUnder(table).map(([name, type, whose]) => [name, type, whose]),
        columns.map((column) => [
          column.name,
          `${column.type}${isKey(column) ? ' PRIMARY KEY' : ''}${column.notnull ? ' NOT NULL' : ''}`,
          theirs.includes(column.name) ? 'evals' : 'runstore',
        ]),
      );
    });
  }

  test('there are no other tables, and the indexes are those of a fresh file', (t) => {
    const db = freshFile(t);
    const named = (type) =>
      db.prepare('SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL').all(type);
    assert.deepEqual(
      named('table')
        .map(({ name }) => name)
        .sort(),
      [...tablesOfEvals, ...ourTables].sort(),
    );
    assert.deepEqual(
      rowsUnder('Indexes')
        .map(([name, on]) => `CREATE INDEX ${name} ON ${on}`)
        .sort(),
      named('index')
        .map(({ sql }) => sql)
        .sort(),
    );
  });

  test('the number of the schema is that of a fresh file', (t) => {
    const version = freshFile(t).pragma('user_version', { simple: true });
    assert.match(document, new RegExp(`number of the schema, now ${version}\\.`));
  });
}
