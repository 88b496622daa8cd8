// A reporter for node:test that writes one line of JSON: how many tests passed, failed and were skipped, and a
// description of each failure.

import { inspect } from 'node:util';

export default async function* reportCounts(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  /** Names of the suites around the test, outermost first. */
  const names = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') names.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { details, nesting, name } = data;
    // A suite fails because one of its tests did, and that has been counted.
    if (details?.type === 'suite' && details.error?.failureType !== 'hookFailed') continue;
    if (isSkipped(data)) counts.skipped++;
    else if (type === 'test:pass') counts.passed++;
    else {
      counts.failed++;
      failures.push(
        `${[...names.slice(0, nesting), name].join(' > ')}\n${inspect(details?.error?.cause ?? details?.error)}`,
      );
    }
  }
  yield `${JSON.stringify({ ...counts, failures })}\n`;
}

const isSkipped = ({ skip, todo }) => (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
