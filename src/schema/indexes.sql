-- Where @deepagents/evals has an index of the same purpose, we use its name, so that it does not add its own beside
-- ours.

-- The runs of a suite, oldest first; the latest completed one.
CREATE INDEX idx_runs_suite_id ON runs(suite_id, started_at);
-- All runs by time. Those of a status or a model are found in this index without reading the table: an index of their
-- own would cost each new run another page to write. Every run has an id; the condition hides the index from queries
-- without one, such as the reference's listRuns: with this index it would sort runs of the same millisecond by status
-- and model, instead of by creation.
CREATE INDEX idx_runs_started_at ON runs(started_at, status, model) WHERE id IS NOT NULL;
-- The runs of a checkpoint, by time.
CREATE INDEX idx_runs_checkpoint_name ON runs(checkpoint_name, started_at) WHERE checkpoint_name IS NOT NULL;
-- The cases of a run in their order, without sorting.
CREATE INDEX idx_cases_run_id ON cases(run_id, idx);
-- Summaries read only this index, not the table.
CREATE INDEX idx_scores_case_id ON scores(case_id, scorer_name, score);
CREATE INDEX idx_prompts_created_at ON prompts(created_at);
CREATE INDEX idx_prompts_name_version ON prompts(name, version DESC);
-- For deleting what belongs to a deleted run.
CREATE INDEX idx_baselines_run_id ON baselines(run_id);
-- The verdicts on a run, and those of a suite, newest first.
CREATE INDEX idx_verdicts_candidate_run_id ON verdicts(candidate_run_id, created_at);
CREATE INDEX idx_verdicts_suite_id ON verdicts(suite_id, created_at);
-- The runs with a tag or a benchmark, by time.
CREATE INDEX idx_run_keywords_keyword ON run_keywords(kind, keyword, started_at);
-- Whether a text is still referenced.
CREATE INDEX idx_turns_text_id ON turns(text_id) WHERE text_id IS NOT NULL;
