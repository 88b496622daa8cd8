/** Prints the milliseconds from the import of a store's module to its first answer. */

import { pathToFileURL } from 'node:url';

const [name, module, path] = process.argv.slice(2);

async function openStore() {
  const imported = await import(pathToFileURL(module).href);
  if (name !== 'better-sqlite3') return new imported.RunStore(path);
  const { BetterSqlite3Store } = await import('../better-sqlite3-store.mjs');
  return new BetterSqlite3Store(new imported.default(path));
}

const start = performance.now();
const store = await openStore();
store.listSuites();
const milliseconds = performance.now() - start;
// Not before: the first look at process.stdout makes a stream, which takes a millisecond or two.
process.stdout.write(String(milliseconds));
