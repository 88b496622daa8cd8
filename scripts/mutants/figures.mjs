// The figures that tests report: the numbers of rounds, kills, faults or rows.

import { nodeId, rustId } from './list.mjs';

const MARK = /^figures: (.+)$/;

/** Returns the figures in a line that a test wrote, `undefined` where there are none. */
export function figuresIn(line) {
  return MARK.exec(line)?.[1];
}

/** Returns the figures in what cargo shows of the output of tests that passed, by test. */
export function figuresOfCargo(target, output) {
  const figures = {};
  let id;
  for (const line of output.split('\n')) {
    const [, test] = /^---- (\S+) stdout ----$/.exec(line) ?? [];
    if (test !== undefined) id = rustId(target, test);
    const found = figuresIn(line);
    if (found !== undefined && id !== undefined) figures[id] = joined(figures[id], found);
  }
  return figures;
}

/** A test may report several figures. */
const joined = (before, found) => (before === undefined ? found : `${before}; ${found}`);

/** Returns the figures in what `report-outcomes.mjs` wrote of a file, by test. */
export function figuresOfNode(file, output) {
  const figures = {};
  for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
    const { name, figures: found } = JSON.parse(line);
    const id = nodeId(file, name);
    if (found !== undefined) figures[id] = joined(figures[id], found);
  }
  return figures;
}
