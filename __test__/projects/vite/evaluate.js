import { RunStore } from 'runstore';
import { compare } from 'runstore/comparison';

const store = new RunStore(':memory:');
const { id } = store.openRun({ suite: 'capitals', name: 'vite', model: 'gpt-x' });
console.log(typeof compare, store.getRun(id).name);
