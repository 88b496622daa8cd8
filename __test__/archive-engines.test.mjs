// What other programs read in an archive: the real evalsig, delta-rs, Polars, DuckDB, ClickHouse and Spark see the same figures in
// one folder.

import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { RunStore } from '../index.js';
import { codeBlocks } from './support/code-blocks.mjs';
import { temporaryDirectory } from './support/connections.mjs';
import { engines } from './support/engines.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

// They are installed where everything is tested, and tell nothing new on a second Node.
if (isFirstNode && !isShort) {
  describe('other programs', () => {
    const root = join(temporaryDirectory({ after }), 'evals');
    const folder = join(root, 'default');
    let archive;
    const store = new RunStore(':memory:');

    before(async () => {
      archive = await Archive.open(root);
      const suite_id = store.createSuite('sums').id;
      for (const [at, model] of ['m/a', 'm::b é', 'm/a'].entries()) {
        const startedAt = Date.UTC(2026, at, 15);
        const runId = store.createRun({ id: `run ${at}/ü`, suite_id, name: 'n', model, config: { at }, startedAt });
        store.saveResults(
          runId,
          Array.from({ length: 20 }, (_, idx) => ({
            idx,
            key: `k${idx}`,
            input: idx,
            cluster: idx < 10 ? 'low' : 'high',
            scores: [
              { scorer_name: 'exact', score: (idx + at) % 4 === 0 ? 1 : 0 },
              { scorer_name: 'judge', score: idx / 20 },
            ],
          })),
        );
        store.finishRun(runId, 'completed', store.getRunSummary(runId));
        await archive.writeRun({ store, runId, verdict: 'ALLOW', delta: 0.25 });
      }
      await archive.close();
    });

    const means = [
      ['exact', 'm/a', 2026, 1, 0.25, 20],
      ['exact', 'm/a', 2026, 3, 0.25, 20],
      ['exact', 'm::b é', 2026, 2, 0.25, 20],
      ['judge', 'm/a', 2026, 1, 0.475, 20],
      ['judge', 'm/a', 2026, 3, 0.475, 20],
      ['judge', 'm::b é', 2026, 2, 0.475, 20],
    ];
    const rounded = (rows) =>
      rows.map((row) => row.map((one) => (typeof one === 'number' ? Number(one.toFixed(12)) : one)));

    test('evalsig lists and loads archived runs', async () => {
      const listed = await engines('evalsig_runs', root, 'default');
      assert.deepEqual(listed, await archive.listRuns());
      const items = await engines('evalsig_items', root, 'default', 'run 0/ü::judge');
      const frame = await archive.loadRun('run 0/ü::judge');
      assert.deepEqual(
        items,
        frame.items.map(({ item_id, score, cluster_id, epoch, metadata }) => [
          item_id,
          score,
          cluster_id,
          epoch,
          metadata,
        ]),
      );
    });

    test('evalsig queries archived runs as we do, and its history has a line for each', async () => {
      const ours = async (query) => (await archive.queryRuns(query)).map(({ run_id }) => run_id).sort();
      const theirs = async (conditions) => (await engines('evalsig_query', root, 'default', conditions)).sort();
      for (const [conditions, query] of [
        [{}, {}],
        [{ model_id: 'm/a' }, { modelId: 'm/a' }],
        [
          { metric_name: 'judge', task_id: 'sums' },
          { metricName: 'judge', taskId: 'sums' },
        ],
        [{ since: '2026-02-01T00:00:00+00:00' }, { since: Date.UTC(2026, 1, 1) }],
        [{ until: '2026-02-01T00:00:00+00:00' }, { until: Date.UTC(2026, 1, 1) }],
        [{ model_id: 'none' }, { modelId: 'none' }],
      ]) {
        assert.deepEqual(await theirs(conditions), await ours(query), JSON.stringify(conditions));
      }
      const [, , ...lines] = await engines('evalsig_history', root, 'default', ['--model-id', 'm/a']);
      const told = lines.map((line) => line.split(/ {2,}/));
      const wanted = (await archive.queryRuns({ modelId: 'm/a' })).map(({ run_id, ts }) => [
        ...[run_id, 'm/a', 'sums', run_id.split('::')[1], '+0.2500', 'ALLOW', ts],
      ]);
      assert.deepEqual(told.sort(), wanted.sort());
    });

    test('Polars and DuckDB read the table by its log', async () => {
      assert.deepEqual(rounded(await engines('delta_means', folder)), means);
      assert.deepEqual(rounded(await engines('duckdb_delta_means', folder)), means);
    });

    test('DuckDB reads the files by their folders', async () => {
      assert.deepEqual(rounded(await engines('duckdb_means', folder)), means);
    });

    describe('the programs of docs/scale.md have the same answers', () => {
      const months = ['exact', 'judge'].flatMap((scorer) =>
        [1, 2, 3].map((month) => [scorer, 2026, month, scorer === 'exact' ? 0.25 : 0.475]),
      );
      // Right in the first or the second run, and wrong in the third.
      const worse = Array.from({ length: 20 }, (_, idx) => idx)
        .filter((idx) => idx % 4 === 0 || idx % 4 === 3)
        .map((idx) => ['exact', `k${idx}`, 0, Number((1 / 3).toFixed(12))])
        .sort(([, a], [, b]) => (a < b ? -1 : 1));
      const programs = codeBlocks(join(projectDirectory, 'docs/scale.md')).filter(({ info }) => info !== '');
      const names = programs.map(({ info }) => info);
      assert.deepEqual(names, ['duckdb', 'clickhouse', 'spark', 'polars']);
      for (const { info: engine, code } of programs) {
        test(engine, async () => {
          const answers = await engines(`${engine}_program`, code.replaceAll('/mnt/evals/default', folder));
          assert.deepEqual(answers.map(rounded), [months, worse]);
        });
      }
    });

    test('another writer keeps away', async () => {
      assert.match(await engines('delta_guarded', folder), /runstoreManaged|writer/i);
      assert.deepEqual((await archive.verify()).problems, []);
      assert.ok(readdirSync(folder).includes('manifest.json'));
    });

    test('without the guard, what another writer appends to the log is a run like any other', async () => {
      const open = await Archive.open(root, { project: 'open', guard: false });
      await open.writeRun({ store, runId: 'run 0/ü' });
      const table = join(root, 'open');
      assert.equal(await engines('delta_append', table, 'appended', [1, 0.5]), 1);
      const ids = ['run 0/ü::exact', 'run 0/ü::judge', 'appended'];
      for (const archived of [open, await Archive.open(root, { project: 'open' })]) {
        const listed = await archived.listRuns();
        assert.deepEqual(
          listed.map(({ run_id }) => run_id),
          ids,
        );
        assert.deepEqual([listed[2].metric_name, listed[2].n_items], ['appended', 2]);
      }
      assert.deepEqual(
        (await open.loadRun('appended')).items.map(({ item_id, score }) => [item_id, score]),
        [
          ['k0', 1],
          ['k1', 0.5],
        ],
      );
      await open.writeRun({ store, runId: 'run 1/ü' });
      await open.close();
      assert.deepEqual(await engines('evalsig_query', root, 'open', { metric_name: 'appended' }), ['appended']);
      assert.equal((await engines('delta_files', table)).files, 5);
      const { problems, unlisted } = await open.verify();
      assert.deepEqual([problems, unlisted], [[], []]);
    });

    test('runs of evalsig are listed and adopted, and ours stay', async () => {
      await engines('evalsig_write', root, 'default', 'theirs', [1, 0.5]);
      const ids = (await archive.listRuns()).map(({ run_id }) => run_id);
      assert.equal(ids.at(-1), 'theirs');
      assert.equal(ids.length, 7);
      const pulled = new RunStore(':memory:');
      await archive.importRun(pulled, 'theirs');
      assert.deepEqual(pulled.getRunSummary('theirs').meanScores, { exact: 0.75 });
      pulled.close();
      await archive.fold();
      assert.equal((await engines('delta_files', folder)).files, 7);
      assert.equal((await engines('evalsig_runs', root, 'default')).length, 7);
      // evalsig writes over its own file.
      await engines('evalsig_write', root, 'default', 'theirs', [0, 0, 0]);
      assert.deepEqual(
        (await archive.loadRun('theirs')).items.map(({ score }) => score),
        [0, 0, 0],
      );
      await archive.fold();
      assert.equal((await archive.listRuns()).at(-1).n_items, 3);
      assert.deepEqual((await archive.verify()).problems, []);
    });

    test('runs are imported while evalsig writes, and all engines agree on them afterwards', async () => {
      const count = 60;
      const live = join(temporaryDirectory({ after }), 'evals');
      const reading = await Archive.open(live);
      const pulled = new RunStore(':memory:');
      const pull = async () => {
        for (const { run_id } of await reading.listRuns()) {
          if (pulled.getRun(run_id) === undefined) await reading.importRun(pulled, run_id);
        }
        return pulled.listRuns().length;
      };
      let isWriting = true;
      const written = engines('evalsig_write_many', live, 'default', count).finally(() => {
        isWriting = false;
      });
      const steps = new Set();
      while (isWriting) steps.add(await pull());
      await written;
      assert.equal(await pull(), count);
      assert.ok(steps.size > 3, `imported while evalsig wrote: ${[...steps]}`);
      const mean = (run) => Number(((run + 4.5) / 100).toFixed(12));
      for (let run = 0; run < count; run += 1) {
        const { totalCases, meanScores } = pulled.getRunSummary(`live ${run}`);
        assert.deepEqual([totalCases, rounded([[meanScores.exact]])], [10, [[mean(run)]]]);
      }
      pulled.close();
      await reading.fold();
      const all = [['exact', 'm', 2026, 1, 0.34, 10 * count]];
      const table = join(live, 'default');
      for (const engine of ['delta_means', 'duckdb_delta_means', 'duckdb_means']) {
        assert.deepEqual(rounded(await engines(engine, table)), all, engine);
      }
      assert.deepEqual(await engines('evalsig_runs', live, 'default'), await reading.listRuns());
      assert.deepEqual((await reading.verify()).problems, []);
    });

    test('our checkpoint replaces the log', async () => {
      const long = await Archive.open(root, { project: 'long' });
      const items = [{ item_id: 'a', score: 0.5 }];
      for (let run = 0; run < 102; run += 1) {
        const frame = { run_id: `r${run}`, model_id: 'm', task_id: 't', metric_name: 'x', items };
        await long.writeRun({ frame, ts: Date.UTC(2026, run % 12, 1) });
      }
      await long.close();
      const log = join(root, 'long/_delta_log');
      for (const name of readdirSync(log).filter((one) => /^0{17}0\d\d\.json$/.test(one))) rmSync(join(log, name));
      assert.deepEqual(await engines('delta_files', join(root, 'long')), { version: 101, files: 102 });
      const counted = async (how) => (await engines(how, join(root, 'long'))).reduce((sum, row) => sum + row[5], 0);
      assert.deepEqual([await counted('delta_means'), await counted('duckdb_delta_means')], [102, 102]);
      const [[[rows]]] = await engines(
        'clickhouse_program',
        `SELECT count() FROM deltaLakeLocal('${join(root, 'long')}')`,
      );
      assert.equal(Number(rows), 102);
      assert.equal((await (await Archive.open(root, { project: 'long' })).listRuns()).length, 102);
    });
  });
}
