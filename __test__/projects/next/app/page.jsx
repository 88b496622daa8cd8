import { RunStore } from 'runstore';

export default function Page() {
  const store = new RunStore(':memory:');
  const { id } = store.openRun({ suite: 'capitals', name: 'next', model: 'gpt-x' });
  return <p>{`run ${store.getRun(id).name} is ${store.getRun(id).status}`}</p>;
}
