// Code written against `@deepagents/evals/store` compiles against runstore.

import { DatabaseSync } from 'node:sqlite';
import type * as reference from '@deepagents/evals/store';
import type * as ours from 'runstore/store';
import { RunStore } from 'runstore/store';

/** Compiles only where a `From` can be used as a `To`. */
function fits<_From extends To, To>(): void {}

// What is read from our store goes where rows of the reference are expected …
fits<ours.SuiteRow, reference.SuiteRow>();
fits<ours.RunRow, reference.RunRow>();
fits<ours.CaseRow, reference.CaseRow>();
fits<ours.CaseWithScores, reference.CaseWithScores>();
fits<ours.ScoreRow, reference.ScoreRow>();
fits<ours.RunSummary, reference.RunSummary>();
fits<ours.PromptRow, reference.PromptRow>();
fits<ours.CaseData, reference.CaseData>();
fits<ours.ScoreData, reference.ScoreData>();

// … and the other way round: rows made by code for the reference (fixtures, literals) are ours.
fits<reference.SuiteRow, ours.SuiteRow>();
fits<reference.RunRow, ours.RunRow>();
fits<reference.CaseRow, ours.CaseRow>();
fits<reference.CaseWithScores, ours.CaseWithScores>();
fits<reference.ScoreRow, ours.ScoreRow>();
fits<reference.RunSummary, ours.RunSummary>();
fits<reference.PromptRow, ours.PromptRow>();
fits<reference.CaseData, ours.CaseData>();
fits<reference.ScoreData, ours.ScoreData>();

// Each method can stand for the reference's method: it takes at least as much and returns no less.
type Methods = keyof reference.RunStore;
fits<Pick<ours.RunStore, Methods>, Pick<reference.RunStore, Methods>>();
fits<ConstructorParameters<typeof reference.RunStore>, ConstructorParameters<typeof ours.RunStore>>();

// A class with a private part stands only for itself, in both packages: where a function of @deepagents/evals
// wants its own class, docs/migrating.md shows the one line to write.
declare const wanted: (store: reference.RunStore) => void;
// @ts-expect-error
wanted(new RunStore());
wanted(new RunStore() as unknown as reference.RunStore);

// The usual code, with nothing changed but the import.
function record(store: ours.RunStore, cases: ours.CaseData[]): ours.RunSummary {
  const suite = store.createSuite('drop-in');
  const run_id = store.createRun({ suite_id: suite.id, name: 'n', model: 'm', config: { temperature: 0 } });
  store.saveCases(cases.map((one) => ({ ...one, run_id })));
  store.saveScores(cases.map(({ id }) => ({ id: `score of ${id}`, case_id: id, scorer_name: 'exact', score: 1 })));
  const summary = store.getRunSummary(run_id, 0.5);
  store.finishRun(run_id, 'completed', summary);
  for (const { idx, scores } of store.getFailingCases(run_id))
    scores.map(({ score }) => idx.toFixed() + score.toFixed());
  return store.getLatestCompletedRun(suite.id)?.summary ?? summary;
}
record(new RunStore(new DatabaseSync(':memory:')), []);
