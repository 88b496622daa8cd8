//! Plain data of a store.

mod baseline;
mod benchmark;
mod case;
mod damage;
mod defaults;
mod prompt;
mod report;
mod row;
mod run;
mod run_owner;
mod scored_case;
mod suite;
mod summary;
mod threshold;
mod trajectory;
mod verdict;
mod working_tree;

pub use baseline::Baseline;
pub use benchmark::{
    BenchmarkResult, BenchmarkSummary, NewBenchmarkResult, ResultSource, RunBenchmarks,
};
pub use case::{MoreOfCase, NewCase, NewScore};
pub use damage::{Damage, Readable};
pub use defaults::{
    ALPHA, BASELINE, LARGEST_PAGE, LEVEL, POWER, STALE_AFTER_MS, STORE_PATH, THRESHOLD,
    TRAJECTORIES_PAGE,
};
pub use prompt::Prompt;
pub use report::{CaseReport, RunReport};
pub use row::{
    BaselineRow, CaseRow, ResultRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Trajectory,
    TrajectoryRow, TurnRow, VerdictRow,
};
pub use run::{
    Checkpoint, MoreOfNewRun, MoreOfRun, NewRun, OpenedRun, PrunedRun, RUNNING, Resume, Run,
    RunChanges, RunOrder, RunPage, RunQuery, RunStatus, STATUSES,
};
pub use run_owner::RunOwner;
pub use scored_case::{CaseScore, ScoredCase};
pub use suite::{Suite, UnitedSuites};
pub use summary::RunSummary;
pub use threshold::{Threshold, Thresholds};
pub use trajectory::{
    Attempt, NewOutcome, NewTrajectory, NewTurn, Outcome, Role, TrajectoryFilter, TrajectoryHead,
    TrajectoryList, text_of_parts,
};
pub use verdict::{Decision, NewVerdict, Verdict, VerdictFilter, VerdictScorer};
pub use working_tree::WorkingTree;
