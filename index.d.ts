/// <reference lib="esnext.disposable" />

/**
 * runstore: the run store for LLM evaluation suites.
 *
 * A drop-in for `@deepagents/evals/store`: everything documented there works here, with the same rows.
 * What is there too says so at its end.
 *
 * All operations are synchronous. An operation either happens completely or not at all, and when it
 * returns, its rows survive the death of the process (on your own handle with a transaction open: once you
 * commit it).
 *
 * @packageDocumentation
 */

import type { GateReport } from './entries/comparison.js';

/** A suite: a named series of runs over the same kind of cases. *As in `@deepagents/evals`.* */
export interface SuiteRow {
  id: string;
  name: string;
  /** Milliseconds since the epoch. */
  created_at: number;
}

/** One run of a suite with one model. *As in `@deepagents/evals`: `id` to `summary`.* */
export interface RunRow {
  id: string;
  suite_id: string;
  name: string;
  model: string;
  /** The `config` given to {@link RunStore.createRun}; `null` when none was given. */
  config: Record<string, unknown> | null;
  /** Milliseconds since the epoch. */
  started_at: number;
  /** Milliseconds since the epoch; `null` while the run is running. */
  finished_at: number | null;
  status: 'running' | 'completed' | 'failed';
  /** The summary given to {@link RunStore.finishRun}; `null` when none was given. */
  summary: RunSummary | null;
  /** Labels of the run. Present only when they were set. */
  tags?: string[];
  /** Anything else about the run. Present only when it was set. */
  metadata?: Record<string, unknown>;
  /**
   * A name for people, `{checkpoint or 'base'}_{YYYYMMDD_HHMMSS}_{6 hex}` unless another was given; the time
   * is that of the start, in UTC, and the digits are the first of the id. Present for a run with a checkpoint or
   * benchmarks, or when it was set.
   */
  label?: string;
  /** The benchmarks that it was made for. Present only when they were set. */
  benchmarks?: string[];
  /** The state of the model. Present only when it was set. */
  checkpoint?: { name: string | null; path: string | null };
  /** The state of the code. Present only when it was set. */
  git?: GitState;
  /** The score of each benchmark. Present once {@link RunStore.finalizeRun} has collected them. */
  scores?: Record<string, number>;
  /**
   * The run is being imported. It is `'running'`, and not all of it is there. When the import ends it gets its
   * own status; when the import is given up, the run goes away. Present only until then.
   */
  importing?: true;
}

/** The state of the code that a run was made with. */
export interface GitState {
  /** Hash of the commit; `null` before the first one. */
  commit: string | null;
  /** `null` when no branch is checked out. */
  branch: string | null;
  /** Whether a tracked file differs from the commit; `null` when that cannot be told. */
  dirty: boolean | null;
}

/**
 * One case of a run: what went in, what came out, what it cost. The types of its JSON values are those that the program
 * names: see {@link RunStore}.
 *
 * *As in `@deepagents/evals`: `id` to `error`.*
 */
export interface CaseRow<Input = unknown, Expected = unknown, Metadata = unknown> {
  id: string;
  run_id: string;
  /** Position in the dataset; cases are listed in its order. */
  idx: number;
  /** Any JSON value. */
  input: Input;
  /** The model's answer; `null` when there is none, for instance after an error. */
  output: string | null;
  /** Any JSON value; `null` when no expectation was given. */
  expected: Expected | null;
  /** Milliseconds; `null` when it was not measured. The types of `runstore/store` say `number`, as the reference does. */
  latency_ms: number | null;
  /** `null` when they were not counted. */
  tokens_in: number | null;
  /** `null` when they were not counted. */
  tokens_out: number | null;
  /** Why the case failed to produce an output; `null` when it did produce one. */
  error: string | null;
  /** Name of the case, stable across runs; comparisons pair cases by it. Present only when set. */
  key?: string;
  /** Number of the attempt when a case is tried several times. Present only when set. */
  trial?: number;
  /** Benchmark the case belongs to. Present only when set. */
  benchmark?: string;
  /** Group of cases that are not independent (one document, one user); widens intervals honestly. Present only when set. */
  cluster?: string;
  /** Anything else about the case. Present only when set. */
  metadata?: Metadata;
  /** Cost of the case in US dollars. Present only when set. */
  cost_usd?: number;
  /** When the case started, in milliseconds since the epoch. Present only when set. */
  started_at?: number;
}

/** A case together with scores of it. *As in `@deepagents/evals`.* */
export interface CaseWithScores<Input = unknown, Expected = unknown, Metadata = unknown>
  extends CaseRow<Input, Expected, Metadata> {
  /** In the order in which they were saved. */
  scores: Array<Omit<ScoreRow, 'id' | 'case_id'>>;
}

/** The judgement of one scorer on one case. *As in `@deepagents/evals`: `id` to `reason`.* */
export interface ScoreRow {
  id: string;
  case_id: string;
  scorer_name: string;
  /** Usually 0 to 1, higher is better; any number that is not NaN is kept. */
  score: number;
  /** Why; `null` when none was given. */
  reason: string | null;
  /** Present only when set. */
  metadata?: Record<string, unknown>;
  /** The answer that the scorer extracted from the output. Present only when set. */
  answer?: string;
}

/** Counts, means and totals of a run. *As in `@deepagents/evals`.* */
export interface RunSummary {
  totalCases: number;
  /** Cases whose lowest score is at least the threshold. */
  passCount: number;
  /** Cases whose lowest score is below the threshold. Cases without any score count in neither. */
  failCount: number;
  /** Mean score by scorer, over the cases that it scored. */
  meanScores: Record<string, number>;
  /** Milliseconds. */
  totalLatencyMs: number;
  totalTokensIn: number;
  totalTokensOut: number;
}

/** One version of a named prompt. *As in `@deepagents/evals`.* */
export interface PromptRow {
  id: string;
  name: string;
  /** 1, 2, 3, … for each name. */
  version: number;
  content: string;
  /** Milliseconds since the epoch. */
  created_at: number;
}

/** A case to save. *As in `@deepagents/evals`: `id` to `error`.* */
export interface CaseData<Input = unknown, Expected = unknown, Metadata = unknown> {
  /** Unique in the whole store, not only in the run. */
  id: string;
  run_id: string;
  /** Position in the dataset. Any number but NaN. */
  idx: number;
  /** Any JSON value (but `undefined`, a function or a symbol). */
  input: Input;
  /** The model's answer; `null` when there is none. */
  output: string | null;
  /** Any JSON value; `null` and `undefined` mean that nothing is expected. */
  expected?: Expected | null | undefined;
  /** Milliseconds. `null` and NaN are kept as `null`, here and for the tokens. */
  latency_ms: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  /** Why there is no output. */
  error?: string | null | undefined;
  /** See {@link CaseRow.key}. */
  key?: string | null | undefined;
  /** See {@link CaseRow.trial}. */
  trial?: number | null | undefined;
  /** See {@link CaseRow.benchmark}. */
  benchmark?: string | null | undefined;
  /** See {@link CaseRow.cluster}. */
  cluster?: string | null | undefined;
  /** See {@link CaseRow.metadata}. */
  metadata?: (Metadata & object) | null | undefined;
  /** US dollars. */
  cost_usd?: number | null | undefined;
  /** When the case started: a Date, or milliseconds since the epoch. */
  started_at?: Date | number | null | undefined;
}

/** A case to save whose `id` may be left out; a UUID v7 is made then. */
export interface NewCase<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Omit<CaseData<Input, Expected, Metadata>, 'id'> {
  id?: string | undefined;
}

/** A score to save. *As in `@deepagents/evals`: `id` to `reason`.* */
export interface ScoreData {
  /** Unique in the whole store. */
  id: string;
  case_id: string;
  scorer_name: string;
  /** Any number but NaN; usually 0 to 1, higher is better. */
  score: number;
  /** Why. */
  reason?: string | null | undefined;
  /** Anything else about the score. */
  metadata?: object | null | undefined;
  /** The answer that the scorer extracted from the output. */
  answer?: string | null | undefined;
}

/** A score to save whose `id` may be left out; a UUID v7 is made then. */
export interface NewScore extends Omit<ScoreData, 'id'> {
  id?: string | undefined;
}

/** The judgement of one scorer on the case in which it stands. */
export interface NewScoreOfCase extends Omit<NewScore, 'case_id'> {}

/** The judgements on the case in which they stand, by scorer: the score, or the score with what explains it. */
export type ScoresByName = Readonly<Record<string, number | Omit<NewScoreOfCase, 'scorer_name'>>>;

/** A case with its scores, for {@link RunStore.saveResults}. Only `idx` and `input` are required. */
export interface CaseResult<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Omit<NewCase<Input, Expected, Metadata>, 'run_id' | 'output' | 'latency_ms' | 'tokens_in' | 'tokens_out'> {
  output?: string | null | undefined;
  latency_ms?: number | null | undefined;
  tokens_in?: number | null | undefined;
  tokens_out?: number | null | undefined;
  /**
   * The scores of this case; none, or left out, for a case that was not scored. Either by the name of the scorer,
   * `{ exact: 1, fluent: { score: 0.7, reason: 'stiff' } }`, or a list, `[{ scorer_name: 'exact', score: 1 }]`, in which a
   * scorer may stand more than once.
   */
  scores?: readonly NewScoreOfCase[] | Iterable<NewScoreOfCase> | ScoresByName | null | undefined;
}

/** What {@link RunStore.uniteSuites} did. *runstore* */
export interface UnitedSuites {
  /** The suite that has all runs now. */
  suite: SuiteRow;
  /** Ids of the suites that are gone. */
  removed: string[];
  /** How many runs were moved. */
  runs: number;
}

/** What {@link RunStore.saveResults} does where a case is there already. */
export interface SaveResultsOptions {
  /**
   * What becomes of a result whose `id` is that of a case of this run: `'error'` refuses all results; `'replace'` puts the
   * new case and its scores in the place of the old case and **all** of its scores; `'ignore'` keeps the old case and
   * its scores, and drops the new ones. Default: `'error'`.
   *
   * Of two results of one id in `results`, the later meets the earlier as if that had been saved before. A case of that id
   * in another run is an error in any case. Results without an `id` are always new.
   */
  onConflict?: 'error' | 'replace' | 'ignore' | null | undefined;
}

/** When {@link RunStore.resumeRun} may take over a run. */
export interface ResumeOptions {
  /**
   * Where nobody can tell whether the process that worked on a running run still lives, it is taken over after so many
   * milliseconds without a heartbeat; 0 takes it at once. Left out, it is not.
   */
  olderThanMs?: number | null | undefined;
}

/** The process that works on a run, or did. */
export interface RunOwnerRow {
  run_id: string;
  /** Number of the process. */
  pid: number;
  /** Name of its machine. */
  host: string;
  /** The last heartbeat of the run, in milliseconds since the epoch: a write to it, give or take ten seconds. */
  heartbeat_at: number;
  /** Whether the process lives; `null` where that cannot be told from here. */
  alive: boolean | null;
}

/** What {@link RunStore.createRun} takes. *As in `@deepagents/evals`: `suite_id` to `config`.* */
export interface NewRun {
  suite_id: string;
  name: string;
  /** Name of the model, or whatever tells the candidates apart. */
  model: string;
  /** Whatever the run was made with: parameters, prompt versions, a commit. */
  config?: object | null | undefined;
  /** Your own id for the run. One that exists is refused with `ERR_RUNSTORE_CONSTRAINT`. */
  id?: string | undefined;
  /** Labels. */
  tags?: readonly string[] | null | undefined;
  /** Anything else about the run. */
  metadata?: object | null | undefined;
  /** See {@link RunRow.label}. */
  label?: string | null | undefined;
  /** Names of the benchmarks that it is made for, each once. */
  benchmarks?: readonly string[] | null | undefined;
  /** The state of the model; a name, a path, or both. */
  checkpoint?: { name?: string | null | undefined; path?: string | null | undefined } | null | undefined;
  /**
   * The state of the code; `true` reads that of the working tree around the current directory: commit and
   * branch from git's files, and whether tracked files differ by asking git. Without a working tree it is left out.
   */
  git?: boolean | { [Name in keyof GitState]?: GitState[Name] | undefined } | null | undefined;
  /** When it was started: a Date, or milliseconds since the epoch. Default: now. */
  startedAt?: Date | number | null | undefined;
}

/** A run to open with {@link RunStore.openRun}: a new run, whose suite is known by its name. */
export interface RunToOpen extends Omit<NewRun, 'suite_id'> {
  /** Name of the suite, which is made when it does not exist. */
  suite: string;
  /**
   * `'latest'` (default) resumes the run of the same suite, name and model that was started last, if it was not completed; an id
   * resumes that run; `false` always starts a new one.
   */
  resume?: 'latest' | (string & {}) | false | undefined;
}

/** A run that was opened. */
export interface OpenedRun {
  id: string;
  suite_id: string;
  /** Whether the run existed and is continued; `false` for a new one. */
  resumed: boolean;
}

/** What {@link RunStore.updateRun} changes. What is not given stays as it is, `null` removes. */
export interface RunChanges {
  tags?: readonly string[] | null | undefined;
  /** In place of the metadata before. */
  metadata?: object | null | undefined;
  label?: string | null | undefined;
  /** Each once. */
  benchmarks?: readonly string[] | null | undefined;
  checkpoint?: { name?: string | null | undefined; path?: string | null | undefined } | null | undefined;
  git?: boolean | { [Name in keyof GitState]?: GitState[Name] | undefined } | null | undefined;
}

/** Which runs {@link RunStore.queryRuns} returns. Each condition narrows; `null` and `undefined` are none. */
export interface RunQuery {
  /** Id of the suite. */
  suite?: string | null | undefined;
  model?: string | null | undefined;
  status?: 'running' | 'completed' | 'failed' | null | undefined;
  /** One of its tags. */
  tag?: string | null | undefined;
  /** Name of its checkpoint. */
  checkpoint?: string | null | undefined;
  /** One of the benchmarks that it was made for. */
  benchmark?: string | null | undefined;
  /** Started then or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | null | undefined;
  /** Started then or earlier. */
  until?: Date | number | null | undefined;
  /** A part of name, label, model, checkpoint or id, ASCII letters without regard to case. */
  search?: string | null | undefined;
  /** By `started_at`; among equal ones, by the order in which they were made. Default: `'newest'` first. */
  orderBy?: 'newest' | 'oldest' | null | undefined;
  /** Most runs in the page, 1 to 10,000. Default: 100. */
  limit?: number | null | undefined;
  /** The `cursor` of the page before, of the same query. */
  cursor?: string | null | undefined;
}

/** A part of the runs that a query asks for. */
export interface RunPage {
  /** At most {@link RunQuery.limit}. Fewer, or none, need not be all: {@link RunPage.cursor} tells. */
  runs: RunRow[];
  /** What to ask the next page with; `null` when there is none. */
  cursor: string | null;
}

/** The result of a benchmark, to be saved. */
export interface NewBenchmarkResult {
  /** Name of the benchmark. */
  benchmark: string;
  /** Over all examples; finite. */
  score: number;
  num_examples: number;
  /** Examples that were solved. */
  num_correct: number;
  /** Examples that ended with an error. Default: 0. */
  num_errors?: number | undefined;
  /** Examples that were cut off. Default: 0. */
  num_truncated?: number | undefined;
  /** Default: none. */
  metrics?: Readonly<Record<string, number>> | null | undefined;
  /** Default: 0. */
  time_seconds?: number | undefined;
  /** Probability that at least one of k attempts succeeds, by k. Default: none. */
  pass_at_k?: Readonly<Record<number, number>> | null | undefined;
}

/** The result of a benchmark. */
export interface BenchmarkResultRow {
  run_id: string;
  benchmark: string;
  /** Over all examples. */
  score: number;
  /** `num_correct / num_completed`; 0 without completed examples. */
  score_completed: number;
  num_examples: number;
  num_correct: number;
  num_errors: number;
  num_truncated: number;
  /** `num_examples - num_errors - num_truncated` */
  num_completed: number;
  metrics: Record<string, number>;
  time_seconds: number;
  /** By k, as text. */
  pass_at_k: Record<string, number>;
  /** `'saved'`, or what it was counted from. */
  source: 'saved' | 'cases' | 'trajectories';
}

/** What the combined summary of a run says of a benchmark. */
export interface BenchmarkSummary {
  score: number;
  num_examples: number;
  num_correct: number;
  num_errors: number;
}

/** Who speaks in a turn. */
export type TurnRole = 'system' | 'user' | 'assistant' | 'tool' | 'environment' | 'grader';

/** A turn to save. */
export interface NewTurn {
  role: TurnRole;
  /** Text, or an array of parts: any JSON. */
  content: string | readonly unknown[];
  /** Default: 0. */
  token_count?: number | null | undefined;
  /** Default: none. */
  metadata?: object | null | undefined;
}

/** What is known of a trajectory besides its turns. */
export interface TrajectoryOutcome {
  /** Name of the example; attempts at the same one have the same. Default: `''`. */
  example_id?: string | null | undefined;
  /** The example is solved if it is above 0. Any number but NaN. Default: 0. */
  reward?: number | null | undefined;
  /** Numbers by name. Default: none. */
  metrics?: Readonly<Record<string, number>> | null | undefined;
  /** Anything else, as JSON. Default: none. */
  logs?: object | null | undefined;
  /** Why it ended early. Default: `null`. */
  error?: string | null | undefined;
  /** Default: 0. */
  time_seconds?: number | null | undefined;
}

/** A trajectory to save: what was said and done in one example, and what came of it. */
export interface NewTrajectory extends TrajectoryOutcome {
  benchmark: string;
  /** Position in the benchmark, any whole number; unique in the benchmark of a run. */
  idx: number;
  /** Default: none. */
  turns?: readonly NewTurn[] | Iterable<NewTurn> | null | undefined;
}

/** A turn of a trajectory. */
export interface TurnRow {
  role: TurnRole;
  content: string | unknown[];
  token_count: number;
  metadata: Record<string, unknown>;
}

/** A trajectory. */
export interface TrajectoryRow {
  run_id: string;
  benchmark: string;
  idx: number;
  example_id: string;
  turns: TurnRow[];
  reward: number;
  metrics: Record<string, number>;
  logs: Record<string, unknown>;
  error: string | null;
  time_seconds: number;
}

/** Which trajectories {@link RunStore.iterateTrajectories} reads; `null` and `undefined` are no condition. */
export interface TrajectoryFilter {
  benchmark?: string | null | undefined;
  /**
   * `'correct'`: the reward is above 0, also where there is an error. `'incorrect'`: it is not, and there is no error.
   * `'error'`: there is an error. As the filters of tinker's `read_trajectories`.
   */
  outcome?: 'correct' | 'incorrect' | 'error' | null | undefined;
}

/** Which trajectories {@link RunStore.getTrajectories} returns. */
export interface TrajectoryQuery extends TrajectoryFilter {
  /** Most trajectories in the page, 1 to 10,000. Default: 100. */
  limit?: number | null | undefined;
  /** The `cursor` of the page before, of the same query. */
  cursor?: string | null | undefined;
}

/** A part of the trajectories that a query asks for. */
export interface TrajectoryPage {
  trajectories: TrajectoryRow[];
  /** What to ask the next page with; `null` when there is none. */
  cursor: string | null;
}

/** A sequence of trajectories, read in chunks as it is consumed. Each loop over it reads from the start. */
export interface TrajectoryIterable extends Iterable<TrajectoryRow>, AsyncIterable<TrajectoryRow> {}

/** How {@link RunStore.finalizeRun} ends a run. */
export interface FinalizeOptions {
  /** Default: `'completed'`. */
  status?: 'completed' | 'failed' | null | undefined;
  /** A case passes when its lowest score is at least this. Default: 0.5. */
  threshold?: number | null | undefined;
}

/** A summary, with what it leaves out. Where infinite scores leave no finite number, there is `null`. */
export interface CaseReport extends RunSummary {
  /** Cases without a score; they are in neither `passCount` nor `failCount`. */
  unscoredCount: number;
  /** Cases with an error. */
  erroredCount: number;
  /** Number of examples: cases of one benchmark with one `key`, or without keys one `idx`, are attempts at the same. */
  exampleCount: number;
  /** Attempts at the example that was tried most often. */
  mostTrials: number;
  /**
   * Probability that at least one of k attempts at an example passes (Chen et al. 2021), by k: 1, 5, 10, 25, 50, 100 up
   * to `mostTrials`, and that. The mean over the examples with k attempts. Attempts without a score did not pass.
   */
  passAtK: Record<string, number>;
  /** Median, in milliseconds, over the cases that have a latency; `null` without any. */
  latencyP50Ms: number | null;
  /** 95th percentile, between neighbours by linear interpolation. */
  latencyP95Ms: number | null;
  /** US dollars, over the cases that have a cost; `null` without any. */
  totalCostUsd: number | null;
}

/** What is known of a run. */
export interface RunReport extends CaseReport {
  /** Of the cases of each benchmark. */
  benchmarks: Record<string, CaseReport>;
  /** Of the cases with each tag: the texts in `metadata.tags` of a case. */
  tags: Record<string, CaseReport>;
}

/** A run that others of its suite are compared with, under a name. */
export interface BaselineRow {
  suite_id: string;
  /** Unique in the suite. */
  name: string;
  run_id: string;
  /** When the run was made the baseline, in milliseconds since the epoch. */
  set_at: number;
  /** Milliseconds since `set_at`. How old the run is, `run.started_at` tells. */
  age_ms: number;
  run: RunRow;
}

/** What a gate found for one scorer. */
export interface VerdictScorer {
  scorer_name: string;
  decision: 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';
  /** Mean of candidate − baseline, in units of the scorer; `null` when no case was scored in both runs. */
  delta: number | null;
  /** Lower end of the interval of `delta`, of level 1 − alpha; `null` when there were too few cases. */
  low: number | null;
  /** Upper end of the interval of `delta`. */
  high: number | null;
  /** Two-sided, from 0 to 1. */
  p_value: number | null;
  /** Names of the test and of the interval, for instance `'mcnemar_exact/tango'`. */
  method: string | null;
  /** The loss that was acceptable, in units of the scorer. */
  margin: number;
  /** Number of cases that were scored in both runs. */
  n: number;
}

/** A verdict that was kept. */
export interface VerdictRow {
  id: string;
  /** The suite of the candidate. */
  suite_id: string;
  /** The run that was compared with; it may have been deleted since. */
  baseline_run_id: string;
  /** The run that was judged. */
  candidate_run_id: string;
  decision: 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';
  /** Probability of an interval that misses the truth, between 0 and 1. */
  alpha: number;
  scorers: VerdictScorer[];
  /** Milliseconds since the epoch. */
  created_at: number;
}

/** Which verdicts {@link RunStore.listVerdicts} returns. */
export interface VerdictFilter {
  /** Those on candidates of this suite. */
  suiteId?: string | null | undefined;
  /** Those on this candidate. */
  runId?: string | null | undefined;
  /** The newest so many, at least 1. Default: all. */
  limit?: number | undefined;
}

/** Which runs {@link RunStore.history} returns. */
export interface HistoryOptions {
  /** One scorer. Default: all that a run has. */
  scorer?: string | null | undefined;
  /** Runs of one model. Default: of all. */
  model?: string | null | undefined;
  /** Runs that were started then or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | undefined;
  /** The last so many runs, at least 1. Default: 50. */
  limit?: number | undefined;
  /** Name of the baseline, which the suite has to have. Default: `'main'`, if there is one. */
  baseline?: string | null | undefined;
  /** How several scores of a scorer on one trial, and the trials of a case, become one score. Default: `'mean'`. */
  reducer?: 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number } | undefined;
}

/** What a run differs by from another, over the cases that a scorer scored in both. */
export interface RunDelta {
  /** Mean of this run − the other, case by case, in units of the scorer. */
  delta: number;
  /** Lower end of its interval; `null` with fewer than two cases or clusters. */
  low: number | null;
  /** Upper end of its interval. */
  high: number | null;
  /** Number of cases. */
  n: number;
}

/** One scorer in one run. All trials of a case are averaged and count as one case. */
export interface HistoryRow {
  run_id: string;
  name: string;
  model: string;
  /** Milliseconds since the epoch. */
  started_at: number;
  /** Milliseconds since the epoch. */
  finished_at: number | null;
  status: 'completed';
  scorer_name: string;
  /** Number of cases that it scored. */
  n: number;
  /** Over these cases, in units of the scorer; `null` when there are none. */
  mean: number | null;
  /**
   * Lower end of the interval of the mean: Wilson's (1927) for 0/1 scores, else Student's t, with the clustered standard
   * error (Miller 2024) where cases have clusters. `null` with too few cases.
   */
  low: number | null;
  /** Upper end of the interval of the mean. */
  high: number | null;
  /** Level of all intervals: 0.95. */
  level: number;
  /**
   * From the completed run before, of the same model if one is asked for, paired case by case as `compare` of
   * `runstore/comparison` does. `null` for the first run, and without common cases.
   */
  delta_previous: RunDelta | null;
  /** From the baseline, likewise; `null` for the baseline itself and when there is none. */
  delta_baseline: RunDelta | null;
  is_baseline: boolean;
  /** Number of cases that it did not score. They are in no mean. */
  unscored: number;
  /** Number of cases with an error. */
  errored: number;
}

/** What {@link RunStore.trend} looks at. */
export interface TrendOptions {
  scorer: string;
  /** Runs of one model. Default: of all. */
  model?: string | null | undefined;
  /** The last so many completed runs, at least 3. Default: 20. */
  last?: number | undefined;
  /** Probability of seeing a trend where there is none, between 0 and 1. Default: 0.05. */
  alpha?: number | undefined;
  /** How several scores of a scorer on one trial, and the trials of a case, become one score. Default: `'mean'`. */
  reducer?: 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number } | undefined;
}

/** The line of least squares through the means of the last runs. */
export interface ScorerTrend {
  scorer_name: string;
  /** Number of runs with a score of it; the others are left out. */
  n_runs: number;
  /** What the mean changes by from one run to the next, in units of the scorer; `null` with fewer than 3 runs. */
  slope: number | null;
  /** Lower end of the interval of the slope: Student's t with `n_runs` − 2 degrees of freedom. */
  low: number | null;
  /** Upper end of the interval of the slope. */
  high: number | null;
  /** Level of the interval, 1 − alpha. */
  level: number;
  /** Probability of a slope at least as steep if there were none, two-sided; `null` with fewer than 3 runs. */
  p_value: number | null;
  /** Mean of the oldest of the runs; `null` when there are none. */
  first_mean: number | null;
  /** Mean of the newest of the runs. */
  last_mean: number | null;
  /** `'rising'` or `'falling'` when `p_value` is below alpha; `null` with fewer than 3 runs. */
  direction: 'rising' | 'falling' | 'flat' | null;
  /** Oldest first. */
  runs: Array<{ run_id: string; started_at: number; mean: number }>;
}

/** How a store is opened. */
export interface RunStoreOptions {
  /**
   * Opens the file for reading only; every writing method throws `ERR_RUNSTORE_READONLY`.
   * A file that does not exist is an error. Default: `false`.
   */
  readOnly?: boolean | undefined;
  /** How long a writer waits for others, in milliseconds, before `ERR_RUNSTORE_BUSY`. Default: 5000. */
  busyTimeoutMs?: number | undefined;
  /**
   * What an acknowledged write survives: `'normal'`, the death of the process; `'full'`, a power cut as well
   * (slower: every transaction waits for the disk). Default: `'normal'`.
   */
  durability?: 'normal' | 'full' | undefined;
}

/**
 * A synchronous SQLite handle of the caller's, recognised by what it can do:
 * `DatabaseSync` of `node:sqlite` or `Database` of `better-sqlite3`.
 */
export interface DatabaseHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...parameters: unknown[]): unknown;
    all(...parameters: unknown[]): unknown[];
  };
}

/** A sequence of cases, read in chunks as it is consumed. Each loop over it reads from the start. */
export interface CaseIterable<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Iterable<CaseRow<Input, Expected, Metadata>>,
    AsyncIterable<CaseRow<Input, Expected, Metadata>> {}

/** Findings of one kind. */
export interface Findings<T> {
  /** How many there are. */
  count: number;
  /** The first 1,000 of them. */
  first: T[];
}

/** What {@link RunStore.doctor} looks for, and what it may do. */
export interface DoctorOptions {
  /**
   * A run that is `'running'` is stale when its process has ended, and after so long without a heartbeat, in
   * milliseconds. Default: a day.
   */
  staleAfterMs?: number | undefined;
  /**
   * Whether to repair what can be repaired without losing anything; runs whose process is known to have ended become
   * `'failed'`, as by {@link RunStore.recoverRuns}. Default: `false`.
   */
  fix?: boolean | undefined;
  /** Whether all stale runs become `'failed'`, but for those whose process is known to live. Default: `false`. */
  failStaleRuns?: boolean | undefined;
}

/** What {@link RunStore.doctor} found; after a fix, what is left. */
export interface DoctorReport {
  /** Whether everything can be read and fits together. Stale runs and free space are no illness. */
  healthy: boolean;
  /** What SQLite has against the file as a whole, in its words. */
  integrity: Findings<string>;
  /** Rows that refer to a row that does not exist. */
  dangling: Findings<{ table: string; rowid: number; parent: string }>;
  /** How the tables and indexes differ from what they should be, in words. */
  schema: Findings<string>;
  /**
   * Values that should be JSON and are not, and texts of turns (table `texts`) that cannot be decompressed or are others
   * than were saved: the rows that hold them cannot be read, or not as they were.
   */
  unreadable: Findings<{ table: string; id: string | null; rowid: number; column: string; reason: string }>;
  /**
   * Runs that are `'running'` and do not seem to be. `startedAt` and `lastHeartbeatAt`, the last heartbeat, are in
   * milliseconds since the epoch. The reason: {@link AbandonedReason}, or `'idle'` for a run whose process lives and has
   * not written to it for too long.
   */
  staleRuns: Findings<{
    id: string;
    suiteId: string;
    name: string;
    model: string;
    startedAt: number;
    ageMs: number;
    lastHeartbeatAt: number;
    cases: number;
    reason: AbandonedReason | 'idle';
    /** Present for a run that an import has left unfinished: it is removed, not marked failed. */
    importing?: true;
  }>;
  /** Room that the store takes: the file, the `-wal` beside it, and what is free in the file, in bytes. */
  space: { fileBytes: number; walBytes: number; freeBytes: number };
  /** What was done, in order: in words, and to how many indexes, rows, values or runs. */
  fixed: Array<{ action: string; count: number }>;
  /** What to do about the rest, each a sentence. */
  advice: string[];
}

/** What {@link RunStore.backup} made. */
export interface BackupReport {
  /** Absolute path of the copy. */
  path: string;
  /** Its size in bytes. */
  bytes: number;
}

/** How far a backup has come, in pages of the database. */
export interface BackupProgress {
  donePages: number;
  totalPages: number;
}

/** Which runs {@link RunStore.prune} deletes. At least one of the first three has to be given. */
export interface PruneOptions {
  /** Of each suite, so many of the newest finished runs stay, whatever else is asked for. Alone, all others go. */
  keep?: number | undefined;
  /** Runs that were started longer ago than this go, in milliseconds. */
  olderThanMs?: number | undefined;
  /** The oldest runs go until what is left takes no more than this, in bytes. */
  maxBytes?: number | undefined;
  /** Only runs of this suite. Default: all suites. */
  suiteId?: string | undefined;
  /** Only says what would go. Default: `false`. */
  dryRun?: boolean | undefined;
}

/** What {@link RunStore.prune} did. */
export interface PruneReport {
  /** The runs that went, or would go, oldest first. `startedAt` is in milliseconds since the epoch. */
  runs: Array<{ id: string; suiteId: string; name: string; model: string; startedAt: number; cases: number }>;
  /** Whether nothing was deleted because that was asked for. */
  dryRun: boolean;
  /** Finished runs that stayed because they are baselines. */
  baselines: number;
  /** Bytes of all files of the store before. */
  bytesBefore: number;
  /** Bytes after; in a dry run with `maxBytes`, what is to be expected, and `null` in any other. */
  bytesAfter: number | null;
}

/**
 * Why nobody seems to work on a run any more: its process has ended (`'gone'`), its machine was started again
 * (`'rebooted'`), or nobody can tell whether its process lives, and there was no heartbeat for too long (`'silent'`).
 */
export type AbandonedReason = 'gone' | 'rebooted' | 'silent';

/** Which runs {@link RunStore.recoverRuns} looks at, and what it may do. */
export interface RecoverOptions {
  /** Only runs of this suite. Default: all suites. */
  suiteId?: string | null | undefined;
  /**
   * Runs of which nobody can tell whether their process lives are given up after so many milliseconds without a sign of
   * life: those of other machines and containers, of other programs, and of older versions. Left out, they stay.
   */
  olderThanMs?: number | null | undefined;
  /** Only says what would be done. Default: `false`. */
  dryRun?: boolean | null | undefined;
}

/** What {@link RunStore.recoverRuns} did. */
export interface RecoverReport {
  /**
   * The runs that are `'failed'` now, or would be, oldest first. `startedAt` is in milliseconds since the epoch, and so is
   * `finishedAt`, the last heartbeat. `pid` and `host` are `null` for a run of a program that does not name its process.
   */
  runs: Array<{
    id: string;
    suiteId: string;
    name: string;
    model: string;
    startedAt: number;
    finishedAt: number;
    cases: number;
    reason: AbandonedReason;
    pid: number | null;
    host: string | null;
    /** Present for a run that was removed, or would be, because an import has left it unfinished. */
    removed?: true;
  }>;
  /** Whether nothing was changed because that was asked for. */
  dryRun: boolean;
  /** Running runs that were left because their process lives. */
  alive: number;
  /** Running runs that were left because nobody can tell whether their process lives. */
  unknown: number;
}

/** What {@link RunStore.vacuum} did, in bytes of all files of the store. */
export interface VacuumReport {
  bytesBefore: number;
  bytesAfter: number;
}

/**
 * The permanent codes of {@link RunStoreError}.
 *
 * | code | meaning |
 * | --- | --- |
 * | `ERR_RUNSTORE_INVALID_ARGUMENT` | An argument has the wrong type or value; the error is also a TypeError or RangeError |
 * | `ERR_RUNSTORE_CONSTRAINT` | An id exists already, or a suite, run or case that is referred to does not |
 * | `ERR_RUNSTORE_NOT_FOUND` | A file, run or baseline that has to exist does not |
 * | `ERR_RUNSTORE_AMBIGUOUS` | A name may mean several runs |
 * | `ERR_RUNSTORE_SAME_RUN` | A run would be compared with itself |
 * | `ERR_RUNSTORE_EXISTS` | A file that must not exist does, or is none that may be replaced |
 * | `ERR_RUNSTORE_CLOSED` | The store, or the handle that it uses, was closed |
 * | `ERR_RUNSTORE_BUSY` | Others kept the file locked for longer than `busyTimeoutMs`, or another process works on the run |
 * | `ERR_RUNSTORE_READONLY` | A write on a store, file or directory that cannot be written |
 * | `ERR_RUNSTORE_CORRUPT` | The file is damaged, or a value of a row is: see `damaged` and `readable` |
 * | `ERR_RUNSTORE_NOT_A_DATABASE` | The file is not a SQLite database |
 * | `ERR_RUNSTORE_SCHEMA` | The file's tables are not those of a run store, or cannot be migrated |
 * | `ERR_RUNSTORE_SCHEMA_TOO_NEW` | The file was written by a newer runstore |
 * | `ERR_RUNSTORE_DISK_FULL` | The disk or quota is full |
 * | `ERR_RUNSTORE_IO` | The operating system refused to open, read, write or lock the file, or someone deleted it or its `-wal` |
 * | `ERR_RUNSTORE_TOO_LARGE` | A row is larger than 535,822,336 bytes, an answer larger than a string, or a value nested too deep to be written as JSON |
 * | `ERR_RUNSTORE_INTERRUPTED` | The operation was interrupted |
 * | `ERR_RUNSTORE_SQLITE` | Any other error of SQLite; see `sqliteCode` |
 * | `ERR_RUNSTORE_INTERNAL` | A fault in runstore itself; please report it |
 */
export type RunStoreErrorCode =
  | 'ERR_RUNSTORE_INVALID_ARGUMENT'
  | 'ERR_RUNSTORE_CONSTRAINT'
  | 'ERR_RUNSTORE_NOT_FOUND'
  | 'ERR_RUNSTORE_AMBIGUOUS'
  | 'ERR_RUNSTORE_SAME_RUN'
  | 'ERR_RUNSTORE_EXISTS'
  | 'ERR_RUNSTORE_CLOSED'
  | 'ERR_RUNSTORE_BUSY'
  | 'ERR_RUNSTORE_READONLY'
  | 'ERR_RUNSTORE_CORRUPT'
  | 'ERR_RUNSTORE_NOT_A_DATABASE'
  | 'ERR_RUNSTORE_SCHEMA'
  | 'ERR_RUNSTORE_SCHEMA_TOO_NEW'
  | 'ERR_RUNSTORE_DISK_FULL'
  | 'ERR_RUNSTORE_IO'
  | 'ERR_RUNSTORE_TOO_LARGE'
  | 'ERR_RUNSTORE_INTERRUPTED'
  | 'ERR_RUNSTORE_SQLITE'
  | 'ERR_RUNSTORE_INTERNAL';

/**
 * Every error of a store. Errors that your own code throws while it is being read
 * (a getter, a `toJSON`, an iterator) are passed on as they are.
 *
 * An invalid argument is a `TypeError` or a `RangeError` that is also `instanceof RunStoreError`. An option that does not
 * exist is an invalid argument: `store.prune({ keep: 8, dryrun: true })` deletes nothing and asks "did you mean dryRun?".
 * Rows and new runs may have fields of their own, unless one is a documented field misspelt (`costUsd`, `tag`).
 *
 * @example
 * ```ts
 * import { RunStore, RunStoreError } from 'runstore';
 *
 * const store = new RunStore(':memory:');
 * try {
 *   store.createRun({ suite_id: 'no such suite', name: 'first', model: 'gpt-x' });
 * } catch (error) {
 *   if (!(error instanceof RunStoreError)) throw error;
 *   console.log(error.code); // ERR_RUNSTORE_CONSTRAINT
 *   console.log(error.message); // createRun: there is no suite with id "no such suite" (in :memory:)
 * }
 * ```
 */
export class RunStoreError extends Error {
  /** For code that stands in for a store, such as a test double. */
  constructor(code: RunStoreErrorCode, message: string, options?: { cause?: unknown });
  /** `'RunStoreError'`; `'TypeError'` or `'RangeError'` for an invalid argument. */
  readonly name: string;
  /** What to branch on: a code keeps its meaning for ever, messages may be reworded. */
  readonly code: RunStoreErrorCode;
  /** The method or function that was called, for instance `'saveCases'`. */
  readonly operation?: string;
  /** The argument, option or row at fault, for instance `'options.margin["exact"]'` or `'cases[3]'`. */
  readonly argument?: string;
  /** The row that is there already (`'duplicate'`) or is not there (`'missing'`), where that is the fault. */
  readonly constraint?: {
    readonly kind: 'duplicate' | 'missing';
    readonly row: 'suite' | 'run' | 'case' | 'score' | 'trajectory';
    readonly id?: string;
  };
  /** The file of the store, `':memory:'`, or `'the handle given'`. */
  readonly path?: string;
  /** SQLite's extended result code, for instance 1555; `undefined` when SQLite was not involved. */
  readonly sqliteCode?: number;
  /**
   * The stored values that are not JSON, of `ERR_RUNSTORE_CORRUPT`; `undefined` where the file itself is damaged.
   * `store.doctor({ fix: true })` moves them to the table `damaged_values`.
   */
  readonly damaged?: DamagedValue[];
  /**
   * What the method would have returned, with null in the place of each damaged value (an optional field is left out):
   * as it will be after `store.doctor({ fix: true })`. Set with `damaged`, by `getRun`, `listRuns`,
   * `getLatestCompletedRun`, `queryRuns`, `getCases` and `getFailingCases`; `undefined` otherwise. It is not enumerable,
   * so that it is not logged with the error.
   *
   * @example
   * ```ts
   * import { type RunRow, RunStore, RunStoreError } from 'runstore';
   *
   * function listWhatCanBeRead(store: RunStore): RunRow[] {
   *   try {
   *     return store.listRuns();
   *   } catch (error) {
   *     if (!(error instanceof RunStoreError) || error.damaged === undefined) throw error;
   *     for (const { table, id, column } of error.damaged) console.warn(`${column} of ${id} in ${table} is damaged`);
   *     return error.readable as RunRow[];
   *   }
   * }
   *
   * console.log(listWhatCanBeRead(new RunStore(':memory:')));
   * ```
   */
  readonly readable?: unknown;
}

/** A stored value that should be JSON and is not. */
export interface DamagedValue {
  /** Where it stands. */
  table: 'runs' | 'cases' | 'scores';
  /** Id of the row; of a score, that of its case. */
  id: string;
  /** The column, for instance `'config'`. */
  column: string;
  /** What a reader of JSON has against it. */
  reason: string;
}

/**
 * Keeps suites, runs, cases, scores, benchmarks, trajectories, prompts, baselines and verdicts in one SQLite file.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 *
 * const store = new RunStore(':memory:');
 * const suite = store.createSuite('capitals');
 * const run = store.createRun({ suite_id: suite.id, name: 'first', model: 'gpt-x' });
 * store.saveResults(run, [
 *   {
 *     idx: 0,
 *     input: 'Capital of France?',
 *     output: 'Paris',
 *     expected: 'Paris',
 *     latency_ms: 210,
 *     scores: [{ scorer_name: 'exact', score: 1 }],
 *   },
 * ]);
 * const summary = store.getRunSummary(run);
 * store.finishRun(run, 'completed', summary);
 * console.log(summary.meanScores); // { exact: 1 }
 * ```
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 *
 * // The types of a case's input, expected value and metadata. Nothing is checked at run time.
 * const store = new RunStore<{ question: string }, string>(':memory:');
 * const run = store.createRun({ suite_id: store.createSuite('capitals').id, name: 'first', model: 'gpt-x' });
 * store.saveResults(run, [{ idx: 0, input: { question: 'Capital of France?' }, expected: 'Paris', scores: { exact: 1 } }]);
 * console.log(store.getCases(run).map((row) => row.input.question)); // [ 'Capital of France?' ]
 * ```
 */
export class RunStore<Input = unknown, Expected = unknown, Metadata = unknown> implements Disposable {
  #private;
  /**
   * Opens a store. The file and its folders are made when they do not exist; a file of an older shape is migrated.
   *
   * @param pathOrDb A path (default: the environment variable `RUNSTORE_DB`, else `.evals/store.db` under the current directory), `':memory:'` for a private
   *   store in memory, a `file:` URI, or your own synchronous SQLite handle, which is used itself,
   *   statement by statement, inside your transactions, and is not closed by {@link close}.
   * @param options For a path only; a handle of your own is as you set it.
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument.
   * @throws RunStoreError when the file cannot be opened; the message names the path.
   *
   * @example
   * ```ts
   * using store = new RunStore('results/nightly.db', { busyTimeoutMs: 30_000 });
   * console.log(store.listSuites().length); // 0
   * ```
   */
  constructor(pathOrDb?: string | DatabaseHandle | null, options?: RunStoreOptions);

  /** Absolute path of the file; `':memory:'` for a store in memory, `null` for a handle without a file. */
  readonly path: string | null;

  /**
   * Makes a suite. Names need not be unique: see {@link getOrCreateSuite} for a suite that several processes share.
   *
   * *As in `@deepagents/evals`.*
   */
  createSuite(name: string): SuiteRow;
  /**
   * Returns the newest suite of exactly this name, and makes it where there is none. Workers and CI shards that
   * ask for one name at the same time all get the same suite.
   *
   * @example
   * ```ts
   * const suite = store.getOrCreateSuite('capitals');
   * console.log(store.getOrCreateSuite('capitals').id === suite.id, store.listSuites().length); // true 1
   * ```
   */
  getOrCreateSuite(name: string): SuiteRow;
  /**
   * Makes one suite of several of the same name, which parallel workers that call `createSuite` make: the newest, which
   * {@link findSuiteByName} returns, gets the runs, baselines and verdicts of the others, and the others are removed. Of two
   * baselines of one name, the one that was set last stays. All of it happens, or nothing. *runstore*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no suite of this name.
   *
   * @example
   * ```ts
   * const [first, second] = [store.createSuite('rivers'), store.createSuite('rivers')];
   * store.createRun({ suite_id: first.id, name: 'nightly', model: 'gpt-x' });
   * const { suite, removed, runs } = store.uniteSuites('rivers');
   * console.log(suite.id === second.id, removed.length, runs); // true 1 1
   * ```
   */
  uniteSuites(name: string): UnitedSuites;
  /** Returns the suite, `undefined` when there is none. *As in `@deepagents/evals`.* */
  getSuite(id: string): SuiteRow | undefined;
  /** Returns the newest suite of exactly this name, `undefined` when there is none. *As in `@deepagents/evals`.* */
  findSuiteByName(name: string): SuiteRow | undefined;
  /** Returns all suites, newest first. *As in `@deepagents/evals`.* */
  listSuites(): SuiteRow[];
  /** Renames a suite. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  renameSuite(id: string, name: string): void;
  /**
   * Deletes a suite with its runs and all that belongs to them. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  deleteSuite(id: string): void;

  /**
   * Starts a run, with status `'running'`, and returns its id.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such suite, or a run of the given id exists.
   */
  createRun(run: NewRun): string;
  /**
   * Opens a run of a suite in one call: resumes the one that was interrupted, or starts a new one. The suite is
   * made when it does not exist.
   *
   * By default (`resume: 'latest'`), the run of the same suite, name and model that was started last is resumed if it was not
   * completed and no process is working on it. A run that another process is working on is left alone, and a new one is started.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when `resume` is an id and the suite has no such run;
   *   `ERR_RUNSTORE_BUSY` when another process is working on that run.
   *
   * @example
   * ```ts
   * const run = store.openRun({ suite: 'capitals', name: 'nightly', model: 'gpt-x' });
   * console.log(run.resumed); // false
   * store.finishRun(run.id, 'failed'); // it was interrupted
   * const again = store.openRun({ suite: 'capitals', name: 'nightly', model: 'gpt-x' });
   * console.log(again.id === run.id, again.resumed); // true true
   * ```
   */
  openRun(run: RunToOpen): OpenedRun;
  /**
   * Ends a run. Finishing again overwrites; without `summary`, an earlier one is erased. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  finishRun(runId: string, status: 'completed' | 'failed', summary?: RunSummary | null): void;
  /** Returns the run, `undefined` when there is none. *As in `@deepagents/evals`.* */
  getRun(runId: string): RunRow | undefined;
  /** Returns the runs of a suite, or of all suites, oldest first. *As in `@deepagents/evals`.* */
  listRuns(suiteId?: string | null): RunRow[];
  /**
   * Returns the completed run of the suite (and of the model, if given) that was started last.
   *
   * *As in `@deepagents/evals`.*
   */
  getLatestCompletedRun(suiteId: string, model?: string | null): RunRow | undefined;
  /** Renames a run. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  renameRun(id: string, name: string): void;
  /**
   * Changes tags, metadata, label, benchmarks, checkpoint or git of a run; all that is given, or nothing.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
   *
   * @example
   * ```ts
   * store.updateRun(runId, { tags: ['nightly'], metadata: { reviewed: true } });
   * store.updateRun(runId, { metadata: null });
   * console.log(store.getRun(runId)?.tags, store.getRun(runId)?.metadata); // [ 'nightly' ] undefined
   * ```
   */
  updateRun(runId: string, changes: RunChanges): void;
  /**
   * Returns a page of the runs that meet all conditions, newest first. The time that it takes does not grow
   * with the number of runs.
   *
   * For a page, at most 10,000 runs are looked at. Where several conditions or `search` leave few of them, it has fewer
   * runs than the limit, or none, and a cursor that goes on behind them; only a cursor of `null` says that there are no
   * more. A single condition fills its pages, but for `search` and the status `'completed'`.
   *
   * Runs that are made or deleted between two pages do not shift the others.
   *
   * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a cursor that is none.
   *
   * @example
   * ```ts
   * const suite_id = store.createSuite('capitals').id;
   * for (const name of ['first', 'second', 'third']) {
   *   store.createRun({ suite_id, name, model: 'gpt-x', tags: ['nightly'] });
   * }
   * const { runs, cursor } = store.queryRuns({ tag: 'nightly', limit: 2 });
   * console.log(runs.map(({ name }) => name)); // [ 'third', 'second' ]
   * const next = store.queryRuns({ tag: 'nightly', limit: 2, cursor });
   * console.log(next.runs.map(({ name }) => name), next.cursor); // [ 'first' ] null
   * ```
   *
   * @example
   * ```ts
   * // All of them, wherever they are.
   * const names: string[] = [];
   * for (let cursor: string | null | undefined; cursor !== null; ) {
   *   const page = store.queryRuns({ search: 'nightly build', cursor });
   *   names.push(...page.runs.map(({ name }) => name));
   *   cursor = page.cursor;
   * }
   * console.log(names.length); // 0
   * ```
   */
  queryRuns(query?: RunQuery | null): RunPage;
  /**
   * Goes on with a run that was interrupted: it is `'running'` again, this process is its owner, and its cases,
   * scores, results and trajectories stay. Its `finished_at`, `summary` and `scores` go. A run that has ended can be
   * resumed as well, for instance to do its {@link failedCases} again.
   *
   * A running run is taken over when its process has ended, or when its store was one of this process that is closed.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run; `ERR_RUNSTORE_BUSY` when another process is
   *   working on it, or may be, as another open store of this process may (in a worker thread, for instance): see
   *   {@link ResumeOptions.olderThanMs}.
   *
   * @example
   * ```ts
   * store.saveResults(runId, [{ idx: 0, key: 'fr', input: 'France', output: 'Paris' }]);
   * store.finishRun(runId, 'failed');
   * store.resumeRun(runId);
   * console.log(store.getRun(runId)?.status, store.missingCases(runId, ['fr', 'de'])); // running [ 'de' ]
   * ```
   */
  resumeRun(runId: string, options?: ResumeOptions | null): void;
  /**
   * Returns the process that works on a run, or did; `undefined` when it is not known, or there is no such run.
   *
   * That is the process that created, reset or resumed the run. When it has ended, the next one that writes to the running
   * run becomes its owner.
   *
   * @example
   * ```ts
   * const owner = store.getRunOwner(runId);
   * console.log(owner?.pid === process.pid, owner?.alive !== false); // true true
   * ```
   */
  getRunOwner(runId: string): RunOwnerRow | undefined;
  /**
   * Empties a run and starts it again: its cases, scores, results and trajectories are deleted, `started_at` is now.
   * Name, model, config, tags, metadata, label, benchmarks, checkpoint and git stay. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  resetRun(id: string): void;
  /**
   * Deletes a run with its cases, scores, results and trajectories, the baselines that it is and the verdicts on it. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  deleteRun(id: string): void;

  /**
   * Saves cases in one transaction: all of them, or none and an error that names the row.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when an id exists already, or there is no such run.
   */
  saveCases(cases: readonly NewCase<Input, Expected, Metadata>[] | Iterable<NewCase<Input, Expected, Metadata>>): void;
  /**
   * Saves scores in one transaction: all of them, or none and an error that names the row.
   * A scorer may score a case more than once; every score is kept and counts.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when an id exists already, or there is no such case.
   */
  saveScores(scores: readonly NewScore[] | Iterable<NewScore>): void;
  /**
   * Saves cases together with their scores in one transaction and returns the ids of the cases, also of those
   * that were there already.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when an id exists already (but see
   *   {@link SaveResultsOptions.onConflict}), or there is no such run.
   *
   * @example
   * ```ts
   * const [caseId] = store.saveResults(runId, [
   *   { idx: 0, input: '2+2', output: '4', scores: [{ scorer_name: 'exact', score: 1 }] },
   * ]);
   * console.log(store.countCases(runId)); // 1
   * ```
   *
   * @example
   * ```ts
   * const id = `${runId}/fr`;
   * const scores = [{ scorer_name: 'exact', score: 1 }];
   * store.saveResults(runId, [{ id, idx: 0, key: 'fr', input: 'France', error: 'rate limit' }]);
   * store.saveResults(runId, [{ id, idx: 0, key: 'fr', input: 'France', output: 'Paris', scores }], { onConflict: 'replace' });
   * console.log(store.getCases(runId).map(({ output, error }) => [output, error])); // [ [ 'Paris', null ] ]
   * ```
   */
  saveResults(
    runId: string,
    results: readonly CaseResult<Input, Expected, Metadata>[] | Iterable<CaseResult<Input, Expected, Metadata>>,
    options?: SaveResultsOptions | null,
  ): string[];
  /**
   * Returns which cases a run does not have yet, in the order given, each once. Strings are looked for among
   * the `key` of its cases, numbers among their `idx`. A case that is there counts, whatever became of it: see
   * {@link failedCases}.
   *
   * Of an unknown run, all are missing.
   *
   * @throws TypeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for what is neither, or both together.
   *
   * @example
   * ```ts
   * store.saveResults(runId, [{ idx: 0, key: 'fr', input: 'France', output: 'Paris' }]);
   * console.log(store.missingCases(runId, ['de', 'fr', 'it', 'de'])); // [ 'de', 'it' ]
   * console.log(store.missingCases(runId, [0, 1, 2])); // [ 1, 2 ]
   * ```
   */
  missingCases<Wanted extends string | number>(runId: string, keysOrIdxs: Iterable<Wanted>): Wanted[];
  /**
   * Returns the cases of a run that have to be done again: those with an `error`, in the order of
   * {@link getCases}.
   *
   * An answer that scored low is none of them: it was given and judged, and {@link getFailingCases} returns it. Neither is a
   * case without an output or without scores that has no error.
   *
   * @example
   * ```ts
   * store.saveResults(runId, [
   *   { idx: 0, input: 'France', output: 'Lyon', scores: [{ scorer_name: 'exact', score: 0 }] },
   *   { idx: 1, input: 'Italy', error: 'rate limit' },
   * ]);
   * console.log(store.failedCases(runId).map(({ idx, error }) => [idx, error])); // [ [ 1, 'rate limit' ] ]
   * ```
   */
  failedCases<In = Input, Ex = Expected, Meta = Metadata>(runId: string): CaseRow<In, Ex, Meta>[];
  /**
   * Returns the cases of a run by `idx`, then in the order they were saved. The types of their JSON values are those of the
   * store, or those that the call names: `store.getCases<string, number>(runId)`.
   *
   * *As in `@deepagents/evals`.*
   */
  getCases<In = Input, Ex = Expected, Meta = Metadata>(runId: string): CaseRow<In, Ex, Meta>[];
  /**
   * Reads the cases of a run in chunks, in the order of {@link getCases}, in bounded memory.
   *
   * Works with `for…of` and with `for await…of`; the latter lets the event loop run between chunks.
   * Cases that are saved while it reads may or may not be seen.
   *
   * @param options.batchSize Most cases read at once, 1 to 10,000. Default: 512. Large cases are read fewer at once.
   *
   * @example
   * ```ts
   * for await (const row of store.iterateCases(runId)) {
   *   console.log(row.idx, row.output);
   * }
   * ```
   */
  iterateCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    options?: { batchSize?: number | undefined },
  ): CaseIterable<In, Ex, Meta>;
  /** Returns the number of cases of a run. */
  countCases(runId: string): number;
  /**
   * Returns the cases that have a score below the threshold, each with **only** its scores below the threshold.
   * `Infinity` returns every case that has a score. For those that ended with an `error`, see {@link failedCases}.
   *
   * *As in `@deepagents/evals`.*
   *
   * @param threshold Default: 0.5. Not NaN.
   */
  getFailingCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    threshold?: number,
  ): CaseWithScores<In, Ex, Meta>[];
  /**
   * Returns counts, means and totals. An unknown run has zeros.
   *
   * *As in `@deepagents/evals`.*
   *
   * @param threshold A case passes when its lowest score is at least this. Default: 0.5. Not NaN.
   */
  getRunSummary(runId: string, threshold?: number): RunSummary;
  /**
   * Returns what {@link getRunSummary} does, with unscored and errored cases, attempts, pass@k, latencies and
   * cost, over all cases and by benchmark and tag. An unknown run has zeros.
   *
   * @param threshold A case passes when its lowest score is at least this. Default: 0.5. Not NaN.
   *
   * @example
   * ```ts
   * store.saveResults(runId, [
   *   { idx: 0, trial: 1, input: '2+2', latency_ms: 100, scores: [{ scorer_name: 'exact', score: 0 }] },
   *   { idx: 0, trial: 2, input: '2+2', latency_ms: 300, scores: [{ scorer_name: 'exact', score: 1 }] },
   *   { idx: 1, trial: 1, input: '3+3', error: 'timeout' },
   * ]);
   * const report = store.getRunReport(runId);
   * console.log(report.totalCases, report.exampleCount, report.erroredCount, report.unscoredCount); // 3 2 1 1
   * console.log(report.passAtK['2'], report.latencyP50Ms); // 1 200
   * ```
   */
  getRunReport(runId: string, threshold?: number): RunReport;

  /**
   * Keeps the result of a benchmark, in place of the one before.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such run.
   *
   * @example
   * ```ts
   * store.saveBenchmarkResult(runId, { benchmark: 'gsm8k', score: 0.5, num_examples: 4, num_correct: 2, num_errors: 1 });
   * console.log(store.getBenchmarkResult(runId, 'gsm8k')?.score_completed.toFixed(2)); // 0.67
   * ```
   */
  saveBenchmarkResult(runId: string, result: NewBenchmarkResult): void;
  /**
   * Returns the result of a benchmark: the one that was saved, or else counted from the cases of the run with
   * this `benchmark`, or else from its trajectories. `undefined` when there are none.
   *
   * When counted from cases, a case is correct when it has no error and its lowest score is at least the threshold;
   * `metrics` are the mean scores by scorer. When counted from trajectories, one is correct when its reward is above 0;
   * `metrics` are the means of theirs. `score` is `num_correct / num_examples`.
   *
   * @param threshold Default: 0.5. Not NaN.
   *
   * @example
   * ```ts
   * store.saveResults(runId, [
   *   { idx: 0, benchmark: 'gsm8k', input: '2+2', scores: [{ scorer_name: 'exact', score: 1 }] },
   *   { idx: 1, benchmark: 'gsm8k', input: '3+3', error: 'timeout' },
   * ]);
   * const result = store.getBenchmarkResult(runId, 'gsm8k');
   * console.log(result?.score, result?.score_completed, result?.source); // 0.5 1 cases
   * ```
   */
  getBenchmarkResult(runId: string, benchmark: string, threshold?: number): BenchmarkResultRow | undefined;
  /**
   * Returns the names of the benchmarks of which the run has a result, cases or trajectories, sorted by code
   * points.
   *
   * @example
   * ```ts
   * store.saveBenchmarkResult(runId, { benchmark: 'mmlu', score: 1, num_examples: 1, num_correct: 1 });
   * store.saveResults(runId, [{ idx: 0, benchmark: 'gsm8k', input: '2+2' }]);
   * console.log(store.listBenchmarks(runId)); // [ 'gsm8k', 'mmlu' ]
   * ```
   */
  listBenchmarks(runId: string): string[];
  /**
   * Ends a run and returns it: collects the scores of the benchmarks that it was made for (or, when none were
   * named, of all that it has), keeps them and the combined summary, sets `status` and `finished_at`, and, if there are
   * cases, `summary`. Benchmarks without a result are left out. May be repeated.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
   *
   * @example
   * ```ts
   * store.saveBenchmarkResult(runId, { benchmark: 'gsm8k', score: 0.75, num_examples: 4, num_correct: 3 });
   * const run = store.finalizeRun(runId);
   * console.log(run.status, run.scores); // completed { gsm8k: 0.75 }
   * ```
   */
  finalizeRun(runId: string, options?: FinalizeOptions | null): RunRow;
  /**
   * Returns the combined summary, by benchmark; `undefined` for a run that was not finalized.
   *
   * @example
   * ```ts
   * store.saveBenchmarkResult(runId, { benchmark: 'gsm8k', score: 0.75, num_examples: 4, num_correct: 3 });
   * store.finalizeRun(runId);
   * console.log(store.readSummary(runId)?.['gsm8k']?.num_correct); // 3
   * ```
   */
  readSummary(runId: string): Record<string, BenchmarkSummary> | undefined;

  /**
   * Saves trajectories in one transaction: all of them, or none and an error that names the row.
   *
   * Texts of turns of 512 bytes and more are kept once, however often they come, and compressed where that pays.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when the run has a trajectory of this benchmark and idx already, or
   *   there is no such run.
   *
   * @example
   * ```ts
   * store.saveTrajectories(runId, [
   *   {
   *     benchmark: 'gsm8k',
   *     idx: 0,
   *     turns: [
   *       { role: 'user', content: 'What is 2+2?' },
   *       { role: 'assistant', content: '4', token_count: 1 },
   *     ],
   *     reward: 1,
   *   },
   * ]);
   * console.log(store.getTrajectory(runId, 'gsm8k', 0)?.turns[1]?.content); // 4
   * ```
   */
  saveTrajectories(runId: string, trajectories: readonly NewTrajectory[] | Iterable<NewTrajectory>): void;
  /**
   * Adds turns to a trajectory while it happens, and returns how many it has then. Readers see them at once,
   * and they survive the death of the process. The first call begins the trajectory.
   *
   * @param outcome What is known by now; what is not given stays as it is.
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such run.
   *
   * @example
   * ```ts
   * store.appendTurns(runId, 'maze', 7, [{ role: 'environment', content: 'A wall.' }]);
   * const turns = [{ role: 'assistant' as const, content: 'left' }];
   * console.log(store.appendTurns(runId, 'maze', 7, turns, { reward: 1 })); // 2
   * ```
   */
  appendTurns(
    runId: string,
    benchmark: string,
    idx: number,
    turns: readonly NewTurn[] | Iterable<NewTurn>,
    outcome?: TrajectoryOutcome | null,
  ): number;
  /**
   * Returns a page of trajectories, by benchmark (in the order of code points) and idx.
   *
   * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a cursor that is none of this query.
   *
   * @example
   * ```ts
   * store.saveTrajectories(runId, [
   *   { benchmark: 'gsm8k', idx: 0, reward: 1 },
   *   { benchmark: 'gsm8k', idx: 1, error: 'timeout' },
   * ]);
   * const { trajectories, cursor } = store.getTrajectories(runId, { benchmark: 'gsm8k', outcome: 'error' });
   * console.log(trajectories.map(({ idx }) => idx), cursor); // [ 1 ] null
   * ```
   */
  getTrajectories(runId: string, options?: TrajectoryQuery | null): TrajectoryPage;
  /**
   * Returns one trajectory, `undefined` when there is none. The time that it takes does not grow with the run.
   *
   * @example
   * ```ts
   * console.log(store.getTrajectory(runId, 'gsm8k', 0)); // undefined
   * ```
   */
  getTrajectory(runId: string, benchmark: string, idx: number): TrajectoryRow | undefined;
  /**
   * Reads trajectories in chunks, in the order of {@link getTrajectories}, in bounded memory.
   *
   * Works with `for…of` and with `for await…of`; the latter lets the event loop run between chunks.
   *
   * @param options.batchSize Most trajectories read at once, 1 to 10,000; never more than 512, nor much more than 1 MiB.
   *   Default: 100.
   *
   * @example
   * ```ts
   * for await (const { idx, turns, reward } of store.iterateTrajectories(runId, { benchmark: 'gsm8k' })) {
   *   console.log(idx, turns.length, reward);
   * }
   * ```
   */
  iterateTrajectories(
    runId: string,
    options?: (TrajectoryFilter & { batchSize?: number | null | undefined }) | null,
  ): TrajectoryIterable;

  /**
   * Makes the next version of the prompt of this name: 1 more than its greatest version. Safe between processes.
   *
   * *As in `@deepagents/evals`.*
   *
   * @example
   * ```ts
   * store.createPrompt('judge', 'Is the answer right?');
   * store.createPrompt('judge', 'Is the answer right? Say why.');
   * console.log(store.getLatestPrompt('judge')?.version); // 2
   * ```
   */
  createPrompt(name: string, content: string): PromptRow;
  /**
   * Returns all prompts by name (ASCII letters without regard to case), newest version first.
   *
   * *As in `@deepagents/evals`.*
   */
  listPrompts(): PromptRow[];
  /** Returns the prompt version of this id, `undefined` when there is none. *As in `@deepagents/evals`.* */
  getPrompt(id: string): PromptRow | undefined;
  /** Returns the newest version of the prompt of exactly this name, `undefined` when there is none. */
  getLatestPrompt(name: string): PromptRow | undefined;
  /** Returns one version of the prompt of exactly this name, `undefined` when there is none. */
  getPromptVersion(name: string, version: number): PromptRow | undefined;
  /** Deletes one prompt version. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  deletePrompt(id: string): void;

  /**
   * Makes a run the baseline of this name in its suite, in place of the one before. It stays the baseline
   * until another is set, or the run is deleted.
   *
   * @param name Not empty. Default: `'main'`.
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when the suite has no such run.
   *
   * @example
   * ```ts
   * const { suite_id } = store.getRun(runId)!;
   * store.setBaseline(suite_id, runId);
   * console.log(store.getBaseline(suite_id)?.run.name); // first
   * ```
   */
  setBaseline(suiteId: string, runId: string, name?: string): void;
  /**
   * Returns the baseline of this name, with its run and its age; `undefined` when there is none.
   *
   * @param name Default: `'main'`.
   *
   * @example
   * ```ts
   * const baseline = store.getBaseline('no such suite', 'release');
   * console.log(baseline); // undefined
   * ```
   */
  getBaseline(suiteId: string, name?: string): BaselineRow | undefined;
  /**
   * Returns the baselines of a suite by name.
   *
   * @example
   * ```ts
   * const { suite_id } = store.getRun(runId)!;
   * for (const name of ['release', 'main']) store.setBaseline(suite_id, runId, name);
   * console.log(store.listBaselines(suite_id).map(({ name }) => name)); // [ 'main', 'release' ]
   * ```
   */
  listBaselines(suiteId: string): BaselineRow[];
  /**
   * Forgets a baseline, but not its run, and returns whether there was one.
   *
   * @example
   * ```ts
   * const { suite_id } = store.getRun(runId)!;
   * store.setBaseline(suite_id, runId, 'release');
   * console.log(store.removeBaseline(suite_id, 'release')); // true
   * ```
   */
  removeBaseline(suiteId: string, name: string): boolean;

  /**
   * Keeps what a gate of `runstore/comparison` said, and returns the id of the verdict. A verdict stays until
   * the candidate's run is deleted.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for what is no report of a gate.
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when the candidate's run does not exist.
   *
   * @example
   * ```ts
   * import { RunStore } from 'runstore';
   * import { gate } from 'runstore/comparison';
   *
   * const store = new RunStore(':memory:');
   * const suite_id = store.createSuite('capitals').id;
   * const [baseline, candidate] = ['a', 'b'].map((name) => store.createRun({ suite_id, name, model: 'gpt-x' }));
   * store.recordVerdict(gate(store, baseline!, candidate!));
   * console.log(store.listVerdicts({ suiteId: suite_id })[0]?.decision); // INCONCLUSIVE
   * ```
   */
  recordVerdict(report: GateReport): string;
  /**
   * Returns the verdicts that were kept, newest first.
   *
   * @example
   * ```ts
   * console.log(store.listVerdicts({ runId, limit: 1 })); // []
   * ```
   */
  listVerdicts(options?: VerdictFilter | null): VerdictRow[];

  /**
   * Returns a row for each of the last completed runs of a suite and each scorer: its mean with an interval,
   * and what it differs by from the run before and from the baseline. Oldest run first, then by scorer. A run without any
   * score has a row only where a scorer is named.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when a baseline is named that the suite does not have.
   *
   * @example
   * ```ts
   * const suite_id = store.createSuite('capitals').id;
   * for (const score of [0, 1]) {
   *   const run = store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
   *   store.saveResults(run, [{ idx: 0, input: 'France', scores: [{ scorer_name: 'exact', score }] }]);
   *   store.finishRun(run, 'completed');
   * }
   * const [, last] = store.history(suite_id, { scorer: 'exact' });
   * console.log(last?.mean, last?.delta_previous?.delta); // 1 1
   * ```
   */
  history(suiteId: string, options?: HistoryOptions | null): HistoryRow[];
  /**
   * Returns whether the mean of a scorer rises or falls over the last completed runs: a line of least squares,
   * one step a run (Draper & Smith 1998, Applied Regression Analysis). It sees eight small drops in a row of which none
   * is significant by itself.
   *
   * @example
   * ```ts
   * const suite_id = store.createSuite('capitals').id;
   * for (const score of [0.9, 0.8, 0.7]) {
   *   const run = store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
   *   store.saveResults(run, [{ idx: 0, input: 'France', scores: [{ scorer_name: 'judge', score }] }]);
   *   store.finishRun(run, 'completed');
   * }
   * const trend = store.trend(suite_id, { scorer: 'judge' });
   * console.log(trend.direction, trend.slope?.toFixed(2)); // falling -0.10
   * ```
   */
  trend(suiteId: string, options: TrendOptions): ScorerTrend;

  /**
   * Looks the store over: the integrity of the file, references between rows, the schema, values that cannot
   * be read, runs that never ended, free space.
   *
   * With `fix`, indexes are made again, rows that refer to nothing are moved to tables `orphaned_*`, and values that are
   * not JSON to the table `damaged_values`; nothing is thrown away. A file that is damaged beyond its indexes is not
   * written to: `salvage` of `runstore/maintenance` reads what can be read of it.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad option.
   *
   * @example
   * ```ts
   * const report = store.doctor({ fix: true });
   * console.log(report.healthy, report.fixed); // true []
   * ```
   */
  doctor(options?: DoctorOptions): DoctorReport;
  /**
   * Copies the store to a file, as it is at one moment, while others may write. The copy appears under its
   * name once it is whole and on the disk. An older copy of that name is replaced; a file that is no database, or that is
   * in use, is not.
   *
   * @param path Where the copy goes; folders are made.
   * @param options.onProgress Is called every few milliseconds, but on a handle of your own. What it throws ends the
   *   backup, leaves nothing of it, and comes out as it is.
   * @throws RunStoreError (`ERR_RUNSTORE_EXISTS`) when the path holds something that must not be replaced.
   *
   * @example
   * ```ts
   * const { bytes } = store.backup('backups/nightly.db');
   * console.log(bytes > 0); // true
   * ```
   */
  backup(path: string, options?: { onProgress?: ((progress: BackupProgress) => void) | undefined }): BackupReport;
  /**
   * Deletes old runs with their cases and scores, and gives their room back to the disk. Baselines and runs
   * that are running stay. Each run is deleted in a transaction of its own.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad option, or without any that says what goes.
   *
   * @example
   * ```ts
   * const month = 30 * 24 * 60 * 60 * 1000;
   * const { runs } = store.prune({ keep: 10, olderThanMs: month, dryRun: true });
   * console.log(runs.length); // 0
   * ```
   */
  prune(options: PruneOptions): PruneReport;
  /**
   * Marks runs `'failed'` that are `'running'` and that nobody works on any more, as of their last heartbeat.
   *
   * That is known of runs whose process was one of this machine and has ended. A run whose process lives is never touched,
   * however long it has been silent. All of them are marked, or none; doing it again does nothing. Go on with one by
   * {@link resumeRun}.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad option.
   *
   * @example
   * ```ts
   * const hour = 60 * 60 * 1000;
   * const { runs } = store.recoverRuns({ olderThanMs: 2 * hour });
   * console.log(runs); // []
   * ```
   */
  recoverRuns(options?: RecoverOptions | null): RecoverReport;
  /**
   * Writes the file anew without its free space. Needs as much room again while it works, and others who
   * write wait until it is done.
   */
  vacuum(): VacuumReport;

  /**
   * Closes the store; closing again does nothing. Every other method then throws `ERR_RUNSTORE_CLOSED`.
   * A handle of the caller's stays open.
   */
  close(): void;
  /** {@link close}, for `using store = new RunStore()`. */
  [Symbol.dispose](): void;
}
