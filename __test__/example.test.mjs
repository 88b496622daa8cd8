// The agent of examples/tic-tac-toe, from its training to its output.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newPath, openStore } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const CHECKPOINTS = ['games-0', 'games-1000', 'games-10000'];

function runExample(path) {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, ...env } = process.env;
  return execFileSync(process.execPath, [join(projectDirectory, 'examples/tic-tac-toe/main.mjs'), path], {
    encoding: 'utf8',
    env: { ...env, COLUMNS: '100' },
  });
}

/** The moves of an episode, followed by rules that are written down here once more. */
function replay({ turns }) {
  const boards = turns.filter(({ role }) => role === 'environment').map(({ content }) => content.replace(/\s/g, ''));
  let before = '.........';
  for (const board of boards) {
    const changed = [...board].flatMap((mark, at) => (mark === before[at] ? [] : [[before[at], mark]]));
    const marks = [...before].filter((mark) => mark !== '.').length;
    assert.deepEqual(changed, [['.', marks % 2 === 0 ? 'X' : 'O']]);
    before = board;
  }
  const lines = /^(?:(?:...)*([XO])\1\1|.{0,2}([XO])..\2..\2|([XO])...\3...\3|..([XO]).\4.\4)/;
  const won = lines.exec(before);
  return won === null ? 'draw' : won.slice(1).find((mark) => mark !== undefined);
}

if (isFirstNode) {
  describe('the example of an agent', () => {
    test('evaluates three checkpoints over two benchmarks, and shows their scores', (t) => {
      const path = newPath(t);
      const printed = runExample(path);
      assert.ok(!printed.includes('\u001b'), 'it is not printed for a terminal');
      const store = openStore(t, path);
      const { runs } = store.queryRuns({ orderBy: 'oldest', benchmark: 'perfect' });
      assert.deepEqual(
        runs.map(({ checkpoint, status }) => [checkpoint.name, status]),
        CHECKPOINTS.map((name) => [name, 'completed']),
      );
      for (const benchmark of ['random', 'perfect']) {
        const scores = runs.map(({ id, name }) => {
          const games = [...store.iterateTrajectories(id, { benchmark })];
          assert.equal(games.length, 100);
          for (const game of games) {
            const mark = game.turns[0].content.match(/You play (.)/)[1];
            const ended = replay(game);
            const solved = ended === mark || (benchmark === 'perfect' && ended === 'draw');
            assert.equal(game.reward, solved ? 1 : 0);
          }
          const solved = games.filter(({ reward }) => reward > 0).length;
          assert.equal(store.getRun(id).scores[benchmark], solved / 100);
          const bar = '█'.repeat(Math.round(solved * 0.4)).padEnd(40, '░');
          assert.ok(
            printed.includes(`  ${name.padEnd(11)}  ${bar}  ${(solved / 100).toFixed(2)}  ${solved} of 100\n`),
            printed,
          );
          return solved;
        });
        assert.ok(scores[0] < scores[1] && scores[1] < scores[2], `${benchmark}: ${scores}`);
      }
      const [, section] = readFileSync(join(projectDirectory, 'examples/README.md'), 'utf8').split(
        'tic-tac-toe/main.mjs`',
      );
      const [, shown] = /```text\n([\s\S]*?)```/.exec(section);
      assert.ok(
        shown.includes('games-10000') && printed.includes(shown.trim()),
        'examples/README.md shows other output',
      );
      assert.match(printed, /\$ runstore trajectories [-0-9a-f]{36} \d+ --benchmark perfect/);
      assert.match(printed, /^grader ─+\n {2}lost$/m);
      assert.match(printed, /^assistant 1 token ─+$/m);
    });

    test('is the same each time', (t) => {
      const withoutIds = (text) => text.replace(/\$ runstore .*|took .*/g, '');
      assert.equal(withoutIds(runExample(newPath(t))), withoutIds(runExample(newPath(t))));
    });
  });
}
