/// <reference lib="esnext.disposable" />

/**
 * runstore: records the runs of LLM evaluations.
 *
 * A drop-in replacement for `@deepagents/evals/store`: everything documented there works here, with the same rows.
 * Types and methods that exist there are marked at their end.
 *
 * All operations are synchronous. An operation takes effect completely or not at all. Once it has returned, its rows
 * survive a crash of the process (on your own handle with an open transaction: once you have committed it).
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
  /**
   * The summary that {@link RunStore.finishRun} was given, or {@link RunStore.finalizeRun} made; `null` without one. Later
   * writes do not change it, such as other scores, or results with `onConflict: 'replace'`: {@link RunStore.getRunSummary}
   * counts what the run has now.
   */
  summary: RunSummary | null;
  /** Labels of the run. Present only when set. */
  tags?: string[];
  /** Anything else about the run. Present only when set. */
  metadata?: Record<string, unknown>;
  /**
   * A readable name: `{checkpoint or 'base'}_{YYYYMMDD_HHMMSS}_{6 hex}` unless you gave another. The time is the start
   * of the run in UTC; the hex digits are the first of its id. Present when set, and for a run with a checkpoint or
   * benchmarks.
   */
  label?: string;
  /** The benchmarks that the run evaluates. Present only when set. */
  benchmarks?: string[];
  /** The state of the model. Present only when set. */
  checkpoint?: { name: string | null; path: string | null };
  /** The state of the code. Present only when set. */
  git?: GitState;
  /** The score of each benchmark, as {@link RunStore.finalizeRun} collected them. Present once it has. */
  scores?: Record<string, number>;
  /**
   * The run is being imported: it is `'running'` and incomplete. When the import ends, the run gets its own status; when
   * the import is abandoned, the run is removed. Present only during the import.
   */
  importing?: true;
}

/** The state of the code that a run was created with. */
export interface GitState {
  /** Hash of the commit; `null` before the first commit. */
  commit: string | null;
  /** `null` when no branch is checked out. */
  branch: string | null;
  /** Whether a tracked file differs from the commit; `null` when unknown. */
  dirty: boolean | null;
}

/**
 * One case of a run: input, output and cost. The type parameters are the types of its JSON values: see {@link RunStore}.
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
  /** Milliseconds; `null` when not measured. The types of `runstore/store` say `number`, as those of `@deepagents/evals`. */
  latency_ms: number | null;
  /** `null` when not counted. */
  tokens_in: number | null;
  /** `null` when not counted. */
  tokens_out: number | null;
  /** Why the case has no output; `null` when there was no error. */
  error: string | null;
  /** A name that the case keeps from run to run; comparisons pair cases by it. Present only when set. */
  key?: string;
  /** Number of the attempt when a case is tried several times. Present only when set. */
  trial?: number;
  /** Benchmark the case belongs to. Present only when set. */
  benchmark?: string;
  /** A group of cases that are not independent (one document, one user); intervals account for it. Present only when set. */
  cluster?: string;
  /** Anything else about the case. Present only when set. */
  metadata?: Metadata;
  /** Cost of the case in US dollars. Present only when set. */
  cost_usd?: number;
  /** When the case started, in milliseconds since the epoch. Present only when set. */
  started_at?: number;
}

/** A case with its scores that are below a threshold: `Infinity` is above all. *As in `@deepagents/evals`.* */
export interface CaseWithScores<Input = unknown, Expected = unknown, Metadata = unknown>
  extends CaseRow<Input, Expected, Metadata> {
  /** Those below the threshold, in the order in which they were saved. */
  scores: Array<Omit<ScoreRow, 'id' | 'case_id'>>;
}

/** The judgement of one scorer on one case. *As in `@deepagents/evals`: `id` to `reason`.* */
export interface ScoreRow {
  id: string;
  case_id: string;
  scorer_name: string;
  /** Usually 0 to 1, higher is better; any number that is not NaN is kept. */
  score: number;
  /** Why the score was given; `null` when the scorer gave no reason. */
  reason: string | null;
  /** Present only when set. */
  metadata?: Record<string, unknown>;
  /** The answer that the scorer extracted from the output. Present only when set. */
  answer?: string;
}

/** Counts, means and totals of a run, over all attempts: each row of the run is one. *As in `@deepagents/evals`.* */
export interface RunSummary {
  /** Number of attempts; {@link CaseReport.exampleCount} is the number of different cases. */
  totalCases: number;
  /** Attempts whose lowest score is at least the threshold. */
  passCount: number;
  /** Attempts whose lowest score is below the threshold. Those without a score are in neither count. */
  failCount: number;
  /** Mean by scorer, over all of its scores: a case that was scored three times counts three times. */
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
  /** Any JSON value. `undefined`, functions and symbols are refused. */
  input: Input;
  /** The model's answer; `null` when there is none. */
  output: string | null;
  /** Any JSON value; `null` and `undefined` mean that there is no expected answer. */
  expected?: Expected | null | undefined;
  /** Milliseconds. `null` and NaN are stored as `null`, here and for the tokens. */
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

/** A case to save whose `id` may be omitted; it then gets a UUID v7. */
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

/** A score to save whose `id` may be omitted; it then gets a UUID v7. */
export interface NewScore extends Omit<ScoreData, 'id'> {
  id?: string | undefined;
}

/** The score of one scorer for the case that contains it. */
export interface NewScoreOfCase extends Omit<NewScore, 'case_id'> {}

/** The scores of the case that contains them, by name of the scorer: a number, or an object with `score` and more. */
export type ScoresByName = Readonly<Record<string, number | Omit<NewScoreOfCase, 'scorer_name'>>>;

/** A case with its scores, for {@link RunStore.saveResults}. Only `idx` and `input` are required. */
export interface CaseResult<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Omit<NewCase<Input, Expected, Metadata>, 'run_id' | 'output' | 'latency_ms' | 'tokens_in' | 'tokens_out'> {
  output?: string | null | undefined;
  latency_ms?: number | null | undefined;
  tokens_in?: number | null | undefined;
  tokens_out?: number | null | undefined;
  /**
   * The scores of this case; omitted or empty for a case that was not scored. Either by name of the scorer,
   * `{ exact: 1, fluent: { score: 0.7, reason: 'stiff' } }`, or a list, `[{ scorer_name: 'exact', score: 1 }]`, which may
   * contain several scores of one scorer.
   */
  scores?: readonly NewScoreOfCase[] | Iterable<NewScoreOfCase> | ScoresByName | null | undefined;
}

/** What {@link RunStore.uniteSuites} did. */
export interface UnitedSuites {
  /** The suite that now has all runs. */
  suite: SuiteRow;
  /** Ids of the suites that were removed. */
  removed: string[];
  /** How many runs were moved. */
  runs: number;
}

/** What {@link RunStore.saveResults} does with a case that exists already. */
export interface SaveResultsOptions {
  /**
   * What to do with a result whose case the run already has: `'replace'` replaces the old case and **all** of its scores by
   * the new case and its scores; `'ignore'` keeps the old case and its scores, and drops the new ones; `'error'` refuses all
   * results. Default: `'error'`.
   *
   * A result matches the case with the same `id`. Without an `id` but with a `key`, it matches the case with the same `key`,
   * `trial`, `idx` and `benchmark`; no `trial` means trial 0. Without both, it is always a new case. `'error'` only compares
   * ids: a result without an `id` is then always a new case.
   *
   * If two results match the same case, the later one is handled as if the earlier one were already saved. The id of a case
   * of another run is always an error.
   */
  onConflict?: 'error' | 'replace' | 'ignore' | null | undefined;
}

/** When {@link RunStore.resumeRun} may take over a run. */
export interface ResumeOptions {
  /**
   * When it is unknown whether the owner of a running run is still alive, the run is taken over if its last heartbeat is at
   * least this many milliseconds old; 0 takes it over at once. Omitted: such a run is not taken over.
   */
  olderThanMs?: number | null | undefined;
}

/** The process that works on a run, or worked on it last. */
export interface RunOwnerRow {
  run_id: string;
  /** Number of the process. */
  pid: number;
  /** Name of its machine. */
  host: string;
  /** Time of the last heartbeat in milliseconds since the epoch. The last write to the run is at most ten seconds later. */
  heartbeat_at: number;
  /** Whether the process is alive; `null` when this cannot be determined on this machine. */
  alive: boolean | null;
}

/** What {@link RunStore.createRun} takes. *As in `@deepagents/evals`: `suite_id` to `config`.* */
export interface NewRun {
  suite_id: string;
  name: string;
  /** Name of the model, or of anything else that distinguishes the candidates. */
  model: string;
  /** The configuration of the run: parameters, ids of prompts, a commit. */
  config?: object | null | undefined;
  /** Your own id for the run. An id that exists already is refused with `ERR_RUNSTORE_CONSTRAINT`. */
  id?: string | undefined;
  /** Labels. */
  tags?: readonly string[] | null | undefined;
  /** Anything else about the run. */
  metadata?: object | null | undefined;
  /** See {@link RunRow.label}. */
  label?: string | null | undefined;
  /** Names of the benchmarks that the run evaluates, each once. */
  benchmarks?: readonly string[] | null | undefined;
  /** The state of the model; a name, a path, or both. */
  checkpoint?: { name?: string | null | undefined; path?: string | null | undefined } | null | undefined;
  /**
   * The state of the code. `true` reads it from the git working tree that contains the current directory: commit and
   * branch from git's files, and whether tracked files differ by running git. Outside a working tree it is not set.
   */
  git?: boolean | { [Name in keyof GitState]?: GitState[Name] | undefined } | null | undefined;
  /** When the run started: a Date, or milliseconds since the epoch. Default: now. */
  startedAt?: Date | number | null | undefined;
}

/** A run to open with {@link RunStore.openRun}: a new run, with the name of its suite. */
export interface RunToOpen extends Omit<NewRun, 'suite_id'> {
  /** Name of the suite, which is created when it does not exist. */
  suite: string;
  /**
   * `'latest'` (default) resumes the most recently started run with the same suite, name and model, unless it was
   * completed; an id resumes that run; `false` always starts a new run. A resumed run keeps its own `config`, `tags` and other
   * fields. A run that this store has opened and not finished is resumed as well.
   */
  resume?: 'latest' | (string & {}) | false | undefined;
}

/** The run that {@link RunStore.openRun} opened. */
export interface OpenedRun {
  id: string;
  suite_id: string;
  /** Whether an existing run is continued; `false` for a new run. */
  resumed: boolean;
}

/** What {@link RunStore.updateRun} changes. Omitted fields stay as they are, `null` removes a field. */
export interface RunChanges {
  tags?: readonly string[] | null | undefined;
  /** Replaces the metadata. */
  metadata?: object | null | undefined;
  label?: string | null | undefined;
  /** Each once. */
  benchmarks?: readonly string[] | null | undefined;
  checkpoint?: { name?: string | null | undefined; path?: string | null | undefined } | null | undefined;
  git?: boolean | { [Name in keyof GitState]?: GitState[Name] | undefined } | null | undefined;
}

/** Which runs {@link RunStore.queryRuns} returns: those that meet all conditions. `null` and `undefined` are ignored. */
export interface RunQuery {
  /** Id of the suite, or its name, as for {@link RunStore.openRun}: then the newest suite with this name. */
  suite?: string | null | undefined;
  model?: string | null | undefined;
  status?: 'running' | 'completed' | 'failed' | null | undefined;
  /** One of its tags. */
  tag?: string | null | undefined;
  /** Name of its checkpoint. */
  checkpoint?: string | null | undefined;
  /** One of the benchmarks that the run evaluates. */
  benchmark?: string | null | undefined;
  /** Started at this time or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | null | undefined;
  /** Started at this time or earlier. */
  until?: Date | number | null | undefined;
  /** A substring of name, label, model, checkpoint or id; case-insensitive for ASCII characters. */
  search?: string | null | undefined;
  /** By `started_at`; runs with the same time by order of creation. Default: `'newest'` first. */
  orderBy?: 'newest' | 'oldest' | null | undefined;
  /** Maximum number of runs in the page, 1 to 10,000. Default: 100. */
  limit?: number | null | undefined;
  /** The `cursor` of the previous page of the same query. */
  cursor?: string | null | undefined;
}

/** A page of runs. */
export interface RunPage {
  /** At most {@link RunQuery.limit} runs. A page may be short, even empty, while more runs exist: see {@link RunPage.cursor}. */
  runs: RunRow[];
  /** The cursor of the next page; `null` when there are no more runs. */
  cursor: string | null;
}

/** The result of a benchmark, to be saved. */
export interface NewBenchmarkResult {
  /** Name of the benchmark. */
  benchmark: string;
  /** Over all examples; a finite number. */
  score: number;
  num_examples: number;
  /** Examples that were solved. */
  num_correct: number;
  /** Examples that ended with an error. Default: 0. */
  num_errors?: number | undefined;
  /** Examples that were truncated. Default: 0. */
  num_truncated?: number | undefined;
  /** Default: none. */
  metrics?: Readonly<Record<string, number>> | null | undefined;
  /** Default: `null`, not measured. */
  time_seconds?: number | null | undefined;
  /** pass@k, the probability that at least one of k attempts succeeds, by k. Default: none. */
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
  /** `null` when not measured. Computed from cases or trajectories: the sum over those with a time. */
  time_seconds: number | null;
  /** By k, as text. */
  pass_at_k: Record<string, number>;
  /** `'saved'`, or the rows that it was computed from. */
  source: 'saved' | 'cases' | 'trajectories';
}

/** One benchmark in the combined summary of a run. */
export interface BenchmarkSummary {
  score: number;
  num_examples: number;
  num_correct: number;
  num_errors: number;
}

/** The author of a turn. */
export type TurnRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function' | 'environment' | 'grader';

/** A call of a tool in a message of OpenAI's API. */
export interface ToolCall {
  id: string;
  type: string;
  /** `arguments` is text, which the model meant to be JSON. */
  function?: { name: string; arguments: string };
  /** Of a tool of the type `'custom'`. */
  custom?: { name: string; input: string };
}

/**
 * A turn to save, or an unchanged message of OpenAI's chat API. Fields that are not named here are kept as well, and are
 * returned unchanged, except those that are `null`.
 */
export interface NewTurn {
  role: TurnRole;
  /**
   * Text, or an array of parts, each any JSON value. May be omitted beside `tool_calls`, `function_call`, `refusal` or
   * `audio`.
   */
  content?: string | readonly unknown[] | null | undefined;
  /** Default: `null`, not counted. */
  token_count?: number | null | undefined;
  /** Default: none. */
  metadata?: object | null | undefined;
  /** Name of the author, if several share the role; with the role `'function'`, name of the function. */
  name?: string | null | undefined;
  /** The calls of tools by the model. */
  tool_calls?: readonly object[] | null | undefined;
  /** With the role `'tool'`: the `id` of the call that is answered. */
  tool_call_id?: string | null | undefined;
  refusal?: string | null | undefined;
  annotations?: readonly object[] | null | undefined;
  audio?: object | null | undefined;
  function_call?: object | null | undefined;
}

/** The fields of a trajectory besides its turns. */
export interface TrajectoryOutcome {
  /** Name of the example; attempts at the same example share it. Default: `''`. */
  example_id?: string | null | undefined;
  /** The example is solved if it is above 0. Any number but NaN. Default: 0. */
  reward?: number | null | undefined;
  /** Numbers by name. Default: none. */
  metrics?: Readonly<Record<string, number>> | null | undefined;
  /** Anything else, as JSON. Default: none. */
  logs?: object | null | undefined;
  /** Why it ended early. Default: `null`. */
  error?: string | null | undefined;
  /** Default: `null`, not measured. */
  time_seconds?: number | null | undefined;
  /** Number of the attempt, any whole number. Default: none. */
  trial?: number | null | undefined;
  /** Id of the case that it belongs to, a case of the same run. Default: none. */
  case_id?: string | null | undefined;
  /** Key of that case, instead of its id. Where several cases have this key, `trial` decides. */
  key?: string | null | undefined;
}

/** What {@link RunStore.saveTrajectories} does with a trajectory that exists already. */
export interface SaveTrajectoriesOptions {
  /**
   * What to do when the run already has a trajectory of this benchmark and `idx`: `'error'` refuses all trajectories of the
   * call; `'replace'` stores the new one in its place and keeps no turn or outcome of the old one; `'ignore'` keeps the old
   * one. Default: `'error'`.
   *
   * Within one call, a later trajectory of the same benchmark and `idx` conflicts with an earlier one in the same way.
   */
  onConflict?: 'error' | 'replace' | 'ignore' | null | undefined;
}

/** A trajectory to save: the turns of one example, and their outcome. */
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
  /** `null` if the message has no content, for instance beside `tool_calls`. */
  content: string | unknown[] | null;
  /** `null` when not counted. */
  token_count: number | null;
  metadata: Record<string, unknown>;
  /** Name of the author. Like the following fields, present only when it was saved. */
  name?: string;
  tool_calls?: ToolCall[];
  tool_call_id?: string;
  refusal?: string;
  annotations?: object[];
  audio?: object;
  function_call?: object;
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
  /** `null` when not measured. */
  time_seconds: number | null;
  /** Number of the attempt, if it was saved. */
  trial?: number;
  /** Id of the case that it belongs to, if one was named. */
  case_id?: string;
  /** Key of that case, if it has one. */
  key?: string;
}

/** Which trajectories {@link RunStore.iterateTrajectories} reads. `null` and `undefined` are ignored. */
export interface TrajectoryFilter {
  benchmark?: string | null | undefined;
  /**
   * `'correct'`: the reward is above 0, with or without an error. `'incorrect'`: the reward is not above 0, and there is
   * no error. `'error'`: there is an error. These are the filters of tinker's `read_trajectories`.
   */
  outcome?: 'correct' | 'incorrect' | 'error' | null | undefined;
  /** Only trajectories of the case with this id. */
  caseId?: string | null | undefined;
  /** Only trajectories of the cases with this key. */
  key?: string | null | undefined;
  /** Only trajectories that were saved with this `trial`. */
  trial?: number | null | undefined;
}

/** Which trajectories {@link RunStore.getTrajectories} returns. */
export interface TrajectoryQuery extends TrajectoryFilter {
  /** Maximum number of trajectories in the page, 1 to 10,000. Default: 100. */
  limit?: number | null | undefined;
  /** The `cursor` of the previous page of the same query. */
  cursor?: string | null | undefined;
}

/** A page of trajectories. */
export interface TrajectoryPage {
  trajectories: TrajectoryRow[];
  /** The cursor of the next page; `null` when there are no more trajectories. */
  cursor: string | null;
}

/** Trajectories that are read in chunks during iteration. Each loop reads from the start. */
export interface TrajectoryIterable extends Iterable<TrajectoryRow>, AsyncIterable<TrajectoryRow> {}

/** How {@link RunStore.finalizeRun} ends a run. */
export interface FinalizeOptions {
  /** Default: `'completed'`. */
  status?: 'completed' | 'failed' | null | undefined;
  /** A case passes when its lowest score is at least this. Default: 0.5. */
  threshold?: number | null | undefined;
}

/**
 * A summary with further figures. Counts and totals are over attempts, as in {@link RunSummary}: each row of the run is one
 * attempt. `meanScores` and `passAtK` are over cases, as in `compare`, `gate`, `history` and `trend`: rows with the same
 * `key` are attempts at one case. If some row of the run has no key, rows with the same input are attempts at one case
 * instead. `idx` does not matter. A figure is `null` where infinite scores leave no finite number.
 */
export interface CaseReport extends Omit<RunSummary, 'totalLatencyMs' | 'totalTokensIn' | 'totalTokensOut'> {
  /**
   * By scorer, the mean over cases: the scores of an attempt, then the attempts at a case, are reduced to one score first.
   * Infinite scores are left out; `null` if there are no others. ({@link RunSummary.meanScores} is over all scores.)
   */
  meanScores: Record<string, number>;
  /** Milliseconds over the cases with a latency; `null` when there are none. */
  totalLatencyMs: number | null;
  /** Over the cases with a count; `null` when there are none. */
  totalTokensIn: number | null;
  /** Likewise. */
  totalTokensOut: number | null;
  /** Attempts without a score; they are in neither `passCount` nor `failCount`. */
  unscoredCount: number;
  /** Attempts with an error. */
  erroredCount: number;
  /** Number of different cases. */
  exampleCount: number;
  /** The largest number of attempts at one case. */
  mostTrials: number;
  /**
   * pass@k (Chen et al. 2021): the probability that at least one of k attempts at a case passes, for k = 1, 5, 10, 25,
   * 50 and 100 up to `mostTrials`, and for `mostTrials`. The mean over the cases with at least k attempts. An attempt
   * without a score counts as not passed.
   */
  passAtK: Record<string, number>;
  /**
   * By k, the number of cases with at least k attempts: `passAtK[k]` is their mean. If only a few cases have so many
   * attempts, it says little about the others.
   */
  passAtKCases: Record<string, number>;
  /** Median in milliseconds over the cases with a latency; `null` when there are none. */
  latencyP50Ms: number | null;
  /** 95th percentile in milliseconds, linearly interpolated; `null` when there are none. */
  latencyP95Ms: number | null;
  /** US dollars over the cases with a cost; `null` when there are none. */
  totalCostUsd: number | null;
}

/** Options of {@link RunStore.getRunReport}. */
export interface RunReportOptions {
  /** An attempt passes when its lowest score is at least this. Default: 0.5. */
  threshold?: number | null | undefined;
  /**
   * How several scores of a scorer on one attempt, and the attempts at a case, become one score; as in `compare`.
   * `{ atLeast: k }` is 1 when at least k attempts score 1. Default: `'mean'`.
   */
  reducer?: 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number } | null | undefined;
}

/** The figures of a run: over all cases, by benchmark and by tag. */
export interface RunReport extends CaseReport {
  /** By benchmark. */
  benchmarks: Record<string, CaseReport>;
  /** By tag of the cases: the strings in `metadata.tags` of a case. */
  tags: Record<string, CaseReport>;
}

/**
 * The limits of a metric. Within the pass limits it passes, within the warn limits it warns, and beyond them it fails. At
 * least one pass limit must be set; an omitted warn limit equals the pass limit.
 */
export interface Threshold {
  /** Passes at this value and above. Finite. */
  passFloor?: number | null | undefined;
  /** Warns at this value and above; at most the pass floor. */
  warnFloor?: number | null | undefined;
  /** Passes at this value and below. Finite, and at least the pass floor if there is one. */
  passCeiling?: number | null | undefined;
  /** Warns at this value and below; at least the pass ceiling. */
  warnCeiling?: number | null | undefined;
}

/**
 * `'pass'`: all thresholds are met, and every case has a score. `'warn'`: a metric is between its pass and its warn limit,
 * or cases have no score and no threshold on `errored`, `unscored` or `scored_rate` limits how many. `'fail'`: a metric is
 * beyond its limits, or the run failed. `'none'`: nothing was scored, the suite has no thresholds, a metric that has one was
 * not measured, or the run is still running. If several apply, the first of fail, none, warn and pass is returned.
 */
export type ScorecardVerdict = 'pass' | 'warn' | 'fail' | 'none';

/** Why a scorecard does not pass. */
export interface ScorecardReason {
  code:
    | 'below_floor'
    | 'above_ceiling'
    | 'not_measured'
    | 'not_all_scored'
    | 'no_scores'
    | 'no_thresholds'
    | 'unfinished'
    | 'run_failed';
  /** For `below_floor`, `above_ceiling` and `not_measured`. */
  metric?: string;
  /** The value of the metric; for `below_floor` and `above_ceiling`. */
  value?: number;
  /** The pass floor; for `below_floor`. */
  floor?: number;
  /** The pass ceiling; for `above_ceiling`. */
  ceiling?: number;
  /** For `below_floor` and `above_ceiling`. */
  verdict?: 'warn' | 'fail';
  /** For `not_all_scored`, as are `unscored` and `errored`. */
  cases?: number;
  unscored?: number;
  errored?: number;
  /** The reason as a sentence. */
  text: string;
}

/** The metrics, the thresholds, and the verdict. */
export interface Scorecard {
  /** Numbers by name, all finite. */
  metrics: Record<string, number>;
  thresholds: Record<string, Threshold>;
  verdict: ScorecardVerdict;
  /** Empty for `'pass'`. */
  reasons: ScorecardReason[];
}

/** The scorecard of a case. */
export interface SampleScorecard extends Scorecard {
  /** Names the case as other runs of the suite do: benchmark, key or else idx, and trial (`math/17#2`). */
  sampleId: string;
  caseId: string;
  /** The mean of each scorer that judged the case, `latency_ms`, `tokens_in`, `tokens_out` and `cost_usd`. */
  metrics: Record<string, number>;
  /** The thresholds of the scorers that judged the case; a scorer without a threshold passes at 0.5. */
  thresholds: Record<string, Threshold>;
  /** The error of the case, if it has one. */
  errors: string[];
}

/** The scorecard of a run. */
export interface RunScorecard extends Scorecard {
  runId: string;
  suiteId: string;
  model: string;
  /**
   * The mean of each scorer by its name; the number of all cases (`total_cases`), of those with each verdict (`passed`,
   * `warned`, `failed`, `unscored`) and of those with an error (`errored`); `pass_rate`, the share of the scored cases that
   * passed; `scored_rate`, the share of all cases that have a score; and, where cases have them, the totals `cost_usd`,
   * `tokens_in` and `tokens_out`, and `latency_p50_ms` and `latency_p95_ms`. The name of a scorer that equals one of these
   * names becomes `scorer:NAME`.
   */
  metrics: Record<string, number>;
  /** By idx; absent with `samples: false`. */
  samples?: SampleScorecard[];
}

/** What to leave out of a scorecard. */
export interface ScorecardOptions {
  /** Whether to return the scorecards of the cases. Default: true. */
  samples?: boolean | null | undefined;
}

/** A named run that later runs of its suite are compared with. */
export interface BaselineRow {
  suite_id: string;
  /** Unique in the suite. */
  name: string;
  run_id: string;
  /** When the run became the baseline, in milliseconds since the epoch. */
  set_at: number;
  /** Milliseconds since `set_at`. For the age of the run, see `run.started_at`. */
  age_ms: number;
  run: RunRow;
}

/** The verdict on one scorer. */
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
  /** Names of the test and of the interval, for instance `'mcnemar_mid_p/tango'`. */
  method: string | null;
  /** The accepted loss, in units of the scorer. */
  margin: number;
  /** Number of cases that were scored in both runs. */
  n: number;
}

/** A recorded verdict. */
export interface VerdictRow {
  id: string;
  /** The suite of the candidate. */
  suite_id: string;
  /** The baseline's run, which may have been deleted since. */
  baseline_run_id: string;
  /** The run that was judged. */
  candidate_run_id: string;
  decision: 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';
  /** The probability that an interval misses the true value, between 0 and 1. */
  alpha: number;
  scorers: VerdictScorer[];
  /** Milliseconds since the epoch. */
  created_at: number;
}

/** Which verdicts {@link RunStore.listVerdicts} returns. */
export interface VerdictFilter {
  /** Verdicts on candidates of this suite. */
  suiteId?: string | null | undefined;
  /** Verdicts on this candidate. */
  runId?: string | null | undefined;
  /** The maximum number of verdicts, newest first; at least 1. Default: all. */
  limit?: number | undefined;
}

/** Which runs {@link RunStore.history} returns. */
export interface HistoryOptions {
  /** Only this scorer. Default: all scorers of each run. */
  scorer?: string | null | undefined;
  /** Only runs of this model. Default: of all models. */
  model?: string | null | undefined;
  /** Runs started at this time or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | undefined;
  /** The number of most recent runs, at least 1. Default: 50. */
  limit?: number | undefined;
  /** Name of a baseline of the suite. Default: `'main'`, if there is one. */
  baseline?: string | null | undefined;
  /** How several scores of a scorer for one trial, and the trials of a case, become one score. Default: `'mean'`. */
  reducer?: 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number } | undefined;
}

/** The difference between two runs, over the cases that a scorer scored in both. */
export interface RunDelta {
  /** Mean of this run − the other run, case by case, in units of the scorer. */
  delta: number;
  /** Lower end of its interval; `null` with fewer than two cases or clusters. */
  low: number | null;
  /** Upper end of its interval. */
  high: number | null;
  /** Number of cases. */
  n: number;
}

/** One scorer in one run. The trials of a case are reduced to one score and count as one case. */
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
  /** Number of cases that the scorer scored. */
  n: number;
  /** Over these cases, in units of the scorer; `null` when there are none. */
  mean: number | null;
  /**
   * Lower end of the interval of the mean: Wilson's interval (1927) for 0/1 scores, otherwise Student's t, with the
   * clustered standard error (Miller 2024) where cases have clusters. `null` with too few cases.
   */
  low: number | null;
  /** Upper end of the interval of the mean. */
  high: number | null;
  /** Level of all intervals: 0.95. */
  level: number;
  /**
   * The difference from the previous completed run (of the same model, if `model` is given), paired case by case as by
   * `compare` of `runstore/comparison`. `null` for the first run, and when no case is in both.
   */
  delta_previous: RunDelta | null;
  /** The same difference from the baseline; `null` for the baseline itself and when there is none. */
  delta_baseline: RunDelta | null;
  /**
   * The difference from the oldest of these runs that has the scorer, paired in the same way: it adds up small losses in a
   * row. `null` for that run itself.
   */
  delta_first: RunDelta | null;
  is_baseline: boolean;
  /** Number of cases that the scorer did not score. They are not part of the mean. */
  unscored: number;
  /** Number of cases with an error. */
  errored: number;
}

/** The runs and the scorer that {@link RunStore.trend} examines. */
export interface TrendOptions {
  scorer: string;
  /** Only runs of this model. Default: of all models. */
  model?: string | null | undefined;
  /** The number of most recent completed runs, at least 3. Default: 20. */
  last?: number | undefined;
  /**
   * Name of the baseline to measure from, which must exist. Default: `'main'`, if there is one, otherwise the oldest of the
   * runs.
   */
  baseline?: string | null | undefined;
  /** The probability of reporting a trend where there is none, between 0 and 1. Default: 0.05. */
  alpha?: number | undefined;
  /** How several scores of a scorer for one trial, and the trials of a case, become one score. Default: `'mean'`. */
  reducer?: 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number } | undefined;
}

/** The differences of small steps, added up from run to run. */
export interface TrendCusum {
  /**
   * Standard deviation of the score of a run, in units of the scorer: by its cases, or by the differences of neighbouring runs,
   * whichever is larger.
   */
  sd: number;
  /** Evidence of a rise at the newest run, in standard deviations. */
  rising: number;
  /** Evidence of a fall at the newest run. */
  falling: number;
  /** A sum above this is more than chance: 3 to 5 of 100 series of 20 equal runs pass it, in either direction. */
  limit: number;
  /** The direction of the sum that passed the limit first. */
  direction: 'rising' | 'falling' | 'flat';
  /** The run at which it passed it; `null` when none did. */
  run_id: string | null;
}

/** One run of a {@link ScorerTrend}. */
export interface TrendRun {
  run_id: string;
  /** Milliseconds since the epoch. */
  started_at: number;
  /** Mean over the cases of this run, in units of the scorer. */
  mean: number;
  /** The difference from the anchor, over the cases that both runs have; `null` for the anchor itself. */
  delta_anchor: RunDelta | null;
}

/**
 * The trend of a scorer over the most recent runs. Each run is compared with one of them, the anchor, over the cases that
 * both have, so adding harder cases does not look like a loss.
 */
export interface ScorerTrend {
  scorer_name: string;
  /** Number of runs with a score of this scorer and a case in common with the anchor; other runs are not part of the line. */
  n_runs: number;
  /** Number of runs with a score of this scorer, but without a case in common with the anchor. */
  n_apart: number;
  /** The run from which the others are measured; `null` when there are none. */
  anchor_run_id: string | null;
  /**
   * The change of the score from one run to the next, over the cases in common with the anchor, in units of the scorer; `null`
   * with fewer than 3 runs.
   */
  slope: number | null;
  /** Lower end of the interval of the slope: Student's t with `n_runs` − 2 degrees of freedom. */
  low: number | null;
  /** Upper end of the interval of the slope. */
  high: number | null;
  /** Level of the interval, 1 − alpha. */
  level: number;
  /** Two-sided p-value of the slope; `null` with fewer than 3 runs. */
  p_value: number | null;
  /** Mean of the oldest run; `null` when there are none. */
  first_mean: number | null;
  /** Mean of the newest run; `null` when there are none. */
  last_mean: number | null;
  /** `'rising'` or `'falling'` when `p_value` is below alpha; `null` with fewer than 3 runs. */
  direction: 'rising' | 'falling' | 'flat' | null;
  /** Cumulative sums (Page 1954), which also detect a sudden change; `null` with fewer than 3 runs. */
  cusum: TrendCusum | null;
  /** Oldest first. */
  runs: TrendRun[];
}

/** How a store is opened. */
export interface RunStoreOptions {
  /**
   * Opens the file for reading only: every method that writes throws `ERR_RUNSTORE_READONLY`, and a file that does not
   * exist is an error. Default: `false`.
   */
  readOnly?: boolean | undefined;
  /** How long a write waits for other writers, in milliseconds, before it throws `ERR_RUNSTORE_BUSY`. Default: 5000. */
  busyTimeoutMs?: number | undefined;
  /**
   * What an acknowledged write survives. `'normal'`: a crash of the process. `'full'`: a power cut as well, but every
   * transaction waits for the disk. Default: `'normal'`.
   */
  durability?: 'normal' | 'full' | undefined;
}

/**
 * Your own synchronous SQLite handle: `DatabaseSync` of `node:sqlite` or `Database` of `better-sqlite3`. It is recognised
 * by its methods, not by its class.
 */
export interface DatabaseHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...parameters: unknown[]): unknown;
    all(...parameters: unknown[]): unknown[];
  };
}

/** Cases that are read in chunks during iteration. Each loop reads from the start. */
export interface CaseIterable<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Iterable<CaseRow<Input, Expected, Metadata>>,
    AsyncIterable<CaseRow<Input, Expected, Metadata>> {}

/** Findings of one kind. */
export interface Findings<T> {
  /** The number of findings. */
  count: number;
  /** The first 1,000 findings. */
  first: T[];
}

/** What {@link RunStore.doctor} checks and repairs. */
export interface DoctorOptions {
  /**
   * A run that is `'running'` is stale when its process has ended, or when its last heartbeat is older than this, in
   * milliseconds. Default: a day.
   */
  staleAfterMs?: number | undefined;
  /**
   * Whether to repair what can be repaired without losing data, and to mark runs whose process is known to have ended as
   * `'failed'`, as {@link RunStore.recoverRuns} does. Default: `false`.
   */
  fix?: boolean | undefined;
  /** Whether to mark all stale runs as `'failed'`, except those whose process is known to be alive. Default: `false`. */
  failStaleRuns?: boolean | undefined;
}

/** What {@link RunStore.doctor} found. With `fix`, what remains after the repair. */
export interface DoctorReport {
  /** Whether everything can be read and is consistent. Stale runs and free space do not make a store unhealthy. */
  healthy: boolean;
  /** The messages of SQLite's integrity check. */
  integrity: Findings<string>;
  /** Rows that refer to a row that does not exist. */
  dangling: Findings<{ table: string; rowid: number; parent: string }>;
  /** Descriptions of how tables and indexes differ from the expected schema. */
  schema: Findings<string>;
  /**
   * Values that should be JSON and are not, and texts of turns (table `texts`) that cannot be decompressed or do not match
   * their hash. Rows with such values cannot be read, or differ from what was saved.
   */
  unreadable: Findings<{ table: string; id: string | null; rowid: number; column: string; reason: string }>;
  /**
   * Runs that are `'running'`, although nothing seems to work on them. `startedAt` and `lastHeartbeatAt` are in
   * milliseconds since the epoch. The reason is an {@link AbandonedReason}, or `'idle'` for a run whose process is alive
   * but has not written to it for too long.
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
    /** Present for an unfinished import: the run is removed instead of marked as failed. */
    importing?: true;
  }>;
  /** Disk space in bytes: the file, its `-wal`, and the free pages in the file. */
  space: { fileBytes: number; walBytes: number; freeBytes: number };
  /** The repairs, in order: a description, and the number of indexes, rows, values or runs that were changed. */
  fixed: Array<{ action: string; count: number }>;
  /**
   * What to do about the remaining findings, each a sentence that names the command: `runstore doctor --fix` does what
   * `doctor({ fix: true })` does, and so on.
   */
  advice: string[];
}

/** The copy that {@link RunStore.backup} wrote. */
export interface BackupReport {
  /** Absolute path of the copy. */
  path: string;
  /** Its size in bytes. */
  bytes: number;
}

/** The progress of a backup, in pages of the database. */
export interface BackupProgress {
  donePages: number;
  totalPages: number;
}

/** Which runs {@link RunStore.prune} deletes. At least one of the first three options is required. */
export interface PruneOptions {
  /** The number of newest finished runs of each suite that are always kept. Without another option, all other runs are deleted. */
  keep?: number | undefined;
  /** Delete runs that started longer ago than this, in milliseconds. */
  olderThanMs?: number | undefined;
  /** Delete the oldest runs until the store takes at most this many bytes. */
  maxBytes?: number | undefined;
  /** Only runs of this suite. Default: all suites. */
  suiteId?: string | undefined;
  /** Report what would be deleted, without deleting it. Default: `false`. */
  dryRun?: boolean | undefined;
}

/** What {@link RunStore.prune} did. */
export interface PruneReport {
  /** The deleted runs (in a dry run: those that would be deleted), oldest first. `startedAt` is in milliseconds since the epoch. */
  runs: Array<{ id: string; suiteId: string; name: string; model: string; startedAt: number; cases: number }>;
  /** Whether this was a dry run. */
  dryRun: boolean;
  /** Number of finished runs that were kept because they are baselines. */
  baselines: number;
  /** Size of all files of the store before, in bytes. */
  bytesBefore: number;
  /** Size afterwards, in bytes. In a dry run: an estimate with `maxBytes`, otherwise `null`. */
  bytesAfter: number | null;
}

/**
 * Why a run seems to be abandoned: its process has ended (`'gone'`), its machine was restarted (`'rebooted'`), or it is
 * unknown whether its process is alive and its last heartbeat is too old (`'silent'`).
 */
export type AbandonedReason = 'gone' | 'rebooted' | 'silent';

/** Which runs {@link RunStore.recoverRuns} examines. */
export interface RecoverOptions {
  /** Only runs of this suite. Default: all suites. */
  suiteId?: string | null | undefined;
  /**
   * Also mark runs whose process cannot be checked (on other machines and containers, of other programs and of older
   * versions), if their last heartbeat is older than this, in milliseconds. Omitted: such runs are left alone.
   */
  olderThanMs?: number | null | undefined;
  /** Report what would be done, without doing it. Default: `false`. */
  dryRun?: boolean | null | undefined;
}

/** What {@link RunStore.recoverRuns} did. */
export interface RecoverReport {
  /**
   * The runs that were marked as `'failed'` (in a dry run: that would be), oldest first. `startedAt` and `finishedAt`, the
   * time of the last heartbeat, are in milliseconds since the epoch. `pid` and `host` are `null` when the program that
   * created the run did not record its process.
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
    /** Present for an unfinished import, which was removed (in a dry run: would be). */
    removed?: true;
  }>;
  /** Whether this was a dry run. */
  dryRun: boolean;
  /** Number of running runs that were left alone because their process is alive. */
  alive: number;
  /** Number of running runs that were left alone because it is unknown whether their process is alive. */
  unknown: number;
}

/** The size of all files of the store before and after {@link RunStore.vacuum}, in bytes. */
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
 * | `ERR_RUNSTORE_CONSTRAINT` | An id exists already, or a referenced suite, run or case does not exist |
 * | `ERR_RUNSTORE_NOT_FOUND` | A file, run or baseline does not exist |
 * | `ERR_RUNSTORE_AMBIGUOUS` | A name matches several runs |
 * | `ERR_RUNSTORE_SAME_RUN` | A run was to be compared with itself |
 * | `ERR_RUNSTORE_EXISTS` | A file exists already and must not be replaced |
 * | `ERR_RUNSTORE_CLOSED` | The store or its handle was closed |
 * | `ERR_RUNSTORE_BUSY` | The file was locked for longer than `busyTimeoutMs`, or another process is working on the run |
 * | `ERR_RUNSTORE_READONLY` | The store, file or directory cannot be written to |
 * | `ERR_RUNSTORE_CORRUPT` | The file is damaged, or a value of a row is: see `damaged` and `readable` |
 * | `ERR_RUNSTORE_NOT_A_DATABASE` | The file is not a SQLite database |
 * | `ERR_RUNSTORE_SCHEMA` | The file's tables are not those of a run store, or cannot be migrated |
 * | `ERR_RUNSTORE_SCHEMA_TOO_NEW` | The file was written by a newer runstore |
 * | `ERR_RUNSTORE_DISK_FULL` | The disk or quota is full |
 * | `ERR_RUNSTORE_IO` | The operating system refused to open, read, write or lock the file, or the file or its `-wal` was deleted |
 * | `ERR_RUNSTORE_TOO_LARGE` | A row is larger than 535,822,336 bytes, a result does not fit into a string, or a value is nested too deeply |
 * | `ERR_RUNSTORE_INTERRUPTED` | The operation was interrupted |
 * | `ERR_RUNSTORE_SQLITE` | Another SQLite error; see `sqliteCode` |
 * | `ERR_RUNSTORE_INTERNAL` | A bug in runstore; please report it |
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
 * The class of all errors of a store. Exceptions of your own code (a getter, a `toJSON`, an iterator) are passed on
 * unchanged.
 *
 * The error for an invalid argument is a `TypeError` or a `RangeError` that is also `instanceof RunStoreError`. An unknown
 * option is an invalid argument: `store.prune({ keep: 8, dryrun: true })` deletes nothing and asks "did you mean dryRun?".
 * Rows, and runs for `createRun`, may have extra fields, unless they look like a misspelt documented field (`costUsd`).
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
  /** For test doubles of a store. */
  constructor(code: RunStoreErrorCode, message: string, options?: { cause?: unknown });
  /** `'RunStoreError'`; `'TypeError'` or `'RangeError'` for an invalid argument. */
  readonly name: string;
  /** A permanent code to branch on. Messages may change. */
  readonly code: RunStoreErrorCode;
  /** The method or function that was called, for instance `'saveCases'`. */
  readonly operation?: string;
  /** The argument, option or row at fault, for instance `'options.margin["exact"]'` or `'cases[3]'`. */
  readonly argument?: string;
  /** What the argument must be, in the words of the message: `'a whole number from 1 to 512'`. Set together with `given`. */
  readonly expected?: string;
  /** What it is, as far as it can be quoted: `'0'`, `'an array'`, `'"mode"'`. */
  readonly given?: string;
  /** The row that exists already (`'duplicate'`) or does not exist (`'missing'`), if that is the cause. */
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
   * For `ERR_RUNSTORE_CORRUPT`: the stored values that are not valid JSON; `undefined` when the file itself is damaged.
   * `store.doctor({ fix: true })` moves them to the table `damaged_values`.
   */
  readonly damaged?: DamagedValue[];
  /**
   * The result of the method with `null` for each damaged value (an optional field is omitted): what the method returns
   * after `store.doctor({ fix: true })`. Set together with `damaged` by `getRun`, `listRuns`, `getLatestCompletedRun`,
   * `queryRuns`, `getCases` and `getFailingCases`; otherwise `undefined`. It is not enumerable, so it is not logged with
   * the error.
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
  /** The table of the row. */
  table: 'runs' | 'cases' | 'scores';
  /** Id of the row; for a score, the id of its case. */
  id: string;
  /** The column, for instance `'config'`. */
  column: string;
  /** The message of the JSON parser. */
  reason: string;
}

/**
 * Stores suites, runs, cases, scores, benchmarks, trajectories, prompts, baselines and verdicts in one SQLite file.
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
 * // The types of input and expected answer. They are not checked at run time.
 * const store = new RunStore<{ question: string }, string>(':memory:');
 * const run = store.createRun({ suite_id: store.createSuite('capitals').id, name: 'first', model: 'gpt-x' });
 * store.saveResults(run, [{ idx: 0, input: { question: 'Capital of France?' }, expected: 'Paris', scores: { exact: 1 } }]);
 * console.log(store.getCases(run).map((row) => row.input.question)); // [ 'Capital of France?' ]
 * ```
 */
export class RunStore<Input = unknown, Expected = unknown, Metadata = unknown> implements Disposable {
  #private;
  /**
   * Opens a store. The file and its directories are created when they do not exist; a file with an older schema is migrated.
   *
   * @param pathOrDb A path (default: the environment variable `RUNSTORE_DB`, else `.evals/store.db` in the current
   *   directory), `':memory:'` for a private store in memory, a `file:` URI, or your own synchronous SQLite handle. A handle is
   *   used statement by statement, inside your transactions, and {@link close} leaves it open.
   * @param options For a path only. A handle keeps the settings that you gave it.
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

  /** Absolute path of the file; `':memory:'` for a store in memory; `null` for a handle without a file. */
  readonly path: string | null;

  /**
   * Creates a suite. Names need not be unique: see {@link getOrCreateSuite} for a suite that several processes share.
   *
   * *As in `@deepagents/evals`.*
   */
  createSuite(name: string): SuiteRow;
  /**
   * Returns the newest suite with exactly this name, and creates it if there is none. Workers and CI shards that request
   * the same name at the same time get the same suite.
   *
   * @example
   * ```ts
   * const suite = store.getOrCreateSuite('capitals');
   * console.log(store.getOrCreateSuite('capitals').id === suite.id, store.listSuites().length); // true 1
   * ```
   */
  getOrCreateSuite(name: string): SuiteRow;
  /**
   * Merges suites with the same name into one, such as those that parallel workers created by `createSuite`. The newest
   * suite, which {@link findSuiteByName} returns, gets the runs, baselines and verdicts of the others, and the others are
   * removed. If two of them have a baseline with the same name, the one that was set last is kept. All in one transaction.
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
  /** Returns the newest suite with exactly this name, `undefined` when there is none. *As in `@deepagents/evals`.* */
  findSuiteByName(name: string): SuiteRow | undefined;
  /** Returns all suites, newest first. *As in `@deepagents/evals`.* */
  listSuites(): SuiteRow[];
  /** Renames a suite. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  renameSuite(id: string, name: string): void;
  /**
   * Deletes a suite with its runs and everything that belongs to them. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  deleteSuite(id: string): void;

  /**
   * Starts a run, with status `'running'`, and returns its id.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such suite, or a run with the given id exists.
   */
  createRun(run: NewRun): string;
  /**
   * Opens a run of a suite in one call: resumes the run that was interrupted, or starts a new one. Creates the suite when
   * it does not exist.
   *
   * By default (`resume: 'latest'`), the most recently started run with the same suite, name and model is resumed, unless
   * it was completed or another process is working on it. Then a new run is started.
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
   * Ends a run, and stores the summary as given. Later writes do not change it; finish the run again to store a new one.
   * Finishing again overwrites status and summary; without `summary`, an earlier summary is erased. An unknown id changes
   * nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  finishRun(runId: string, status: 'completed' | 'failed', summary?: RunSummary | null): void;
  /** Returns the run, `undefined` when there is none. *As in `@deepagents/evals`.* */
  getRun(runId: string): RunRow | undefined;
  /** Returns the runs of a suite, or of all suites, oldest first. *As in `@deepagents/evals`.* */
  listRuns(suiteId?: string | null): RunRow[];
  /**
   * Returns the most recently started completed run of the suite (and of the model, if given).
   *
   * *As in `@deepagents/evals`.*
   */
  getLatestCompletedRun(suiteId: string, model?: string | null): RunRow | undefined;
  /** Renames a run. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  renameRun(id: string, name: string): void;
  /**
   * Changes tags, metadata, label, benchmarks, checkpoint or git of a run: all given fields, or none on an error.
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
   * Returns a page of the runs that meet all conditions, newest first. The time per page does not grow with the number of
   * runs in the store.
   *
   * A page may be short, even empty, while more runs exist; continue until `cursor` is `null`. A page examines at most
   * 10,000 runs (200,000 if the only conditions are `model`, `status` and times), and several conditions or `search` may
   * match only a few of them. With any other single condition, pages are full.
   *
   * Runs that are created or deleted between two pages do not shift the other runs.
   *
   * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid cursor.
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
   * // All runs, page by page.
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
   * Continues a run that was interrupted: it is `'running'` again, this process becomes its owner, and its cases, scores,
   * results and trajectories are kept. Its `finished_at`, `summary` and `scores` are removed. A run that has ended can be
   * resumed as well, for instance to repeat its {@link failedCases}.
   *
   * A running run is taken over when its process has ended, or when its owner was a store of this process that is closed.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run; `ERR_RUNSTORE_BUSY` when another process
   *   or another open store of this process (in a worker thread, for instance) is working on it, or may be working on it:
   *   see {@link ResumeOptions.olderThanMs}.
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
   * Returns the owner of a run; `undefined` when it is unknown, or when there is no such run.
   *
   * The owner is the process that created, reset or resumed the run. When it has ended, the next process that writes to the
   * running run becomes its owner.
   *
   * @example
   * ```ts
   * const owner = store.getRunOwner(runId);
   * console.log(owner?.pid === process.pid, owner?.alive !== false); // true true
   * ```
   */
  getRunOwner(runId: string): RunOwnerRow | undefined;
  /**
   * Empties a run and starts it again: its cases, scores, results and trajectories are deleted, and `started_at` is set to
   * now. Name, model, config, tags, metadata, label, benchmarks, checkpoint and git are kept. An unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  resetRun(id: string): void;
  /**
   * Deletes a run with its cases, scores, results and trajectories, the verdicts on it, and the baselines that name it. An
   * unknown id changes nothing.
   *
   * *As in `@deepagents/evals`.*
   */
  deleteRun(id: string): void;

  /**
   * Saves cases in one transaction: all of them, or none on an error, which names the row.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when an id exists already, or there is no such run.
   */
  saveCases(cases: readonly NewCase<Input, Expected, Metadata>[] | Iterable<NewCase<Input, Expected, Metadata>>): void;
  /**
   * Saves scores in one transaction: all of them, or none on an error, which names the row. A scorer may score a case more
   * than once; every score is kept and counted.
   *
   * *As in `@deepagents/evals`.*
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when an id exists already, or there is no such case.
   */
  saveScores(scores: readonly NewScore[] | Iterable<NewScore>): void;
  /**
   * Saves cases with their scores in one transaction and returns the ids of the cases, including those that existed
   * already.
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
   * const france = { idx: 0, key: 'fr', input: 'France' };
   * store.saveResults(runId, [{ ...france, error: 'rate limit' }]);
   * store.saveResults(runId, [{ ...france, output: 'Paris', scores: { exact: 1 } }], { onConflict: 'replace' });
   * console.log(store.getCases(runId).map(({ output, error }) => [output, error])); // [ [ 'Paris', null ] ]
   * ```
   */
  saveResults(
    runId: string,
    results: readonly CaseResult<Input, Expected, Metadata>[] | Iterable<CaseResult<Input, Expected, Metadata>>,
    options?: SaveResultsOptions | null,
  ): string[];
  /**
   * Returns which cases a run does not have yet, in the order given, each once. Strings are compared with the `key` of its
   * cases, numbers with their `idx`. A case with an error is not missing: see {@link failedCases}.
   *
   * For an unknown run, all are missing.
   *
   * @throws TypeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for other values, or for strings and numbers together.
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
   * Returns the cases of a run with an `error`, which you may want to repeat, in the order of {@link getCases}.
   *
   * For cases with a low score, see {@link getFailingCases}. A case without an output or without scores is not returned
   * unless it has an error.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
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
   * Returns the cases of a run by `idx`, then in the order in which they were saved. The types of their JSON values are
   * those of the store, or those of the call: `store.getCases<string, number>(runId)`.
   *
   * *As in `@deepagents/evals`.*
   */
  getCases<In = Input, Ex = Expected, Meta = Metadata>(runId: string): CaseRow<In, Ex, Meta>[];
  /**
   * Reads the cases of a run in chunks, in the order of {@link getCases}, with bounded memory.
   *
   * Works with `for…of` and with `for await…of`, which lets the event loop run between chunks. Cases that are saved during
   * the iteration may or may not be returned.
   *
   * @param options.batchSize Maximum number of cases in a chunk, 1 to 10,000. Default: 512. Chunks of large cases have fewer.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
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
  /**
   * Returns the number of rows that {@link getCases} returns: of cases, each attempt counted.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
   */
  countCases(runId: string): number;
  /**
   * Returns the cases with a score below the threshold, each with **only** its scores below the threshold. With `Infinity`,
   * returns every case that has a score. For cases with an `error`, see {@link failedCases}.
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
   * Returns counts, means and totals over all attempts; zeros for an unknown run. A mean is over every score of a scorer, so
   * a case with three trials counts three times; {@link getRunReport} counts it once, as `compare` does.
   *
   * *As in `@deepagents/evals`.*
   *
   * @param threshold A case passes when its lowest score is at least this. Default: 0.5. Not NaN.
   */
  getRunSummary(runId: string, threshold?: number): RunSummary;
  /**
   * Returns what {@link getRunSummary} returns, with unscored and errored cases, attempts, pass@k, latencies and cost, over
   * all cases, by benchmark and by tag; zeros for an unknown run. Means are over cases, as in `compare`.
   *
   * @param options `threshold`: an attempt passes when its lowest score is at least this. Default: 0.5. Not NaN; may be
   * given alone, in place of the object. `reducer`: see {@link RunReportOptions}.
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
  getRunReport(runId: string, options?: number | RunReportOptions): RunReport;

  /**
   * Saves the result of a benchmark, and replaces an earlier one.
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
   * Returns the result of a benchmark: the saved one, else one computed from the cases of the run with this `benchmark`,
   * else one computed from its trajectories; `undefined` when there are none of these.
   *
   * Computed from cases: a case is correct when it has no error and its lowest score is at least the threshold, and
   * `metrics` are the mean scores by scorer. Computed from trajectories: a trajectory is correct when its reward is above 0,
   * and `metrics` are the means of their metrics. `score` is `num_correct / num_examples`.
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
   * Returns the names of the benchmarks for which the run has a result, cases or trajectories, sorted by code point.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
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
   * Ends a run and returns it: stores the scores of its benchmarks (those named by the run, or all that it has) and the
   * combined summary, and sets `status`, `finished_at` and, if there are cases, `summary`. Benchmarks without a result are
   * omitted. Later writes do not change what it stores; call it again after them.
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
   * Returns the combined summary by benchmark; `undefined` for an unknown run, and one that was not finalized.
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
   * Saves trajectories in one transaction: all of them, or none on an error, which names the row.
   *
   * Texts of turns of 512 bytes and more are stored only once, and compressed where that saves space.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when the run has a trajectory of this benchmark and idx already (but
   *   see {@link SaveTrajectoriesOptions.onConflict}), there is no such run, or the run has no such case.
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
  saveTrajectories(
    runId: string,
    trajectories: readonly NewTrajectory[] | Iterable<NewTrajectory>,
    options?: SaveTrajectoriesOptions | null,
  ): void;
  /**
   * Deletes a trajectory with its turns and returns whether there was one. Delete an interrupted episode before you restart
   * it; otherwise {@link appendTurns} appends to the turns of the first attempt.
   *
   * @example
   * ```ts
   * store.appendTurns(runId, 'maze', 7, [{ role: 'user', content: 'Find the way out.' }]);
   * console.log(store.deleteTrajectory(runId, 'maze', 7)); // true
   * ```
   */
  deleteTrajectory(runId: string, benchmark: string, idx: number): boolean;
  /**
   * Appends turns to a trajectory in progress and returns its number of turns. Readers see them at once, and they survive a
   * crash of the process. The first call creates the trajectory.
   *
   * @param outcome The fields that are known by now; omitted fields stay as they are.
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such run, or the run has no such case.
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
   * Returns a page of trajectories, by benchmark (in code point order) and idx.
   *
   * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid cursor, or one of another query.
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
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
   * Returns one trajectory, `undefined` when there is none. The time does not grow with the size of the run.
   *
   * @example
   * ```ts
   * console.log(store.getTrajectory(runId, 'gsm8k', 0)); // undefined
   * ```
   */
  getTrajectory(runId: string, benchmark: string, idx: number): TrajectoryRow | undefined;
  /**
   * Reads trajectories in chunks, in the order of {@link getTrajectories}, with bounded memory.
   *
   * Works with `for…of` and with `for await…of`, which lets the event loop run between chunks.
   *
   * @param options.batchSize Maximum number of trajectories in a chunk, 1 to 10,000; a chunk never has more than 512, nor
   *   much more than 1 MiB. Default: 100.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
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
   * Creates the next version of the prompt with this name: its highest version plus 1. Safe between processes.
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
   * Returns all prompts by name (case-insensitive for ASCII characters), newest version first.
   *
   * *As in `@deepagents/evals`.*
   */
  listPrompts(): PromptRow[];
  /** Returns the prompt version with this id, `undefined` when there is none. *As in `@deepagents/evals`.* */
  getPrompt(id: string): PromptRow | undefined;
  /** Returns the newest version of the prompt with exactly this name, `undefined` when there is none. */
  getLatestPrompt(name: string): PromptRow | undefined;
  /** Returns one version of the prompt with exactly this name, `undefined` when there is none. */
  getPromptVersion(name: string, version: number): PromptRow | undefined;
  /** Deletes one prompt version. An unknown id changes nothing. *As in `@deepagents/evals`.* */
  deletePrompt(id: string): void;

  /**
   * Makes a run the baseline with this name in its suite, and replaces an earlier one. It remains the baseline until
   * another run is set, or until it is deleted.
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
   * Returns the baseline with this name, with its run and its age; `undefined` when there is none.
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
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such suite.
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
   * Removes a baseline, but not its run, and returns whether it existed.
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
   * Records the verdict of a gate of `runstore/comparison`, and returns its id. It is kept until the candidate's run is
   * deleted.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the argument is not the report of a gate.
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
   * Returns the recorded verdicts, newest first.
   *
   * @example
   * ```ts
   * console.log(store.listVerdicts({ runId, limit: 1 })); // []
   * ```
   */
  listVerdicts(options?: VerdictFilter | null): VerdictRow[];

  /**
   * Returns a row for each of the most recent completed runs of a suite and each scorer: the mean with an interval, and the
   * differences from the previous run and from the baseline. Oldest run first, then by scorer. A run without scores has a
   * row only when `scorer` is given.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such suite, or it has no baseline with the given
   *   name.
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
   * Returns whether a scorer rises or falls over the most recent completed runs: a least-squares line with one step per run
   * (Draper & Smith 1998, Applied Regression Analysis), and cumulative sums (Page 1954). Both detect small drops in a row, even
   * if none of them is significant by itself; docs/simulations.md says how often. Runs are compared over the cases that
   * they have in common with one of them.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such suite, or it has no baseline with the given
   *   name.
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
   * Sets the thresholds of a suite, replacing all earlier ones. `{}` removes them.
   *
   * @param thresholds By metric: a scorer, or another metric of {@link RunScorecard}.
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for limits that contradict each other or are not finite.
   * @throws RunStoreError (`ERR_RUNSTORE_CONSTRAINT`) when there is no such suite.
   *
   * @example
   * ```ts
   * const { suite_id } = store.getRun(runId)!;
   * store.setThresholds(suite_id, { exact: { passFloor: 0.8, warnFloor: 0.6 }, cost_usd: { passCeiling: 2 } });
   * console.log(store.getThresholds(suite_id).cost_usd); // { passCeiling: 2 }
   * ```
   */
  setThresholds(suiteId: string, thresholds: Readonly<Record<string, Readonly<Threshold>>>): void;
  /**
   * Returns the thresholds of a suite, by metric; an empty object for an unknown suite.
   *
   * @example
   * ```ts
   * console.log(store.getThresholds('no such suite')); // {}
   * ```
   */
  getThresholds(suiteId: string): Record<string, Threshold>;
  /**
   * Returns the metrics and verdicts of a run and of each of its cases, by the thresholds of its suite.
   *
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
   *
   * @example
   * ```ts
   * const suite_id = store.createSuite('capitals').id;
   * const run = store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
   * store.saveResults(run, [
   *   { idx: 0, input: 'France', scores: { exact: 1 } },
   *   { idx: 1, input: 'Peru', scores: { exact: 0 } },
   * ]);
   * store.finishRun(run, 'completed');
   * store.setThresholds(suite_id, { exact: { passFloor: 0.8, warnFloor: 0.5 } });
   * const scorecard = store.getScorecard(run);
   * console.log(scorecard.verdict, scorecard.reasons[0]?.text); // warn exact is 0.5, below its floor of 0.8
   * console.log(scorecard.samples?.map(({ verdict }) => verdict)); // [ 'pass', 'fail' ]
   * ```
   */
  getScorecard(runId: string, options?: ScorecardOptions | null): RunScorecard;

  /**
   * Checks the store: the integrity of the file, references between rows, the schema, values that cannot be read, runs that
   * never ended, and free space.
   *
   * With `fix`, indexes are rebuilt, rows that refer to a missing row are moved to tables `orphaned_*`, and values that are
   * not JSON to the table `damaged_values`; nothing is deleted. A file with damage beyond its indexes is not written to: use
   * `salvage` of `runstore/maintenance` to copy what can still be read.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid option.
   *
   * @example
   * ```ts
   * const report = store.doctor({ fix: true });
   * console.log(report.healthy, report.fixed); // true []
   * ```
   */
  doctor(options?: DoctorOptions): DoctorReport;
  /**
   * Copies the store to a file, as of one moment, while other processes may write. The copy appears under its name once it
   * is complete and on the disk. It replaces an older copy, but never a file that is not a database or that is in use.
   *
   * @param path Path of the copy; directories are created.
   * @param options.onProgress Called every few milliseconds; not for a store on your own handle. If it throws, the backup
   *   ends, the unfinished copy is removed, and the exception is rethrown unchanged.
   * @throws RunStoreError (`ERR_RUNSTORE_EXISTS`) when there is something at this path that must not be replaced.
   *
   * @example
   * ```ts
   * const { bytes } = store.backup('backups/nightly.db');
   * console.log(bytes > 0); // true
   * ```
   */
  backup(path: string, options?: { onProgress?: ((progress: BackupProgress) => void) | undefined }): BackupReport;
  /**
   * Deletes old runs with their cases and scores, and returns their space to the disk. Baselines and running runs are kept.
   * Each run is deleted in its own transaction.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid option, or without any that selects runs.
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no suite with the id `suiteId`.
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
   * Marks abandoned runs as `'failed'`: runs that are `'running'` although their process has ended. `finished_at` becomes
   * the time of their last heartbeat.
   *
   * Without `olderThanMs`, only processes on this machine are checked. A run whose process is alive is never changed,
   * however long ago its last heartbeat was. All of them are marked in one transaction. To continue such a run, use
   * {@link resumeRun}.
   *
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid option.
   * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no suite with the id `suiteId`.
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
   * Rewrites the file without its free space. Meanwhile, it needs additional disk space of the same size, and other writers
   * wait.
   */
  vacuum(): VacuumReport;

  /**
   * Closes the store; closing it again does nothing. Every other method then throws `ERR_RUNSTORE_CLOSED`. Your own handle
   * stays open.
   */
  close(): void;
  /** {@link close}, for `using store = new RunStore()`. */
  [Symbol.dispose](): void;
}
