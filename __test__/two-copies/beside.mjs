// Runs a stress in another thread or process beside the test's own, and tells which rows were acknowledged.
// As a process: node beside.mjs <path> <foreign copy> <seed> <steps>, which exits with 0 when all went well.

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { connectionsWith } from './connections.mjs';
import { Stress } from './stress.mjs';

function stressBeside({ path, foreign, seed, steps }) {
  const stress = new Stress({ path, kinds: connectionsWith(foreign), seed, prefix: `beside-${seed}`, alone: false });
  stress.run(steps);
  stress.closeAll();
  return stress.acknowledged;
}

if (isMainThread) {
  const [path, foreign, seed, steps] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(stressBeside({ path, foreign, seed: Number(seed), steps: Number(steps) })));
} else {
  parentPort.postMessage(stressBeside(workerData));
}
