// A CommonJS module.

import runstore = require('runstore');
import subpath = require('runstore/store');

const { RunStore, RunStoreError } = runstore;
const store: runstore.RunStore = new RunStore(':memory:');
const same: subpath.RunStore = store;
const cases: subpath.CaseData[] = [];
store.saveCases(cases);

export = { RunStoreError, same };
