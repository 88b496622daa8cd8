//! Runs as they may come: made at random, with all that a store takes.

use proptest::prelude::*;
use runstore::Store;
use runstore::model::*;
use runstore::store::OnConflict;

/// Any JSON, and what parsers stumble over.
pub fn json() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("\"\\ud800 alone\"".to_owned()),
        Just("{\"__proto__\":1,\"n\":-0.0,\"big\":12345678901234567890}".to_owned()),
        Just(format!("{}1{}", "[".repeat(300), "]".repeat(300))),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
    ]
}

/// Any text, and what writers stumble over.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        1 => Just("\0 nul, emoji 🙂, bidi \u{202e}".to_owned()),
        1 => (1000usize..4000).prop_map(|length| "långt ".repeat(length)),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<i32>().prop_map(f64::from),
        any::<f64>().prop_filter("NaN is NULL", |number| !number.is_nan()),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.1),
    ]
}

fn scores() -> impl Strategy<Value = Vec<ScoreRow>> {
    let score = (text(), number(), of(text()), of(json()), of(text())).prop_map(
        |(scorer_name, score, reason, metadata, answer)| ScoreRow {
            id: String::new(),
            scorer_name,
            score,
            reason,
            metadata,
            answer,
        },
    );
    prop::collection::vec(score, 0..4)
}

fn of<T: std::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(one)
}

/// Cases with their scores.
pub fn cases() -> impl Strategy<Value = Vec<CaseRow>> {
    let texts = (json(), of(text()), of(json()), of(text()), of(text()));
    let more = (of(text()), of(text()), of(json()), of(number()), of(number()));
    let numbers = (-3i32..3, of(number()), of(number()), of(number()), of(number()));
    let case = (texts, more, numbers, scores()).prop_map(|(texts, more, numbers, scores)| {
        let (input, output, expected, error, key) = texts;
        let (benchmark, cluster, metadata, cost_usd, started_at) = more;
        let (idx, latency_ms, tokens_in, tokens_out, trial) = numbers;
        CaseRow {
            id: String::new(),
            idx: f64::from(idx),
            input,
            output,
            expected,
            latency_ms,
            tokens_in,
            tokens_out,
            error,
            key,
            trial,
            benchmark,
            cluster,
            metadata,
            cost_usd,
            started_at,
            scores,
        }
    });
    prop::collection::vec(case, 0..12)
}

/// What logs and the metadata of turns are.
fn object() -> impl Strategy<Value = String> {
    json().prop_map(|json| format!("{{\"a\": {json}, \"\": null}}"))
}

fn metrics() -> impl Strategy<Value = String> {
    any::<i32>().prop_map(|number| format!("{{\"m\":{number},\"ü\":0.1}}"))
}

/// Trajectories with their turns.
pub fn trajectories() -> impl Strategy<Value = Vec<TrajectoryRow>> {
    let role = prop::sample::select(Role::ALL.to_vec());
    let content = prop_oneof![
        text().prop_map(|text| (Some(text), false)),
        Just((Some("[{\"type\":\"text\",\"text\":\"\\ud800\"}]".to_owned()), true)),
        Just((None, false)),
    ];
    let message = prop_oneof![
        Just(
            "{\"tool_calls\":[{\"id\":\"ü\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"
                .to_owned()
        ),
        json().prop_map(|json| format!(" {{\"refusal\": {json}}} ")),
    ];
    let tokens = of(any::<u32>().prop_map(f64::from));
    let turn = (role, content, tokens, of(object()), of(message)).prop_map(
        |(role, (content, is_parts), token_count, metadata, message)| TurnRow {
            role,
            content,
            is_parts,
            token_count,
            metadata,
            message,
        },
    );
    let turns = prop::collection::vec(turn, 0..4);
    let row = (
        of(text()),
        number(),
        of(metrics()),
        of(object()),
        of(text()),
        of(number()),
        of(number()),
        turns,
    );
    let row = row.prop_map(|row| {
        let (example_id, reward, metrics, logs, error, time_seconds, trial, turns) = row;
        TrajectoryRow {
            example_id,
            reward,
            metrics,
            logs,
            error,
            time_seconds,
            trial,
            turns,
            ..Default::default()
        }
    });
    prop::collection::vec(row, 0..6)
}

/// Fills a store by its own operations, so that what is compared was not made by what is tested.
pub fn fill(
    store: &Store,
    run: (String, String),
    cases: &[CaseRow],
    trajectories: &[TrajectoryRow],
) {
    let prompt = store.create_prompt("system", "be brief").unwrap();
    let suite = store.create_suite("ü suite").unwrap();
    let (name, metadata) = run;
    let config = format!("{{\"prompts\":[\"{}\"],\"t\":0.1}}", prompt.id);
    let more = MoreOfNewRun {
        benchmarks: Some(vec!["aime".to_owned(), "ü".to_owned()]),
        checkpoint: Some(Checkpoint { name: Some("c".to_owned()), path: Some("p".to_owned()) }),
        git: serde_json::value::RawValue::from_string("{\"commit\":\"c\"}".to_owned()).ok(),
        started_at: Some(1_234.0),
        ..MoreOfNewRun::default()
    };
    let new = NewRun {
        id: Some("run"),
        suite_id: &suite.id,
        name: &name,
        model: &name,
        config: Some(&config),
        tags: Some("[\"a\",\"b\"]"),
        metadata: Some(&metadata),
        more: Some(&more),
    };
    store.create_run(&new).unwrap();
    let mut ids = Vec::new();
    for case in cases {
        let id = uuid(case.scores.len());
        ids.push(id.clone());
        let new = NewCase {
            id: Some(&id),
            run_id: "run",
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
        };
        store.save_cases([Ok(new)]).unwrap();
        for one in &case.scores {
            let new = NewScore {
                id: None,
                case_id: &id,
                scorer_name: &one.scorer_name,
                score: one.score,
                reason: one.reason.as_deref(),
                metadata: one.metadata.as_deref(),
                answer: one.answer.as_deref(),
            };
            store.save_scores([Ok(new)]).unwrap();
        }
    }
    for (row, idx) in trajectories.iter().zip(0..) {
        let turns = row.turns.iter().map(|turn| NewTurn {
            role: turn.role,
            content: turn.content.as_deref(),
            is_parts: turn.is_parts,
            token_count: turn.token_count,
            metadata: turn.metadata.as_deref(),
            message: turn.message.as_deref(),
        });
        let new = NewTrajectory {
            benchmark: if idx % 2 == 0 { "aime" } else { "ü" },
            idx: idx - 1,
            outcome: NewOutcome {
                example_id: row.example_id.as_deref(),
                reward: Some(row.reward),
                metrics: row.metrics.as_deref(),
                logs: row.logs.as_deref(),
                error: row.error.as_deref(),
                time_seconds: row.time_seconds,
                trial: row.trial,
                case_id: if idx % 3 == 0 { ids.first().map(String::as_str) } else { None },
                key: None,
            },
            turns: turns.collect(),
        };
        store
            .save_trajectories("run", runstore::store::Part::WHOLE, OnConflict::Error, [Ok(new)])
            .unwrap();
    }
    let result = r#"{"benchmark":"aime","score":0.5,"num_examples":2,"num_correct":1,"num_errors":0,"num_truncated":0,
        "metrics":{"m":1e-7},"time_seconds":1.5,"pass_at_k":{"1":0.5}}"#;
    store.save_benchmark_result("run", &serde_json::from_str(result).unwrap()).unwrap();
    store.set_baseline(&suite.id, "run", "main").unwrap();
    let verdict = r#"{"baseline_run_id":"gone","candidate_run_id":"run","decision":"ALLOW","alpha":0.05,"scorers":[
        {"scorer_name":"s","decision":"ALLOW","delta":0.1,"low":null,"high":null,"p_value":0.1,"method":"m","margin":0.01,"n":3}]}"#;
    store.record_verdict(&serde_json::from_str(verdict).unwrap()).unwrap();
    store.finish_run("run", RunStatus::Completed, Some("{\"ok\":true}")).unwrap();
}

fn uuid(salt: usize) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("case-{}-{salt}", NEXT.fetch_add(1, Ordering::Relaxed))
}
