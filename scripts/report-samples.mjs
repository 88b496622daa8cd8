// The samples of docs/reports.md: one small run in every format. A test checks that the document is up to date.
//
//   node scripts/report-samples.mjs [--check]

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportRun, importRunFile, writeRunFile } from '../entries/report.js';
import { RunStore } from '../index.js';

const DOCUMENT = fileURLToPath(new URL('../docs/reports.md', import.meta.url));
const STARTED = Date.UTC(2026, 4, 7, 14, 22);

/** The language of each format in the document, and the maximum number of its lines. */
const SAMPLES = {
  json: ['json', 40],
  'summary-json': ['json', 60],
  csv: ['text', 40],
  'csv-cases': ['text', 40],
  jsonl: ['json', 40],
  markdown: ['markdown', 60],
  junit: ['xml', 60],
  ctrf: ['json', 60],
};

/** Three cases: one passes, one fails, one ended with an error. */
function fill(store) {
  const suite_id = store.createSuite('capitals').id;
  store.setThresholds(suite_id, { exact: { passFloor: 0.8, warnFloor: 0.4 } });
  store.createRun({ id: 'nightly-17', suite_id, name: 'nightly', model: 'gpt-x', startedAt: STARTED });
  const score = (id, score, reason) => [{ id, scorer_name: 'exact', score, reason }];
  store.saveResults('nightly-17', [
    {
      ...{ id: 'c1', idx: 0, key: 'peru', input: 'Capital of Peru?', expected: 'Lima', output: 'Lima' },
      ...{ latency_ms: 420, tokens_in: 12, tokens_out: 3, scores: score('s1', 1, 'the same') },
    },
    {
      ...{ id: 'c2', idx: 1, key: 'australia', input: 'Capital of Australia?', expected: 'Canberra', output: 'Sydney' },
      ...{ latency_ms: 510, tokens_in: 12, tokens_out: 4, scores: score('s2', 0, 'another city') },
    },
    {
      id: 'c3',
      idx: 2,
      key: 'kiribati',
      input: 'Capital of Kiribati?',
      expected: 'Tarawa',
      error: 'timeout after 30 s',
    },
  ]);
  store.finishRun('nightly-17', 'completed');
}

/** Returns a store with the run. Its times and ids are always the same, because it was imported from an edited file. */
function store(folder) {
  const first = new RunStore(':memory:');
  fill(first);
  const { path } = writeRunFile(first, 'nightly-17', { resultsDir: folder });
  const file = JSON.parse(readFileSync(path, 'utf8'));
  const { owner_pid, owner_host, owner_marks, heartbeat_at, ...run } = file.runstore.runs[0].run;
  file.runstore.runs[0].suite = { id: 'suite-1', name: 'capitals', created_at: STARTED };
  file.runstore.runs[0].run = { ...run, suite_id: 'suite-1', finished_at: STARTED + 31_000 };
  writeFileSync(path, JSON.stringify(file));
  const second = new RunStore(':memory:');
  importRunFile(second, path);
  return second;
}

function sample(from, format) {
  const [language, most] = SAMPLES[format];
  const lines = exportRun(from, 'nightly-17', { format })
    .replace(/^\ufeff/, '')
    .replaceAll('\r', '')
    .trimEnd()
    .split('\n');
  const shown = lines.slice(0, most).map((line) => (line.length > 240 ? `${line.slice(0, 240)}…` : line));
  if (lines.length > most) shown.push('…');
  const fence = '`'.repeat(3);
  return `${fence}${language}\n${shown.join('\n')}\n${fence}`;
}

/** Returns the document with its samples as they are now. */
export function withSamples() {
  const folder = mkdtempSync(join(tmpdir(), 'runstore-samples-'));
  try {
    const from = store(folder);
    return Object.keys(SAMPLES).reduce(
      (text, format) => {
        const section = new RegExp(`(<!-- sample ${format}:begin -->\n)[^]*?(<!-- sample ${format}:end -->)`);
        if (!section.test(text)) throw new Error(`docs/reports.md has no sample of ${format}`);
        return text.replace(section, (_, begin, end) => `${begin}\n${sample(from, format)}\n\n${end}`);
      },
      readFileSync(DOCUMENT, 'utf8'),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = withSamples();
  if (!process.argv.includes('--check')) writeFileSync(DOCUMENT, text);
  else if (text !== readFileSync(DOCUMENT, 'utf8')) {
    console.error('docs/reports.md: its samples are out of date; run "npm run docs"');
    process.exitCode = 1;
  }
}
