//! `runstore mde`

use serde::Serialize;

use crate::answer::Answer;
use crate::arguments::Mde;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use crate::{run_name, suite_name};
use runstore::compare::{self, Spread};
use runstore::stats::{ErrorRates, StatsError, minimum_detectable_effect, required_n};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted, figure, percent};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// The detectable effects.
#[derive(Serialize)]
struct Detectable {
    alpha: f64,
    power: f64,
    spreads: Vec<OfScorer>,
}

#[derive(Serialize)]
struct OfScorer {
    scorer: Option<String>,
    source: &'static str,
    sd: f64,
    n: Option<usize>,
    effects: Vec<Effect>,
    drop: Option<Needed>,
}

#[derive(Serialize)]
struct Effect {
    cases: u64,
    mde: f64,
}

#[derive(Serialize)]
struct Needed {
    size: f64,
    cases: u64,
}

pub(super) fn answer(arguments: &Mde, session: &Session<'_>) -> Result<Answer, Failure> {
    let rates = ErrorRates { alpha: arguments.alpha, power: arguments.power, one_sided: false };
    let spreads = match arguments.sd {
        Some(sd) => vec![of_scorer(None, "given", sd, None, arguments, &rates)?],
        None => measured(arguments, session, &rates)?,
    };
    let detectable = Detectable { alpha: arguments.alpha, power: arguments.power, spreads };
    session.answer(&detectable, |page| detectable.write(page))
}

fn measured(
    arguments: &Mde,
    session: &Session<'_>,
    rates: &ErrorRates,
) -> Result<Vec<OfScorer>, Failure> {
    let (source, factor, spreads) = spreads(arguments, session)?;
    let chosen = spreads
        .iter()
        .filter(|spread| arguments.scorer.as_ref().is_none_or(|scorer| *scorer == spread.scorer));
    let measured: Result<Vec<OfScorer>, Failure> = chosen
        .map(|spread| {
            let sd = spread.sd * factor;
            of_scorer(Some(&spread.scorer), source, sd, Some(spread.n), arguments, rates)
        })
        .collect();
    match measured {
        Ok(measured) if measured.is_empty() => Err(no_spread(arguments, &spreads)),
        measured => measured,
    }
}

/// Returns the source of the spreads, the factor that turns them into spreads of differences, and the spreads.
fn spreads(
    arguments: &Mde,
    session: &Session<'_>,
) -> Result<(&'static str, f64, Vec<Spread>), Failure> {
    let run = arguments.run.as_deref().ok_or_else(|| {
        Failure::usage("mde needs a run, or the standard deviation of the differences").hint(
            "name a run (\"runstore mde latest\") or give the standard deviation (\"runstore mde --sd 0.4\")",
        )
    })?;
    session.at_one_moment(|store| spreads_of(run, arguments, store))
}

fn spreads_of(
    run: &str,
    arguments: &Mde,
    store: &Moment<'_>,
) -> Result<(&'static str, f64, Vec<Spread>), Failure> {
    let suite_id = suite_name::find_id(store, arguments.suite.as_deref())?;
    let suite = suite_id.as_deref();
    if let Some(other) = &arguments.other {
        let (one, other) = run_name::find_both(store, run, other, suite)?;
        let spreads = compare::difference_spreads(store, &one.id, &other.id)?;
        return Ok(("differences", 1.0, spreads));
    }
    let run = run_name::find(store, run, suite)?;
    let spreads = compare::spreads(store, &run.id)?;
    Ok(("run", of_differences(arguments.correlation)?, spreads))
}

/// Returns sd(a − b)/sd for two scores with the same sd and this correlation: √(2(1 − r)).
fn of_differences(correlation: f64) -> Result<f64, Failure> {
    if (0.0..1.0).contains(&correlation) {
        return Ok((2.0 * (1.0 - correlation)).sqrt());
    }
    Err(Failure::usage(format!("--correlation must be from 0 to below 1, not {correlation}"))
        .hint("use 0 for unrelated runs, 0.5 for most pairs of runs of a suite"))
}

fn no_spread(arguments: &Mde, spreads: &[Spread]) -> Failure {
    let known: Vec<&str> = spreads.iter().map(|spread| spread.scorer.as_str()).collect();
    match (&arguments.scorer, known.is_empty()) {
        (Some(scorer), false) => {
            Failure::new(Exit::Data, format!("no case has a score of \"{scorer}\""))
                .hint(format!("its scorers are: {}", known.join(", ")))
        }
        _ => Failure::new(
            Exit::Data,
            "fewer than two cases have a score, so there is no standard deviation",
        )
        .hint("name a run with more cases, or give the standard deviation with --sd"),
    }
}

fn of_scorer(
    scorer: Option<&str>,
    source: &'static str,
    sd: f64,
    n: Option<usize>,
    arguments: &Mde,
    rates: &ErrorRates,
) -> Result<OfScorer, Failure> {
    let mut cases = arguments.cases.clone();
    cases.extend(n.map(|n| n as u64));
    cases.sort_unstable();
    cases.dedup();
    let effect = |cases: u64| {
        let effect = minimum_detectable_effect(sd, cases, rates, None);
        effect.map(|effect| Effect { cases, mde: effect.mde }).map_err(refused)
    };
    let needed = |size: f64| {
        let cases = required_n(size, sd, rates, 0.0, 1.0);
        cases.map(|cases| Needed { size, cases }).map_err(refused)
    };
    Ok(OfScorer {
        scorer: scorer.map(str::to_owned),
        source,
        sd,
        n,
        effects: cases.into_iter().map(effect).collect::<Result<_, _>>()?,
        drop: arguments.drop.map(needed).transpose()?,
    })
}

/// Names the option that the statistics refused.
fn refused(error: StatsError) -> Failure {
    let option = match error.argument() {
        "sd_diff" => "--sd",
        "target_delta" => "--drop",
        "alpha" => "--alpha",
        "power" => "--power",
        other => other,
    };
    Failure::usage(format!("{option} {}", error.reason()))
        .hint("run it with --help to see its arguments")
}

impl Detectable {
    fn write(&self, page: &mut Page) {
        for spread in &self.spreads {
            page.words("", &spread.sentence(), Role::Plain);
        }
        page.blank();
        let columns = self.spreads.iter().map(|spread| {
            Column::number(spread.scorer.as_deref().unwrap_or("difference")).cut_to(7)
        });
        let columns: Vec<Column> = [Column::number("cases")].into_iter().chain(columns).collect();
        let mut table = Table::new(columns);
        for cases in self.cases() {
            let mut row = vec![Cell::from(count(cases))];
            row.extend(self.spreads.iter().map(|spread| spread.cell(cases)));
            table.row(row);
        }
        page.table(&table);
        page.words("", &self.meaning(), Role::Faint);
        for spread in &self.spreads {
            if let Some(needed) = &spread.drop {
                let name = spread.name();
                let cases = count(needed.cases);
                page.words(
                    "",
                    &format!(
                        "{name}a difference of {} takes about {cases} cases.",
                        figure(needed.size)
                    ),
                    Role::Plain,
                );
            }
        }
    }

    fn cases(&self) -> Vec<u64> {
        let all = self.spreads.iter().flat_map(|spread| &spread.effects);
        let mut cases: Vec<u64> = all.map(|effect| effect.cases).collect();
        cases.sort_unstable();
        cases.dedup();
        cases
    }

    fn meaning(&self) -> String {
        format!(
            "The smallest difference between two runs that {} of all comparisons detect, with {} false alarms.",
            percent(self.power),
            percent(self.alpha)
        )
    }
}

impl OfScorer {
    fn name(&self) -> String {
        self.scorer.as_ref().map_or(String::new(), |scorer| format!("{scorer}: "))
    }

    fn sentence(&self) -> String {
        let cases = self.n.map_or(String::new(), |n| counted(n, "case"));
        let from = match self.source {
            "run" => format!(", from the scores of {cases}"),
            "differences" => format!(", from {cases} in both runs"),
            _ => String::new(),
        };
        format!("{}standard deviation of the differences: {}{from}", self.name(), figure(self.sd))
    }

    fn cell(&self, cases: u64) -> Cell {
        let effect = self.effects.iter().find(|effect| effect.cases == cases);
        Cell::optional(effect.filter(|effect| effect.mde.is_finite()), |effect| {
            figure(effect.mde).into()
        })
    }
}
