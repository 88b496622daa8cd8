// An ES module.

import * as all from 'runstore';
import runstore, { RunStore, RunStoreError } from 'runstore';
import type { CaseData, RunStore as StoreOfSubpath } from 'runstore/store';

const store: RunStore = new RunStore(':memory:');
// The store of runstore/store is one of runstore; its rows have the types of the reference.
declare const ofSubpath: StoreOfSubpath;
const same: RunStore = ofSubpath;
const viaDefault: RunStore = new runstore.RunStore(':memory:');
const viaNamespace: RunStore = new all.RunStore(':memory:');
const cases: CaseData[] = [];
store.saveCases(cases);

export { RunStoreError, same, viaDefault, viaNamespace };
