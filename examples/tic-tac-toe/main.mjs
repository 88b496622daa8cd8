import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RunStore } from 'runstore';
import { Agent } from './agent.mjs';
import { benchmarks } from './benchmarks.mjs';
import { printChart } from './chart.mjs';
import { evaluate } from './evaluate.mjs';
import { seeded } from './random.mjs';

const SUITE = 'tic-tac-toe';
/** Games of training after which the agent is evaluated. */
const CHECKPOINTS = [0, 1000, 10_000];

// Without a path: .evals/store.db under the current directory, made when it is not there.
const store = new RunStore(process.argv[2]);
const suite = store.getOrCreateSuite(SUITE);
const agent = new Agent(seeded(42));
const runIds = [];
let trained = 0;
for (const games of CHECKPOINTS) {
  agent.train(games - trained);
  trained = games;
  runIds.push(evaluate({ store, suite, agent, checkpoint: `games-${games}` }));
}

console.log('An agent that learns tic-tac-toe by playing against itself: games solved, by games of training');
const names = benchmarks.map(({ name }) => name);
printChart(store, runIds, names);

const lost = store.getTrajectories(runIds[0], { benchmark: 'perfect', outcome: 'incorrect', limit: 1 }).trajectories[0];
const command = ['trajectories', runIds[0], String(lost.idx), '--benchmark', 'perfect', '--store', store.path];
store.close();
console.log(`\nA game that it lost before it had learned anything\n$ runstore ${command.join(' ')}\n`);
const bin = fileURLToPath(new URL('../../bin/runstore.js', import.meta.url));
process.exitCode = spawnSync(process.execPath, [bin, ...command], { stdio: 'inherit' }).status;
