// What callers may and may not write of runstore/promises. Compiled only, by types.test.mjs.

import type { CaseRow, HistoryRow, RunRow, RunSummary, SuiteRow } from 'runstore';
import { type Comparison, compare, compareRuns, type GateReport, gate } from 'runstore/comparison';
import { type Abortable, type AbortSignalLike, RunStore, RunStoreError } from 'runstore/promises';

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(..._: Same<A, B> extends true ? [] : ['the types differ']): void {}

new RunStore();
new RunStore(null);
new RunStore('a.db', { readOnly: true, busyTimeoutMs: 100, durability: 'full' });
// @ts-expect-error a handle belongs to its thread
new RunStore({ exec() {}, prepare() {} });

declare const store: RunStore;
declare const signal: AbortSignalLike;
const abortable: Abortable = { signal };

same<typeof store.path, string>();
// @ts-expect-error read-only
store.path = 'b.db';

const opened: Promise<RunStore> = RunStore.open('a.db', { readOnly: true });
const suite: Promise<SuiteRow> = store.createSuite('name');
const none: Promise<SuiteRow | undefined> = store.getSuite('id', abortable);
const run: Promise<RunRow | undefined> = store.getRun('id');
const changed: Promise<void> = store.renameRun('id', 'name', { signal });
const saved: Promise<void> = store.saveCases([]);
const ids: Promise<string[]> = store.saveResults('run', [{ idx: 0, input: 1 }], { signal });
const replaced: Promise<string[]> = store.saveResults('run', [], { onConflict: 'replace', signal });
const missing: Promise<string[]> = store.missingCases('run', new Set<string>(), { signal });
const idxs: Promise<number[]> = store.missingCases('run', [0, 1]);
const cases: Promise<CaseRow[]> = store.getCases('run', { signal });
const summary: Promise<RunSummary> = store.getRunSummary('run', 0.5, { signal });
const rows: Promise<HistoryRow[]> = store.history('suite', { scorer: 'exact' }, { signal });
const closed: Promise<void> = store.close();
const disposed: Promise<void> = store[Symbol.asyncDispose]();
// @ts-expect-error a promise
const noPromise: SuiteRow = store.createSuite('name');
// @ts-expect-error a number is no name
store.createSuite(1);
// @ts-expect-error a signal is something else
store.getCases('run', { signal: 5 });
// @ts-expect-error there is no way to close at once
store[Symbol.dispose]();

async function loop(): Promise<unknown[]> {
  for await (const row of store.iterateCases('run', { batchSize: 10, signal })) same<typeof row, CaseRow>();
  // @ts-expect-error only with await
  for (const row of store.iterateCases('run')) console.log(row);
  await using mine = new RunStore(':memory:');
  const report: GateReport = await gate(mine, 'a', 'b');
  const comparison: Comparison = await compare(mine, 'a', 'b', { alpha: 0.05 });
  const { regression } = await compareRuns(mine, 'a', 'b');
  return [await mine.recordVerdict(report), comparison, regression];
}

export {
  cases,
  changed,
  closed,
  disposed,
  ids,
  idxs,
  loop,
  missing,
  none,
  noPromise,
  opened,
  RunStoreError,
  replaced,
  rows,
  run,
  saved,
  suite,
  summary,
};
