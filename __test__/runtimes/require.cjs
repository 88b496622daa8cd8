const runstore = require('runstore');
const { smoke } = require('./smoke.cjs');

if (require('runstore/store').RunStore !== runstore.RunStore) throw new Error('runstore/store is another RunStore');
smoke(runstore, './require/store.db').then((result) => console.log(JSON.stringify(result)));
