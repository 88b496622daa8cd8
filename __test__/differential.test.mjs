// runstore against the living reference, @deepagents/evals: random operations, ordinary and odd, on both, in memory,
// on files and on borrowed handles. Only the differences that differential/allowed-differences.mjs and
// differential/refusals.mjs list are allowed. The reference needs node:sqlite: Node 24.
//
//   RUNSTORE_DIFFERENTIAL_OPERATIONS   how many operations in all; default 54,000
//   RUNSTORE_DIFFERENTIAL_SEED         of the first sequence in each place, as a failure names it

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { nodeSqlite } from './support/reference-packages.mjs';

const ENOUGH = 50_000;

if (nodeSqlite) {
  const { RunStore } = await import('runstore');
  const { allowedDifferences } = await import('./differential/allowed-differences.mjs');
  const { runCampaign } = await import('./differential/campaign.mjs');
  const { plantedFaults } = await import('./differential/planted-faults.mjs');
  const { refusals } = await import('./differential/refusals.mjs');
  const { places, ReferenceStore } = await import('./differential/sides.mjs');
  await import('./differential/class.mjs');
  await import('./differential/opening.mjs');
  await import('./differential/exchange.mjs');
  await import('./differential/single-cases.mjs');

  const operations = Number(process.env.RUNSTORE_DIFFERENTIAL_OPERATIONS ?? 54_000);
  const givenSeed = process.env.RUNSTORE_DIFFERENTIAL_SEED;
  /** Without a seed from outside, each place sees sequences of its own. */
  const seedOf = (index) => Number(givenSeed ?? 1 + index * 1e6);
  /** Files are slower, and more of memory is seen in the same time. */
  const share = (place) => (place.endsWith('memory') ? 12 : 6) / 54;

  describe('runstore does what the reference does', () => {
    const used = new Set();
    let ran = 0;

    for (const [index, place] of Object.keys(places).entries()) {
      test(`in ${place}`, (t) => {
        const result = runCampaign({
          Store: RunStore,
          operations: operations * share(place),
          seed: seedOf(index),
          among: [place],
        });
        if (result.failure) assert.fail(result.failure);
        for (const name of result.used.keys()) used.add(name);
        ran += result.operations;
        t.diagnostic(`${result.operations} operations in ${result.sequences} sequences`);
      });
    }

    if (operations >= ENOUGH) {
      test('each allowed difference occurs', () => {
        const listed = [...allowedDifferences, ...refusals].map(({ name }) => name);
        assert.ok(ran >= ENOUGH, `${ran} operations`);
        assert.deepEqual(
          listed.filter((name) => !used.has(name)),
          [],
        );
      });
    }

    after(() => console.log(`differential: ${ran} operations were compared`));
  });

  describe('the differential test itself', () => {
    const among = ['memory', 'DatabaseSync in memory', 'DatabaseSync on a file'];

    test('finds no difference of the reference from itself', () => {
      const result = runCampaign({ Store: ReferenceStore, operations: 3000, seed: seedOf(0), adapted: false, among });
      if (result.failure) assert.fail(result.failure);
    });

    for (const [fault, { sign, Store }] of Object.entries(plantedFaults)) {
      test(`finds a store that ${fault}`, () => {
        const result = runCampaign({ Store, operations: 20_000, seed: seedOf(0), adapted: false, among: ['memory'] });
        assert.notEqual(result.failure, undefined);
        const [difference, replay] = result.failure.split('\n');
        assert.match(difference, sign);
        assert.match(replay, /SEED=\d+/);
      });
    }
  });
}
