// A CommonJS module.

import runstore = require('runstore');
import subpath = require('runstore/store');

const { RunStore, RunStoreError } = runstore;
const store: runstore.RunStore = new RunStore(':memory:');
const same: runstore.RunStore = new subpath.RunStore(':memory:');
const cases: subpath.CaseData[] = [];
store.saveCases(cases);

export = { RunStoreError, same };
