// How long exports take, and how much memory: each in a process of its own, on a store of so many cases with three scores
// each. And the run file of 10,000 cases beside JSON.stringify of what getCases and getFailingCases(Infinity) return.
//
//   npm run bench:report -- [cases]    after `npm run build`; 100000 unless told otherwise

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveRun, exportRun, writeRunFile } from '../entries/report.js';
import { RunStore } from '../index.js';

const FORMATS = ['json', 'summary-json', 'csv', 'csv-cases', 'jsonl', 'markdown', 'junit', 'ctrf', 'zip'];
const FEW = 10_000;
const ROUNDS = 5;

function fill(path, cases) {
  const store = new RunStore(path);
  const suite_id = store.createSuite('bench').id;
  const run = store.createRun({ id: 'run', suite_id, name: 'bench', model: 'm' });
  const answer = 'An answer of some length, as models give them. '.repeat(10);
  const rows = function* () {
    for (let idx = 0; idx < cases; idx++) {
      const scores = ['exact', 'similarity', 'tone'].map((scorer_name, at) => ({
        scorer_name,
        score: ((idx * 7 + at) % 10) / 10,
        reason: `because of reason number ${idx % 100}, which takes a line`,
      }));
      yield {
        idx,
        key: `case-${idx}`,
        input: { question: `${answer.slice(0, 300)} ${idx}` },
        output: answer,
        expected: 'an answer',
        latency_ms: idx % 1000,
        tokens_in: 100,
        tokens_out: 50,
        scores,
      };
    }
  };
  store.saveResults(run, rows());
  store.finishRun(run, 'completed');
  store.setThresholds(suite_id, { exact: { passFloor: 0.5 } });
  store.close();
}

/** In a process of its own: time in ms, peak of its memory in MB, and size of the file. */
function measureExport(path, format, folder) {
  const store = new RunStore(path, { readOnly: true });
  const out = join(folder, `export.${format}`);
  const start = performance.now();
  if (format === 'zip') archiveRun(store, 'run', out);
  else exportRun(store, 'run', { format, path: out });
  const ms = performance.now() - start;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const { size } = statSync(out);
  rmSync(out);
  return { ms, megabytes, size };
}

function measureBaseline(path, folder) {
  const store = new RunStore(path, { readOnly: true });
  const timed = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const median = (times) => times.sort((one, other) => one - other)[times.length >> 1];
  const pairs = Array.from({ length: ROUNDS }, () => [
    timed(() => writeRunFile(store, 'run', { resultsDir: folder })),
    timed(() => JSON.stringify([store.getCases('run'), store.getFailingCases('run', Infinity)])),
  ]);
  return { file: median(pairs.map(([file]) => file)), stringify: median(pairs.map(([, text]) => text)) };
}

const [role, ...args] = process.argv.slice(2);
if (role === 'export') console.log(JSON.stringify(measureExport(...args)));
else if (role === 'baseline') console.log(JSON.stringify(measureBaseline(...args)));
else {
  const cases = Number(role ?? 100_000);
  const folder = mkdtempSync(join(tmpdir(), 'runstore-bench-'));
  const self = fileURLToPath(import.meta.url);
  const child = (...rest) => JSON.parse(execFileSync(process.execPath, [self, ...rest], { encoding: 'utf8' }));
  try {
    const few = join(folder, 'few.db');
    fill(few, FEW);
    const { file, stringify } = child('baseline', few, folder);
    console.log(
      `${FEW} cases, medians of ${ROUNDS}: run file ${file.toFixed(0)} ms, JSON.stringify ${stringify.toFixed(0)} ms`,
    );
    const many = join(folder, 'many.db');
    fill(many, cases);
    for (const format of FORMATS) {
      const small = child('export', few, format, folder);
      const { ms, megabytes, size } = child('export', many, format, folder);
      console.log(
        `${format}, ${cases} cases: ${(ms / 1000).toFixed(2)} s, ${(size / 1e6).toFixed(1)} MB; ` +
          `peak memory ${megabytes.toFixed(0)} MB, with ${FEW} cases ${small.megabytes.toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
