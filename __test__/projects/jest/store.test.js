const { RunStore, RunStoreError } = require('runstore');
const { wilsonInterval } = require('runstore/statistics');

test('what a store returns is strictly equal to literals of the test', () => {
  const store = new RunStore(':memory:');
  const { id } = store.openRun({ suite: 'capitals', name: 'jest', model: 'gpt-x', startedAt: new Date(0) });
  store.saveResults(id, [{ idx: 0, key: 'fr', input: { of: 'France' }, output: 'Paris', scores: { exact: 1 } }]);
  expect(store.missingCases(id, ['fr', 'pe'])).toStrictEqual(['pe']);
  expect(store.getRunSummary(id).meanScores).toStrictEqual({ exact: 1 });
  expect(store.getCases(id)[0].input).toStrictEqual({ of: 'France' });
  expect(wilsonInterval(0, 10)).toStrictEqual({ low: 0, high: expect.closeTo(0.2775, 4), level: 0.95 });
});

test('an error is one of the class that is exported', () => {
  expect(() => new RunStore('')).toThrow(RunStoreError);
});
