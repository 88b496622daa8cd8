//! Figures that occur in several reports.

use crate::cell::Cell;
use crate::numbers::{counted, figure, p_value, percent, signed};
use crate::run_label::short;
use crate::times::date_time;
use runstore::compare::{Ends, Method, RunReference};

/// Returns `[−0.214, +0.015]`.
pub fn interval(low: f64, high: f64) -> String {
    let told = |number: f64, open: &str| {
        if number.is_finite() { signed(number) } else { open.to_owned() }
    };
    format!("[{}, {}]", told(low, "−∞"), told(high, "∞"))
}

/// Returns `95% interval`.
pub fn level(level: f64) -> String {
    format!("{} interval", percent(level))
}

pub fn ends(ends: Option<Ends>) -> Cell {
    Cell::optional(ends, |ends| interval(ends.low, ends.high).into())
}

pub fn mean(mean: Option<f64>) -> Cell {
    Cell::optional(mean, |mean| figure(mean).into())
}

/// Returns a p-value, with a star if it is below alpha.
pub fn p(p: Option<f64>, significant: bool) -> Cell {
    let star = if significant { " *" } else { "" };
    Cell::optional(p, |p| format!("{}{star}", p_value(p)).into())
}

/// Returns `name (model, 1a2b3c4d, 2026-11-11 12:00)`.
pub fn label(run: &RunReference) -> String {
    let started = date_time(run.started_at);
    format!("{} ({}, {}, {started})", run.name, run.model, short(&run.id))
}

/// Explains [`p`] and its star; nothing without any.
pub fn legend(
    alpha: f64,
    p_values: &[f64],
    tested: &str,
    methods: impl Iterator<Item = Option<Method>>,
) -> String {
    let star = match p_values.iter().any(|p| *p < alpha) {
        true => format!("; * below {alpha}"),
        false => String::new(),
    };
    let corrected = match p_values.len() {
        0 => return String::new(),
        1 => String::new(),
        tests => format!(", corrected for {}", counted(tests, tested)),
    };
    let mid_p = match methods.flatten().any(Method::is_mid_p) {
        true => "; for scores of 0 and 1, one of exactly this size counts half (mid-p)",
        false => "",
    };
    format!(
        "p: the probability of so large a difference if the runs were equal{mid_p}{corrected}{star}"
    )
}
