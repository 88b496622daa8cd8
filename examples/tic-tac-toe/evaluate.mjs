import { benchmarks } from './benchmarks.mjs';
import { EMPTY, other, outcome, play, show } from './game.mjs';
import { seeded } from './random.mjs';

const GAMES = 100;

/** Evaluates a checkpoint of the agent over all benchmarks; returns the id of the run. */
export function evaluate({ store, suite, agent, checkpoint }) {
  const run = store.createRun({
    suite_id: suite.id,
    name: checkpoint,
    model: 'q-table',
    benchmarks: benchmarks.map(({ name }) => name),
    checkpoint: { name: checkpoint },
  });
  for (const benchmark of benchmarks) {
    const opponent = benchmark.opponent(seeded(7));
    for (let idx = 0; idx < GAMES; idx++) playGame({ store, run, agent, benchmark, opponent, idx });
  }
  // The store computes the scores.
  store.finalizeRun(run);
  return run;
}

/** One episode. Each turn is saved as soon as it is over, so that other processes can follow it. */
function playGame({ store, run, agent, benchmark, opponent, idx }) {
  const start = performance.now();
  const say = (role, content, rest) => store.appendTurns(run, benchmark.name, idx, [{ role, content, ...rest }]);
  const mark = idx % 2 === 0 ? 'X' : 'O';
  say('system', `You play ${mark}, X begins. Name a place from 0 to 8.`);
  let board = EMPTY;
  let turn = 'X';
  while (outcome(board) === undefined) {
    const ours = turn === mark;
    const place = ours ? agent.choose(board, mark) : opponent(board, turn);
    if (ours) say('assistant', String(place), { token_count: 1, metadata: { value: agent.value(board, place, mark) } });
    board = play(board, place, turn);
    say('environment', show(board));
    turn = other(turn);
  }
  const ended = outcome(board);
  store.appendTurns(run, benchmark.name, idx, [{ role: 'grader', content: verdict(ended, mark) }], {
    example_id: `${benchmark.name}-${mark}`,
    reward: benchmark.reward(ended, mark),
    metrics: { moves: [...board].filter((one) => one === mark).length },
    logs: { board },
    time_seconds: (performance.now() - start) / 1000,
  });
}

function verdict(ended, mark) {
  if (ended === 'draw') return 'a draw';
  return ended === mark ? 'won' : 'lost';
}
