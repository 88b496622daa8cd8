/**
 * runstore/store: `RunStore` with the types of `@deepagents/evals/store`, for code that was written for them.
 *
 * It is the class of `runstore`, with all of its methods. Only the types differ, as in `@deepagents/evals`: latency and
 * tokens of a row are `number`, although they are `null` for a case that was saved without them, and optional fields of a
 * row to save are omitted instead of `undefined` or `null`.
 *
 * @packageDocumentation
 */

import type * as runstore from '../index.js';
import { RunStore as Store } from '../index.js';

export * from '../index.js';

/** One case of a run, with latency and tokens as numbers. */
export interface CaseRow<Input = unknown, Expected = unknown, Metadata = unknown>
  extends runstore.CaseRow<Input, Expected, Metadata> {
  /** Milliseconds. */
  latency_ms: number;
  tokens_in: number;
  tokens_out: number;
}

/** A case with its scores. */
export interface CaseWithScores<Input = unknown, Expected = unknown, Metadata = unknown>
  extends CaseRow<Input, Expected, Metadata> {
  /** In the order in which they were saved. */
  scores: runstore.CaseWithScores['scores'];
}

/** A case to save. */
export interface CaseData<Input = unknown, Expected = unknown, Metadata = unknown>
  extends Omit<
    runstore.CaseData<Input, Expected, Metadata>,
    'expected' | 'latency_ms' | 'tokens_in' | 'tokens_out' | 'error'
  > {
  /** Any JSON value. */
  expected?: Expected;
  /** Milliseconds. */
  latency_ms: number;
  tokens_in: number;
  tokens_out: number;
  /** Why there is no output. */
  error?: string;
}

/** A score to save. */
export interface ScoreData extends Omit<runstore.ScoreData, 'reason'> {
  /** Why. */
  reason?: string;
}

/** The class `RunStore` of `runstore`, with these types. */
export class RunStore<Input = unknown, Expected = unknown, Metadata = unknown> extends Store<
  Input,
  Expected,
  Metadata
> {
  getCases<In = Input, Ex = Expected, Meta = Metadata>(runId: string): CaseRow<In, Ex, Meta>[];
  failedCases<In = Input, Ex = Expected, Meta = Metadata>(runId: string): CaseRow<In, Ex, Meta>[];
  getFailingCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    threshold?: number,
  ): CaseWithScores<In, Ex, Meta>[];
}
