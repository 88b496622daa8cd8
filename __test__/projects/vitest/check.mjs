import { RunStore } from 'runstore';

const store = new RunStore('.evals/store.db');
const counts = store.listRuns().map(({ id, name, status }) => `${name} ${status} ${store.countCases(id)}`);
console.log(JSON.stringify({ suites: store.listSuites().length, runs: counts.sort() }));
