// The stores that the evaluation runs on.

import { RunStore } from 'runstore';
import { ReferenceStore } from '../differential/sides.mjs';
import { nodeSqlite, openBetterSqlite3 } from '../support/reference-packages.mjs';

const closing = (store, handle) => ({
  store,
  close() {
    store.close?.();
    handle?.close();
  },
});

const onHandle = (handle) => closing(new RunStore(handle), handle);

export const stores = {
  reference: (path) => closing(new ReferenceStore(path)),
  'a file': (path) => closing(new RunStore(path)),
  memory: () => closing(new RunStore(':memory:')),
  'a DatabaseSync': (path) => onHandle(new nodeSqlite.DatabaseSync(path)),
  'a better-sqlite3 Database': (path) => onHandle(openBetterSqlite3(path)),
};
