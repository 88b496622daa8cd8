// The handles of both libraries, by their own types.

import { DatabaseSync } from 'node:sqlite';

import Database = require('better-sqlite3');

import { RunStore } from 'runstore';

new RunStore(new DatabaseSync(':memory:'));
new RunStore(new DatabaseSync(':memory:', { readOnly: true }));
new RunStore(new Database(':memory:'));
// @ts-expect-error a statement is not a handle
new RunStore(new DatabaseSync(':memory:').prepare('SELECT 1'));
// @ts-expect-error a URL is not a path
new RunStore(new URL('file:///a.db'));
