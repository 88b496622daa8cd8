// A reporter for node:test that writes one line of JSON: how many tests passed, failed and were left out.

import { resolve } from 'node:path';

export default async function* countTests(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (type === 'test:fail') counts.failed += data.todo !== undefined && data.todo !== false ? 0 : 1;
    else if (isSkipped(data)) counts.skipped++;
    else if (!isWholeFile(data)) counts.passed++;
  }
  yield `${JSON.stringify(counts)}\n`;
}

const isSkipped = ({ skip, todo }) => (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);

/** node:test reports a file that registers no tests (they need another Node) as one test that passed. */
const isWholeFile = ({ name, file, nesting }) => nesting === 0 && (name === file || resolve(name) === file);
