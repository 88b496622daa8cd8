// How often a judge agrees with people. The figures of the functions are checked in tests/agreement_vectors.rs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { judgeAgreement } from 'runstore/comparison';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';

const scored = (idx, scores) => ({ ...newCase(undefined, { idx, input: `question ${idx}` }), scores });

onEveryConnection((open) => {
  test('judgeAgreement counts who scored what, and how often they agree', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      scored(0, { human: 1, judge: 1 }),
      scored(1, { human: 1, judge: 1 }),
      scored(2, { human: 0, judge: 0 }),
      scored(3, { human: 0, judge: 1 }),
      scored(4, { human: 1 }),
      scored(5, { judge: 0 }),
      scored(6, { judge: 1 }),
      scored(7, {}),
    ]);
    const agreement = await judgeAgreement(store, id, { judge: 'judge', human: 'human' });
    assert.deepEqual([agreement.n, agreement.onlyHuman, agreement.onlyJudge], [4, 1, 2]);
    assert.equal(agreement.agreement.estimate, 0.75);
    // Expected by chance: 0.5 · 0.75 + 0.5 · 0.25 = 0.5; (0.75 − 0.5)/(1 − 0.5).
    assert.equal(agreement.kappa.estimate, 0.5);
    assert.deepEqual(agreement.confusion, {
      categories: [0, 1],
      counts: [
        [1, 1],
        [0, 2],
      ],
    });
    assert.equal(agreement.bias.estimate, 0.25);
    assert.equal(agreement.humanMean.humanOnly.estimate, 0.6);
    assert.ok(agreement.humanMean.withJudge.low <= agreement.humanMean.withJudge.estimate);
  });

  test('the figures are those of other packages', async (t) => {
    const store = open(t);
    const path = new URL('../tests/fixtures/agreement-vectors.json', import.meta.url);
    const vectors = JSON.parse(readFileSync(path, 'utf8'));
    const near = (got, expected) => assert.ok(Math.abs(got - expected) < 1e-9, `${got} is not ${expected}`);

    const [kappa, , weighted] = vectors.kappa;
    const rated = await newRun(store);
    await store.saveResults(
      rated,
      kappa.one.map((human, idx) => scored(idx, { human, judge: kappa.other[idx] })),
    );
    const options = { judge: 'judge', human: 'human' };
    const agreement = await judgeAgreement(store, rated, options);
    near(agreement.kappa.estimate, kappa.estimate);
    near(agreement.kappa.low, Math.max(-1, kappa.estimate - 1.959963984540054 * kappa.standard_error));
    near(agreement.weightedKappa.estimate, weighted.estimate);
    const wider = await judgeAgreement(store, rated, { ...options, level: 0.99 });
    near(wider.kappa.low, Math.max(-1, kappa.estimate - 2.5758293035489004 * kappa.standard_error));

    const [mean] = vectors.mean;
    const labelled = await newRun(store);
    await store.saveResults(labelled, [
      ...mean.labels.map((human, idx) => scored(idx, { human, judge: mean.predictions[idx] })),
      ...mean.unlabeled.map((judge, at) => scored(mean.labels.length + at, { judge })),
    ]);
    const { humanMean } = await judgeAgreement(store, labelled, options);
    near(humanMean.withJudge.estimate, mean.estimate);
    near(humanMean.withJudge.low, mean.low);
    near(humanMean.withJudge.high, mean.high);
    near(humanMean.lambda, mean.lambda);
  });

  test('judgeAgreement compares what passes with a threshold', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      scored(0, { human: 1, judge: 0.9 }),
      scored(1, { human: 1, judge: 0.5 }),
      scored(2, { human: 0, judge: 0.6 }),
      scored(3, { human: 0, judge: 0.2 }),
    ]);
    const options = { judge: 'judge', human: 'human' };
    assert.equal((await judgeAgreement(store, id, options)).agreement.estimate, 0);
    const { threshold, agreement, confusion } = await judgeAgreement(store, id, { ...options, threshold: 0.5 });
    assert.deepEqual([threshold, agreement.estimate], [0.5, 0.75]);
    assert.deepEqual(confusion, {
      categories: [0, 1],
      counts: [
        [1, 1],
        [0, 2],
      ],
    });
    await assert.rejects(
      async () => judgeAgreement(store, id, { ...options, threshold: Number.NaN }),
      /options\.threshold/,
    );
  });

  test('judgeAgreement refuses scorers that the run does not have', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [scored(0, { human: 1, judge: 1 })]);
    const refused = async (options) => judgeAgreement(store, id, options);
    await assert.rejects(refused({ judge: 'jury', human: 'human' }), /judgeAgreement: options\.judge must be a scorer/);
    await assert.rejects(refused({ judge: 'human', human: 'human' }), /cannot be compared with itself/);
    await assert.rejects(refused({ judge: 'judge' }), /options\.human/);
    await assert.rejects(refused({ judge: 'judge', human: 'human', levle: 0.9 }), /did you mean level/);
    await assert.rejects(async () => judgeAgreement(store, 'none', { judge: 'a', human: 'b' }), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
    });
  });
});
