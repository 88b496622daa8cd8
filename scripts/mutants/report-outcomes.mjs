// A reporter for node:test that writes a line of JSON for each test: its name, its outcome, and the figures that it
// reports by `t.diagnostic('figures: …')`.

import { resolve } from 'node:path';
import { figuresIn } from './figures.mjs';

export default async function* reportOutcomes(events) {
  let last;
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic') {
      const figures = figuresIn(data.message);
      if (figures !== undefined && last !== undefined) yield line({ name: last, figures });
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite' || isSkipped(data)) continue;
    last = data.name;
    yield line({ name: data.name, outcome: outcomeOf(type, data) });
  }
}

const line = (value) => `${JSON.stringify(value)}\n`;

const isSkipped = ({ skip, todo }) => (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);

/** A file that cannot be loaded is reported as a test that failed; one that was killed by a signal has crashed. */
function outcomeOf(type, { name, file, nesting, details }) {
  const isWholeFile = nesting === 0 && (name === file || resolve(name) === file);
  if (!isWholeFile) return type === 'test:pass' ? 'passed' : 'failed';
  if (type === 'test:pass') return 'nothing';
  return details?.error?.signal || details?.error?.exitCode > 1 ? 'crashed' : 'unloadable';
}
