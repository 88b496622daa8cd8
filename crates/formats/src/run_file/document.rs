//! The documented keys of a run file.

use std::collections::BTreeMap;

use runstore::model::{Threshold, Thresholds};
use runstore::scorecard::{
    Grade, GradeReason, Metrics, RunScorecard, SampleScorecard, Scorecard, judge, judge_run, words,
};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::each_key_once;
use super::number::Number;

/// The model and task type of a rollup scorecard.
pub(super) const ROLLUP: (&str, &str) = ("<rollup>", "rollup");

/// The content of a run file, with the names of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunFile {
    /// The id of the run, and the name of the file.
    pub run_id: String,
    /// Seconds from the start of the first pipeline to the end of the last.
    pub elapsed_seconds: Number,
    /// Model ids of the pipelines that failed.
    pub failed_pipelines: Vec<Value>,
    /// Over all pipelines.
    pub rollup_scorecard: FileScorecard,
    /// By model id, in the order of the file.
    #[serde(serialize_with = "as_object")]
    pub pipeline_results: Vec<(String, Pipeline)>,
    /// The origin of the run.
    pub metadata: FileMetadata,
}

fn as_object<S: Serializer>(
    pipelines: &[(String, Pipeline)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pipelines.len()))?;
    for (model, pipeline) in pipelines {
        map.serialize_entry(model, pipeline)?;
    }
    map.end()
}

/// The result of one model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The id of the run.
    pub run_id: String,
    /// Seconds that it took.
    pub elapsed_seconds: Number,
    /// Ids of the samples that failed or ended with an error.
    pub failed_samples: Vec<String>,
    /// Of all samples.
    pub final_scorecard: FileScorecard,
    /// Of each sample, if they are kept.
    #[serde(default)]
    pub per_sample_scorecards: Vec<FileSample>,
}

/// A scorecard of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileScorecard {
    /// The id of the run.
    pub run_id: String,
    /// The model, or `<rollup>`.
    pub model_id: String,
    /// The type of task, or `rollup`.
    pub task_type: String,
    /// Values by name; null if a value is not a number.
    #[serde(deserialize_with = "each_key_once::deserialize")]
    pub metrics: BTreeMap<String, Option<Number>>,
    /// Thresholds by metric.
    #[serde(default, deserialize_with = "each_key_once::deserialize")]
    pub thresholds: BTreeMap<String, FileThreshold>,
    /// `pass`, `warn`, `fail` or `none`; other programs may write other words.
    pub verdict: Option<String>,
    /// Error messages.
    #[serde(default)]
    pub errors: Vec<Value>,
    /// Associated files, by name.
    #[serde(default)]
    pub artifacts: Map<String, Value>,
}

/// The scorecard of one sample.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileSample {
    /// Identifies the sample.
    pub sample_id: String,
    /// Values by name.
    #[serde(deserialize_with = "each_key_once::deserialize")]
    pub metrics: BTreeMap<String, Option<Number>>,
    /// Thresholds by metric.
    #[serde(default, deserialize_with = "each_key_once::deserialize")]
    pub thresholds: BTreeMap<String, FileThreshold>,
    /// As in [`FileScorecard`].
    pub verdict: Option<String>,
    /// Error messages.
    #[serde(default)]
    pub errors: Vec<Value>,
    /// Associated files, by name.
    #[serde(default)]
    pub artifacts: Map<String, Value>,
}

/// A threshold with the names of the file. The ceilings are our extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileThreshold {
    /// Passes at this value and above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_floor: Option<f64>,
    /// Warns at this value and above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_floor: Option<f64>,
    /// Passes at this value and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_ceiling: Option<f64>,
    /// Warns at this value and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_ceiling: Option<f64>,
}

/// The origin of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileMetadata {
    /// `CLI` or `API`.
    pub source: String,
    /// The suite.
    pub suite_name: String,
    /// The file that defines the evaluation.
    #[serde(default)]
    pub definition_path: Option<String>,
    /// All distinct samples of all pipelines.
    #[serde(default)]
    pub sample_ids: Vec<String>,
    /// The keys of the pipelines.
    #[serde(default)]
    pub pipeline_ids: Vec<String>,
    /// Other keys that a program has written.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl From<&Threshold> for FileThreshold {
    fn from(threshold: &Threshold) -> Self {
        let Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = *threshold;
        FileThreshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling }
    }
}

impl From<&FileThreshold> for Threshold {
    fn from(threshold: &FileThreshold) -> Self {
        let FileThreshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = *threshold;
        Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling }
    }
}

/// Returns thresholds with the names of the file.
pub(super) fn in_file(thresholds: Thresholds) -> BTreeMap<String, FileThreshold> {
    thresholds.into_iter().map(|(metric, threshold)| (metric, (&threshold).into())).collect()
}

/// Returns thresholds of a file with our names.
pub(super) fn from_file(thresholds: &BTreeMap<String, FileThreshold>) -> Thresholds {
    thresholds.iter().map(|(metric, threshold)| (metric.clone(), threshold.into())).collect()
}

fn numbers(metrics: Metrics) -> BTreeMap<String, Option<Number>> {
    metrics.into_iter().map(|(name, value)| (name, Some(Number(value)))).collect()
}

impl FileScorecard {
    /// Creates a scorecard for a file.
    pub(super) fn of(card: &Scorecard, run_id: &str, model_id: &str, task_type: &str) -> Self {
        FileScorecard {
            run_id: run_id.to_owned(),
            model_id: model_id.to_owned(),
            task_type: task_type.to_owned(),
            metrics: numbers(card.metrics.clone()),
            thresholds: in_file(card.thresholds.clone()),
            verdict: Some(card.verdict.name().to_owned()),
            errors: card.reasons.iter().filter(is_of_run).map(told).collect(),
            artifacts: Map::new(),
        }
    }

    /// Returns whether the errors contain a reason.
    fn tells(&self, reason: &GradeReason) -> bool {
        self.errors.contains(&told(reason))
    }

    /// Returns the verdict as ours; `None` for a word of another program.
    pub fn grade(&self) -> Option<Grade> {
        self.verdict.as_deref().map_or(Some(Grade::None), Grade::of_name)
    }
}

/// Returns whether the reason is about the run as a whole, which no metric shows.
fn is_of_run(reason: &&GradeReason) -> bool {
    matches!(reason, GradeReason::RunFailed | GradeReason::Unfinished)
}

fn told(reason: &GradeReason) -> Value {
    words::reason(reason).into()
}

impl RunFile {
    /// Returns the rollup scorecard as ours. The metrics and the verdict are those of the file; the reasons are what the
    /// store would say of them.
    pub fn scorecard(&self) -> RunScorecard {
        let FileScorecard { metrics, thresholds, .. } = &self.rollup_scorecard;
        let (metrics, thresholds) = (finite(metrics), from_file(thresholds));
        let verdict = self.rollup_scorecard.grade().unwrap_or_default();
        let reasons = self.reasons(&metrics, &thresholds, verdict);
        let models: Vec<&str> = self.pipeline_results.iter().map(|(model, _)| &**model).collect();
        RunScorecard {
            run_id: self.run_id.clone(),
            suite_id: String::new(),
            model: models.join(", "),
            card: Scorecard { metrics, thresholds, verdict, reasons },
            samples: None,
        }
    }

    /// Returns why the verdict of the file is not `pass`.
    fn reasons(
        &self,
        metrics: &Metrics,
        thresholds: &Thresholds,
        verdict: Grade,
    ) -> Vec<GradeReason> {
        let judged = judge_run(metrics, thresholds);
        let pipelines: Vec<String> = self.failed_pipelines.iter().map(in_words).collect();
        match (pipelines.len(), verdict) {
            (0, Grade::None) if self.rollup_scorecard.tells(&GradeReason::Unfinished) => {
                vec![GradeReason::Unfinished]
            }
            (0, _) => judged,
            (failed, _) if failed >= self.pipeline_results.len() => vec![GradeReason::RunFailed],
            _ => [vec![GradeReason::SomeRunsFailed { pipelines }], judged].concat(),
        }
    }
}

impl FileSample {
    /// Returns the scorecard as ours.
    pub fn scorecard(self) -> SampleScorecard {
        let (metrics, thresholds) = (finite(&self.metrics), from_file(&self.thresholds));
        let mut reasons = judge(&metrics, &thresholds);
        let verdict = self.verdict.as_deref().and_then(Grade::of_name).unwrap_or_default();
        if verdict == Grade::None && reasons.is_empty() {
            reasons.push(GradeReason::NoScores);
        }
        SampleScorecard {
            card: Scorecard { metrics, thresholds, verdict, reasons },
            errors: self.errors.iter().map(in_words).collect(),
            case_id: String::new(),
            sample_id: self.sample_id,
        }
    }
}

fn finite(metrics: &BTreeMap<String, Option<Number>>) -> Metrics {
    let finite = |(name, value): (&String, &Option<Number>)| {
        Some((name.clone(), value.map(|Number(value)| value).filter(|value| value.is_finite())?))
    };
    metrics.iter().filter_map(finite).collect()
}

/// Returns an error, or the key of a pipeline, which other programs may write as any JSON.
pub(super) fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl From<SampleScorecard> for FileSample {
    fn from(sample: SampleScorecard) -> Self {
        FileSample {
            sample_id: sample.sample_id,
            metrics: numbers(sample.card.metrics),
            thresholds: in_file(sample.card.thresholds),
            verdict: Some(sample.card.verdict.name().to_owned()),
            errors: sample.errors.into_iter().map(Value::from).collect(),
            artifacts: Map::new(),
        }
    }
}
