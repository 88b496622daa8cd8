//! Inserts the rows of an imported run: cases with their scores, trajectories, results of benchmarks.

use crate::db::{Connection, Value};
use crate::error::Result;
use crate::model::{
    CaseRow, MoreOfCase, NewCase, NewOutcome, NewScore, NewTrajectory, NewTurn, ResultRow,
    TrajectoryRow,
};
use crate::store::cases::CaseInserter;
use crate::store::scores::ScoreInserter;
use crate::store::trajectories::TrajectoryInserter;

pub(super) fn cases(db: &dyn Connection, run_id: &str, cases: &[CaseRow]) -> Result<()> {
    let (mut inserter, mut scores) = (CaseInserter::new(db)?, ScoreInserter::new(db)?);
    cases.iter().try_for_each(|case| {
        inserter.insert(&new_case(run_id, case))?;
        case.scores.iter().try_for_each(|score| {
            scores.insert(&NewScore {
                id: Some(&score.id),
                case_id: &case.id,
                scorer_name: &score.scorer_name,
                score: score.score,
                reason: score.reason.as_deref(),
                metadata: score.metadata.as_deref(),
                answer: score.answer.as_deref(),
            })
        })
    })
}

fn new_case<'c>(run_id: &'c str, case: &'c CaseRow) -> NewCase<'c> {
    NewCase {
        id: Some(&case.id),
        run_id,
        idx: case.idx,
        input: &case.input,
        output: case.output.as_deref(),
        expected: case.expected.as_deref(),
        latency_ms: case.latency_ms,
        tokens_in: case.tokens_in,
        tokens_out: case.tokens_out,
        error: case.error.as_deref(),
        more: MoreOfCase {
            key: case.key.as_deref(),
            trial: case.trial,
            benchmark: case.benchmark.as_deref(),
            cluster: case.cluster.as_deref(),
            metadata: case.metadata.as_deref(),
            cost_usd: case.cost_usd,
            started_at: case.started_at,
        },
    }
}

pub(super) fn trajectories(
    db: &dyn Connection,
    run_id: &str,
    rows: &[TrajectoryRow],
) -> Result<()> {
    let mut inserter = TrajectoryInserter::new(db, run_id)?;
    rows.iter().try_for_each(|row| inserter.insert(&new_trajectory(row)).map(drop))
}

fn new_trajectory(row: &TrajectoryRow) -> NewTrajectory<'_> {
    let turns = row.turns.iter().map(|turn| NewTurn {
        role: turn.role,
        content: turn.content.as_deref(),
        is_parts: turn.is_parts,
        token_count: turn.token_count,
        metadata: turn.metadata.as_deref(),
        message: turn.message.as_deref(),
    });
    NewTrajectory {
        benchmark: &row.benchmark,
        idx: row.idx,
        outcome: NewOutcome {
            example_id: row.example_id.as_deref(),
            reward: Some(row.reward),
            metrics: row.metrics.as_deref(),
            logs: row.logs.as_deref(),
            error: row.error.as_deref(),
            time_seconds: row.time_seconds,
            trial: row.trial,
            case_id: row.case_id.as_deref(),
            key: None,
        },
        turns: turns.collect(),
    }
}

pub(super) fn results(db: &dyn Connection, run_id: &str, rows: &[ResultRow]) -> Result<()> {
    let mut insert = db.prepare(
        "INSERT INTO benchmark_results (run_id, benchmark, score, num_examples, num_correct, num_errors, num_truncated,
           metrics, time_seconds, pass_at_k) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    rows.iter().try_for_each(|row| {
        let values = [
            run_id.into(),
            row.benchmark.as_str().into(),
            row.score.into(),
            row.num_examples.into(),
            row.num_correct.into(),
            row.num_errors.into(),
            row.num_truncated.into(),
            row.metrics.as_str().into(),
            Value::optional_real(row.time_seconds),
            row.pass_at_k.as_str().into(),
        ];
        insert.execute(&values).map(drop)
    })
}
