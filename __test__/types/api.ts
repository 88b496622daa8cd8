// What callers may and may not write. Compiled only, by types.test.mjs: a line marked @ts-expect-error that
// compiles is an error, and so is any other line that does not.

import {
  type BackupReport,
  type BaselineRow,
  type BenchmarkResultRow,
  type BenchmarkSummary,
  type CaseData,
  type CaseIterable,
  type CaseResult,
  type CaseRow,
  type CaseWithScores,
  type DamagedValue,
  type DatabaseHandle,
  type DoctorReport,
  type Findings,
  type HistoryRow,
  type NewCase,
  type NewRun,
  type NewScore,
  type PromptRow,
  type PruneReport,
  type RecoverReport,
  type RunDelta,
  type RunOwnerRow,
  type RunPage,
  type RunReport,
  type RunRow,
  RunStore,
  RunStoreError,
  type RunStoreErrorCode,
  type RunStoreOptions,
  type RunSummary,
  type ScoreData,
  type ScoreRow,
  type ScorerTrend,
  type SuiteRow,
  type TrajectoryIterable,
  type TrajectoryPage,
  type TrajectoryRow,
  type VacuumReport,
  type VerdictRow,
} from 'runstore';
import type { GateReport } from 'runstore/comparison';
import {
  type MergeConflict,
  type MergeConflictError,
  type MergeReport,
  merge,
  type SalvageReport,
  salvage,
} from 'runstore/maintenance';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(..._: Same<A, B> extends true ? [] : ['the types differ']): void {}

// Opening

new RunStore();
new RunStore(undefined);
new RunStore(null);
new RunStore(':memory:');
new RunStore('a.db', { readOnly: true, busyTimeoutMs: 100, durability: 'full' });
new RunStore('a.db', {});
// @ts-expect-error a number is no path
new RunStore(1);
// @ts-expect-error neither is a URL
new RunStore(new Error('no URL without DOM or Node types'));
// @ts-expect-error a handle needs exec and prepare
new RunStore({ exec() {} });
// @ts-expect-error no such durability
new RunStore('a.db', { durability: 'none' });
// @ts-expect-error no such option
new RunStore('a.db', { readonly: true });
// @ts-expect-error a class
RunStore();

declare const store: RunStore;
declare const anyCase: CaseData;
same<typeof store.path, string | null>();
// @ts-expect-error read-only
store.path = 'b.db';

// Results of every method

same<ReturnType<RunStore['createSuite']>, SuiteRow>();
same<ReturnType<RunStore['getSuite']>, SuiteRow | undefined>();
same<ReturnType<RunStore['findSuiteByName']>, SuiteRow | undefined>();
same<ReturnType<RunStore['listSuites']>, SuiteRow[]>();
same<ReturnType<RunStore['renameSuite']>, void>();
same<ReturnType<RunStore['deleteSuite']>, void>();
same<ReturnType<RunStore['createRun']>, string>();
same<ReturnType<RunStore['finishRun']>, void>();
same<ReturnType<RunStore['getRun']>, RunRow | undefined>();
same<ReturnType<RunStore['listRuns']>, RunRow[]>();
same<ReturnType<RunStore['getLatestCompletedRun']>, RunRow | undefined>();
same<ReturnType<RunStore['renameRun']>, void>();
same<ReturnType<RunStore['resetRun']>, void>();
same<ReturnType<RunStore['deleteRun']>, void>();
same<ReturnType<RunStore['saveCases']>, void>();
same<ReturnType<RunStore['saveScores']>, void>();
same<ReturnType<RunStore['saveResults']>, string[]>();
same<ReturnType<RunStore['countCases']>, number>();
same<ReturnType<RunStore['getRunSummary']>, RunSummary>();
same<ReturnType<RunStore['createPrompt']>, PromptRow>();
same<ReturnType<RunStore['listPrompts']>, PromptRow[]>();
same<ReturnType<RunStore['getPrompt']>, PromptRow | undefined>();
same<ReturnType<RunStore['getLatestPrompt']>, PromptRow | undefined>();
same<ReturnType<RunStore['getPromptVersion']>, PromptRow | undefined>();
same<ReturnType<RunStore['deletePrompt']>, void>();
same<ReturnType<RunStore['setBaseline']>, void>();
same<ReturnType<RunStore['setThresholds']>, void>();
same<ReturnType<RunStore['getScorecard']>['verdict'], 'pass' | 'warn' | 'fail' | 'none'>();
same<ReturnType<RunStore['getBaseline']>, BaselineRow | undefined>();
same<ReturnType<RunStore['listBaselines']>, BaselineRow[]>();
same<ReturnType<RunStore['removeBaseline']>, boolean>();
same<ReturnType<RunStore['recordVerdict']>, string>();
same<ReturnType<RunStore['listVerdicts']>, VerdictRow[]>();
same<ReturnType<RunStore['history']>, HistoryRow[]>();
same<ReturnType<RunStore['trend']>, ScorerTrend>();
same<ReturnType<RunStore['updateRun']>, void>();
same<ReturnType<RunStore['queryRuns']>, RunPage>();
same<ReturnType<RunStore['getRunReport']>, RunReport>();
same<ReturnType<RunStore['saveBenchmarkResult']>, void>();
same<ReturnType<RunStore['getBenchmarkResult']>, BenchmarkResultRow | undefined>();
same<ReturnType<RunStore['listBenchmarks']>, string[]>();
same<ReturnType<RunStore['finalizeRun']>, RunRow>();
same<ReturnType<RunStore['readSummary']>, Record<string, BenchmarkSummary> | undefined>();
same<ReturnType<RunStore['saveTrajectories']>, void>();
same<ReturnType<RunStore['appendTurns']>, number>();
same<ReturnType<RunStore['getTrajectories']>, TrajectoryPage>();
same<ReturnType<RunStore['getTrajectory']>, TrajectoryRow | undefined>();
same<ReturnType<RunStore['iterateTrajectories']>, TrajectoryIterable>();
same<ReturnType<RunStore['resumeRun']>, void>();
same<ReturnType<RunStore['getRunOwner']>, RunOwnerRow | undefined>();
same<ReturnType<RunStore['recoverRuns']>, RecoverReport>();
same<ReturnType<RunStore['close']>, void>();

same<ReturnType<typeof untyped>, [CaseRow[], CaseIterable, CaseWithScores[], CaseRow[]]>();
function untyped(): [CaseRow[], CaseIterable, CaseWithScores[], CaseRow[]] {
  return [store.getCases('r'), store.iterateCases('r'), store.getFailingCases('r'), store.failedCases('r')];
}

// Runs

const run: NewRun = { suite_id: 's', name: 'n', model: 'm', config: { a: 1 }, id: 'r', tags: ['x'], metadata: {} };
same<typeof run.suite_id, string>();
store.createRun(run);
store.createRun({ suite_id: 's', name: 'n', model: 'm' });
// @ts-expect-error the model is required
store.createRun({ suite_id: 's', name: 'n' });
// @ts-expect-error tags are strings
store.createRun({ ...run, tags: [1] });
// @ts-expect-error a run is finished as completed or failed
store.finishRun('r', 'running');
store.finishRun('r', 'failed');
store.finishRun('r', 'completed', store.getRunSummary('r'));
store.listRuns();
store.listRuns(null);
store.getLatestCompletedRun('s', null);
same<RunRow['status'], 'running' | 'completed' | 'failed'>();
same<RunRow['finished_at'], number | null>();
same<RunRow['tags'], string[] | undefined>();
store.createRun({
  ...run,
  checkpoint: { name: 'c' },
  benchmarks: ['b'],
  git: true,
  startedAt: new Date(0),
  label: 'l',
});
store.createRun({ ...run, git: { commit: 'abc' }, startedAt: 1 });
// @ts-expect-error a checkpoint has a name or a path
store.createRun({ ...run, checkpoint: 'c' });
// @ts-expect-error no such state
store.createRun({ ...run, git: { sha: 'abc' } });
store.updateRun('r', { tags: ['a'], metadata: null });
// @ts-expect-error the name is changed by renameRun
store.updateRun('r', { name: 'n' });
store.queryRuns();
store.resumeRun('r');
store.resumeRun('r', { olderThanMs: 0 });
// @ts-expect-error a number of milliseconds
store.resumeRun('r', { olderThanMs: '2h' });
store.recoverRuns();
store.recoverRuns({ suiteId: 's', olderThanMs: 1, dryRun: true });
// @ts-expect-error no such option
store.recoverRuns({ force: true });
store.queryRuns({ tag: 'a', since: new Date(0), until: 1, orderBy: 'oldest', cursor: null });
// @ts-expect-error no such order
store.queryRuns({ orderBy: 'name' });
store.saveBenchmarkResult('r', { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1, pass_at_k: { 1: 1 } });
// @ts-expect-error the score is required
store.saveBenchmarkResult('r', { benchmark: 'b', num_examples: 1, num_correct: 1 });
store.finalizeRun('r', { status: 'failed' });
store.saveTrajectories('r', [{ benchmark: 'b', idx: 0, turns: [{ role: 'tool', content: [{ type: 'text' }] }] }]);
// @ts-expect-error no such role
store.saveTrajectories('r', [{ benchmark: 'b', idx: 0, turns: [{ role: 'human', content: '' }] }]);
// @ts-expect-error the index is required
store.saveTrajectories('r', [{ benchmark: 'b' }]);
store.appendTurns('r', 'b', 0, [], { reward: 1, error: null });
store.getTrajectories('r', { outcome: 'correct', cursor: null, limit: 1 });
// @ts-expect-error no such outcome
store.getTrajectories('r', { outcome: 'wrong' });

// Cases and scores: the id may be left out where they are saved, and is there where they are read

same<CaseData['id'], string>();
same<ScoreData['id'], string>();
same<NewCase['id'], string | undefined>();
same<NewScore['id'], string | undefined>();
const { id: _, ...withoutId } = anyCase;
const newCase: NewCase = withoutId;
// @ts-expect-error data that code reads the id of has one
const data: CaseData = withoutId;
store.saveCases([anyCase, newCase]);
store.saveCases(new Set([anyCase]));
store.saveCases(
  (function* () {
    yield newCase;
  })(),
);
// @ts-expect-error one case is not a list of cases
store.saveCases(anyCase);
// @ts-expect-error the output has to be named, even if it is null
store.saveCases([{ run_id: 'r', idx: 0, input: 1, latency_ms: 1, tokens_in: 1, tokens_out: 1 }]);
store.saveScores([{ case_id: 'c', scorer_name: 's', score: 1 }]);
store.saveScores([{ id: 'x', case_id: 'c', scorer_name: 's', score: 1, reason: 'r', answer: 'a', metadata: { a: 1 } }]);
// @ts-expect-error a score is a number
store.saveScores([{ case_id: 'c', scorer_name: 's', score: '1' }]);

const result: CaseResult = { idx: 0, input: { any: ['json'] } };
store.saveResults('r', [result]);
store.saveResults('r', [
  {
    id: 'c',
    idx: 1,
    input: null,
    output: null,
    error: 'timeout',
    key: 'k',
    trial: 2,
    benchmark: 'b',
    cluster: 'c',
    metadata: {},
    cost_usd: 0.1,
    started_at: 1,
    scores: new Set([{ scorer_name: 's', score: 0 }]),
  },
]);
same<ReturnType<typeof missing>, [string[], number[]]>();
function missing(keys: string[], idxs: Set<number>): [string[], number[]] {
  return [store.missingCases('r', keys), store.missingCases('r', idxs)];
}
// @ts-expect-error a key or a position
store.missingCases('r', [true]);
store.saveResults('r', [result], { onConflict: 'replace' });
store.saveResults('r', [result], null);
// @ts-expect-error no such choice
store.saveResults('r', [result], { onConflict: 'update' });
// @ts-expect-error the run is the first argument
store.saveResults('r', [{ ...result, run_id: 'r' }]);
// @ts-expect-error its case is the one it stands in
store.saveResults('r', [{ ...result, scores: [{ case_id: 'c', scorer_name: 's', score: 0 }] }]);
// @ts-expect-error the input is required
store.saveResults('r', [{ idx: 0 }]);

same<CaseRow['id'], string>();
same<CaseRow['input'], unknown>();
same<CaseRow['output'], string | null>();
same<CaseRow['latency_ms'], number | null>();
same<CaseRow['tokens_in'], number | null>();
same<CaseRow['error'], string | null>();
same<CaseWithScores['scores'][number]['score'], number>();
same<CaseWithScores['scores'][number]['reason'], string | null>();
same<ScoreRow['reason'], string | null>();
same<RunSummary['meanScores'], Record<string, number>>();

// Beyond single runs

store.setBaseline('s', 'r');
store.setBaseline('s', 'r', 'release');
// @ts-expect-error the suite and the run
store.setBaseline('r');
// @ts-expect-error which one is said, so that none is removed by mistake
store.removeBaseline('s');
same<BaselineRow['run'], RunRow>();
declare const report: GateReport;
store.recordVerdict(report);
// @ts-expect-error a comparison decides nothing
store.recordVerdict(report.comparison);
same<VerdictRow['decision'], GateReport['decision']>();
same<VerdictRow['scorers'][number]['p_value'], number | null>();
store.listVerdicts();
store.listVerdicts({ suiteId: 's', runId: 'r', limit: 10 });
// @ts-expect-error no such option
store.listVerdicts({ suite: 's' });
store.history('s');
store.history('s', { scorer: 'exact', model: 'm', since: new Date(0), limit: 10, baseline: 'release' });
store.history('s', { since: 0 });
// @ts-expect-error a time
store.history('s', { since: 'yesterday' });
same<HistoryRow['delta_previous'], RunDelta | null>();
store.trend('s', { scorer: 'exact', model: 'm', last: 10, alpha: 0.1 });
// @ts-expect-error the scorer is required
store.trend('s', {});
same<ScorerTrend['direction'], 'rising' | 'falling' | 'flat' | null>();

// Iteration, both ways

for (const row of store.iterateCases('r')) same<typeof row, CaseRow>();
async function readAll() {
  for await (const row of store.iterateCases('r', { batchSize: 10 })) same<typeof row, CaseRow>();
}
// @ts-expect-error no such option
store.iterateCases('r', { size: 10 });

// Errors

const error = new RunStoreError('ERR_RUNSTORE_BUSY', 'busy', { cause: 1 });
same<typeof error.code, RunStoreErrorCode>();
same<typeof error.sqliteCode, number | undefined>();
same<typeof error.damaged, DamagedValue[] | undefined>();
same<typeof error.readable, unknown>();
// @ts-expect-error no such code
new RunStoreError('BUSY', 'busy');
try {
  store.close();
} catch (caught) {
  if (caught instanceof RunStoreError) same<typeof caught, RunStoreError>();
  // @ts-expect-error no such code
  if (caught instanceof RunStoreError && caught.code === 'ERR_BUSY') throw caught;
}

// Care

same<ReturnType<RunStore['doctor']>, DoctorReport>();
same<ReturnType<RunStore['backup']>, BackupReport>();
same<ReturnType<RunStore['prune']>, PruneReport>();
same<ReturnType<RunStore['vacuum']>, VacuumReport>();
same<DoctorReport['integrity'], Findings<string>>();
same<DoctorReport['staleRuns']['first'][number]['ageMs'], number>();
same<PruneReport['bytesAfter'], number | null>();
store.doctor();
store.doctor({ staleAfterMs: 1, fix: true, failStaleRuns: true });
// @ts-expect-error no such option
store.doctor({ repair: true });
store.backup('copy.db');
store.backup('copy.db', { onProgress: ({ donePages, totalPages }) => donePages / totalPages });
// @ts-expect-error a backup needs a path
store.backup();
store.prune({ keep: 1, olderThanMs: 2, maxBytes: 3, suiteId: 's', dryRun: true });
// @ts-expect-error something has to say what goes
store.prune();

same<ReturnType<typeof merge>, MergeReport>();
same<ReturnType<typeof salvage>, SalvageReport>();
merge('out.db', ['a.db', 'b.db'], { uniteSuites: true });
merge('out.db', new Set(['a.db']));
// @ts-expect-error several inputs, as one argument
merge('out.db', 'a.db', 'b.db');
// @ts-expect-error a salvage needs a place for what it reads
salvage('a.db');
declare const mergeConflict: MergeConflictError;
same<typeof mergeConflict.conflicts, Findings<MergeConflict>>();
same<typeof mergeConflict.code, RunStoreErrorCode>();

// `using`, without any types of Node and with no newer lib than es2022

function scoped(): number {
  using scopedStore = new RunStore(':memory:');
  return scopedStore.listSuites().length;
}

// Subclasses, and handles that are recognised by what they can do

class Counting extends RunStore {
  created = 0;
  override createSuite(name: string): SuiteRow {
    this.created++;
    return super.createSuite(name);
  }
}
const counting: RunStore = new Counting(':memory:');
const handle: DatabaseHandle = {
  exec: (sql: string) => sql,
  prepare: () => ({ run: () => undefined, all: () => [] }),
};
const options: RunStoreOptions = { readOnly: false };
new RunStore(handle, options);

const evals = importEvalStore(store, 'evals', { runs: ['a'] });
const statuses: Array<'imported' | 'unchanged'> = evals.runs.map(({ status }) => status);
const reasons: string[] = evals.unread.first.map(({ reason }) => reason);
const losses: number[] = exportEvalStore(store, new Set(['a']), 'evals').runs.flatMap((one) =>
  one.losses.map(({ count }) => count),
);
// @ts-expect-error: a path is needed
exportEvalStore(store, ['a']);
// @ts-expect-error: no such option
importEvalStore(store, 'evals', { force: true });

export { counting, data, losses, readAll, reasons, scoped, statuses };
