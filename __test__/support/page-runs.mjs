// Runs for the tests of the page.

import { saveRun } from './runs.mjs';

/** Two runs of the capitals of made-up countries; every eighth is wrong in the second. */
export function saveCapitals(store, cases = 80) {
  const suite_id = store.createSuite('capitals').id;
  const run = (name, isWrong) =>
    saveRun(
      store,
      suite_id,
      Array.from({ length: cases }, (_, at) => ({
        ...{ key: `country-${at}`, input: `What is the capital of country ${at}?`, expected: `City ${at}` },
        output: isWrong(at) ? `The capital is Town ${at}.` : `The capital is City ${at}.`,
        ...{ latency_ms: 100 + at, tokens_in: 12, tokens_out: 5, cost_usd: 0.001, metadata: { level: at % 3 } },
        scores: { exact: isWrong(at) ? 0 : 1 },
      })),
      { name, model: 'model-a' },
    );
  return [run('main-1', () => false), run('pr-2', (at) => at % 8 === 7)];
}
