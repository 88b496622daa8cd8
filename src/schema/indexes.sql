-- Names that @deepagents/evals uses too are kept, so that it does not add its own beside ours.

-- The runs of a suite, oldest first; the latest completed one.
CREATE INDEX idx_runs_suite_id ON runs(suite_id, started_at);
CREATE INDEX idx_runs_started_at ON runs(started_at);
-- The cases of a run in their order, without sorting.
CREATE INDEX idx_cases_run_id ON cases(run_id, idx);
-- Summaries read this index alone and never touch the table.
CREATE INDEX idx_scores_case_id ON scores(case_id, scorer_name, score);
CREATE INDEX idx_prompts_created_at ON prompts(created_at);
CREATE INDEX idx_prompts_name_version ON prompts(name, version DESC);
-- What goes with a run that is deleted.
CREATE INDEX idx_baselines_run_id ON baselines(run_id);
-- The verdicts on a run, and those of a suite, newest first.
CREATE INDEX idx_verdicts_candidate_run_id ON verdicts(candidate_run_id, created_at);
CREATE INDEX idx_verdicts_suite_id ON verdicts(suite_id, created_at);
