import { RunStore, RunStoreError } from 'runstore';
import * as store from 'runstore/store';
import { smoke } from './smoke.cjs';

if (store.RunStore !== RunStore) throw new Error('runstore/store is another RunStore');
console.log(JSON.stringify(await smoke({ RunStore, RunStoreError }, './import/store.db')));
