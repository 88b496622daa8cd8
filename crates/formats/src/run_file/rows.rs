//! Reads the rows under our own key.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::path::Path;

use runstore::error::Result;
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, TrajectoryRow};
use runstore::rows::{BATCH_BYTES, BATCH_ROWS, RowSink};
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess};

use super::document::{FileThreshold, from_file};
use super::each_key_once::EachKeyOnce;
use super::fields::{
    InBaseline, InCase, InPrompt, InResult, InRun, InSuite, InTrajectory, InVerdict,
};
use super::parse::{Each, Fields, Items, List, Object, Reading, unwatched};

/// Reads the runs. Other programs may have sorted the keys, so everything but the long lists is read in a first pass,
/// and those in a second, so that no list of cases is ever in memory.
pub(super) fn read_whole(path: &Path, watch: &dyn Fn(u64), sink: &mut dyn RowSink) -> Result<()> {
    let reading = Reading::of(path, &unwatched);
    let mut ours = Ours { reading: &reading, heads: vec![], lists: None };
    reading.read(&mut Top(&mut ours))?;
    let heads = ours.heads;
    let reading = Reading::of(path, watch);
    let lists = Some(Lists { sink, next: 0 });
    reading.read(&mut Top(&mut Ours { reading: &reading, heads, lists }))
}

/// Our own key, in one of the two passes.
struct Ours<'r, 's> {
    reading: &'r Reading<'r>,
    heads: Vec<Head>,
    /// `None` in the first pass.
    lists: Option<Lists<'s>>,
}

/// The sink of cases and trajectories, and the index of the next run.
struct Lists<'s> {
    sink: &'s mut dyn RowSink,
    next: usize,
}

/// The whole file.
struct Top<'o, 'r, 's>(&'o mut Ours<'r, 's>);

impl<'de> Fields<'de> for Top<'_, '_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let reading = self.0.reading;
        match key.as_str() {
            "runstore" => map.next_value_seed(Object { reading, fields: &mut *self.0 }),
            _ => map.next_value::<IgnoredAny>().map(drop),
        }
    }
}

impl<'de> Fields<'de> for Ours<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let reading = self.reading;
        match key.as_str() {
            "runs" => map.next_value_seed(List { reading, items: self }),
            _ => map.next_value::<IgnoredAny>().map(drop),
        }
    }
}

impl<'de> Items<'de> for Ours<'_, '_> {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let reading = self.reading;
        let Some(lists) = &mut self.lists else {
            let mut head = Head::default();
            let found = list.next_element_seed(Object {
                reading,
                fields: &mut OneHead { reading, head: &mut head },
            })?;
            self.heads.extend(found.map(|()| head));
            return Ok(found.is_some());
        };
        let Some(head) = self.heads.get_mut(lists.next) else {
            return Ok(list.next_element::<IgnoredAny>()?.is_some());
        };
        lists.next += 1;
        let mut run = OneRun { reading, sink: &mut *lists.sink, has_trajectories: false };
        let give_up = |error| reading.give_up::<A::Error>(error);
        let (first, last) = head.batches(reading).map_err(give_up)?;
        run.sink.put_batch(first).map_err(give_up)?;
        list.next_element_seed(Object { reading, fields: &mut run })?;
        last.into_iter().try_for_each(|batch| run.sink.put_batch(batch)).map_err(give_up)?;
        Ok(true)
    }
}

/// The parts of a run other than its long lists.
#[derive(Default)]
struct Head {
    suite: Option<InSuite>,
    run: Option<InRun>,
    thresholds: BTreeMap<String, FileThreshold>,
    results: Vec<InResult>,
    baselines: Vec<InBaseline>,
    verdicts: Vec<InVerdict>,
    prompts: Vec<InPrompt>,
    counts: Option<RowCounts>,
}

impl Head {
    /// Returns the first batch of a run, and the batches at its end.
    fn batches(&mut self, reading: &Reading<'_>) -> Result<(RowBatch, Vec<RowBatch>)> {
        let missing =
            |key: &str| reading.refused(&format!("a run under \"runstore\" has no {key}"));
        let InSuite(suite) = self.suite.take().ok_or_else(|| missing("suite"))?;
        let InRun(run) = self.run.take().ok_or_else(|| missing("run"))?;
        let counts = self.counts.ok_or_else(|| missing("counts"))?;
        let first = RunHead { suite, run, thresholds: from_file(&self.thresholds) };
        let results = std::mem::take(&mut self.results).into_iter().map(|InResult(row)| row);
        let baselines = std::mem::take(&mut self.baselines).into_iter().map(|InBaseline(row)| row);
        let verdicts = std::mem::take(&mut self.verdicts).into_iter().map(|InVerdict(row)| row);
        let prompts = std::mem::take(&mut self.prompts).into_iter().map(|InPrompt(row)| row);
        let last = [
            RowBatch::Results(results.collect()),
            RowBatch::Baselines(baselines.collect()),
            RowBatch::Verdicts(verdicts.collect()),
            RowBatch::Prompts(prompts.collect()),
        ];
        let last = last.into_iter().filter(|batch| !is_empty(batch)).chain([RowBatch::End(counts)]);
        Ok((RowBatch::Run(Box::new(first)), last.collect()))
    }
}

fn is_empty(batch: &RowBatch) -> bool {
    let mut counts = RowCounts::default();
    counts.add(batch);
    counts == RowCounts::default()
}

/// A run in the first pass.
struct OneHead<'r, 'h> {
    reading: &'r Reading<'r>,
    head: &'h mut Head,
}

impl<'de> Fields<'de> for OneHead<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let OneHead { reading, head } = self;
        match key.as_str() {
            "suite" => head.suite = Some(map.next_value()?),
            "run" => head.run = Some(map.next_value()?),
            "thresholds" => head.thresholds = map.next_value_seed(EachKeyOnce(PhantomData))?,
            "results" => head.results = map.next_value()?,
            "baselines" => head.baselines = map.next_value()?,
            "verdicts" => head.verdicts = map.next_value()?,
            "prompts" => head.prompts = map.next_value()?,
            "counts" => head.counts = Some(map.next_value()?),
            "cases" | "trajectories" => {
                let items = &mut Each::new(reading, |_: IgnoredAny| Ok(()));
                map.next_value_seed(List { reading, items })?;
            }
            _ => return Err(A::Error::custom("the key is not known")),
        }
        Ok(())
    }
}

/// A run in the second pass.
struct OneRun<'r, 's> {
    reading: &'r Reading<'r>,
    sink: &'s mut dyn RowSink,
    has_trajectories: bool,
}

impl<'de> Fields<'de> for OneRun<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let OneRun { reading, sink, has_trajectories } = self;
        let give_up = |error| reading.give_up::<A::Error>(error);
        match key.as_str() {
            "cases" if *has_trajectories => {
                return Err(A::Error::custom("cases have to stand before trajectories"));
            }
            "cases" => {
                let mut batches = Batches::new(*sink, RowBatch::Cases, case_length);
                let items = &mut Each::new(reading, |InCase(case)| batches.add(case));
                map.next_value_seed(List { reading, items })?;
                batches.end().map_err(give_up)?;
            }
            "trajectories" => {
                *has_trajectories = true;
                let mut batches = Batches::new(*sink, RowBatch::Trajectories, trajectory_length);
                let items = &mut Each::new(reading, |InTrajectory(row)| batches.add(row));
                map.next_value_seed(List { reading, items })?;
                batches.end().map_err(give_up)?;
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// Collects rows into batches.
struct Batches<'s, T> {
    sink: &'s mut dyn RowSink,
    batch: fn(Vec<T>) -> RowBatch,
    length: fn(&T) -> usize,
    rows: Vec<T>,
    bytes: usize,
}

impl<'s, T> Batches<'s, T> {
    fn new(
        sink: &'s mut dyn RowSink,
        batch: fn(Vec<T>) -> RowBatch,
        length: fn(&T) -> usize,
    ) -> Self {
        Batches { sink, batch, length, rows: vec![], bytes: 0 }
    }

    fn add(&mut self, row: T) -> Result<()> {
        self.bytes += (self.length)(&row);
        self.rows.push(row);
        match self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            true => self.end(),
            false => Ok(()),
        }
    }

    fn end(&mut self) -> Result<()> {
        self.bytes = 0;
        match std::mem::take(&mut self.rows) {
            rows if rows.is_empty() => Ok(()),
            rows => self.sink.put_batch((self.batch)(rows)),
        }
    }
}

fn case_length(case: &CaseRow) -> usize {
    let texts = [&case.output, &case.expected, &case.error, &case.metadata];
    case.input.len() + texts.iter().filter_map(|text| text.as_ref()).map(String::len).sum::<usize>()
}

fn trajectory_length(row: &TrajectoryRow) -> usize {
    row.turns.iter().filter_map(|turn| turn.content.as_ref()).map(String::len).sum()
}
