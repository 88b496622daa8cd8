//! The noncentral t distribution: that of a t statistic when there is something to find.

use std::f64::consts::PI;

use super::normal::normal_cdf;
use super::stirling::stirling_error;

/// From here on the distribution is normal to 1e-9.
const NEARLY_NORMAL: f64 = 1e7;
/// The steps of Simpson's rule; even.
const STEPS: usize = 400;
/// How many standard deviations of √(χ²/df) are integrated over; beyond lies less than 1e-18.
const REACH: f64 = 9.0;
/// Four hundred weights below this add up to less than the rule is right to.
const NOTHING: f64 = 1e-14;

/// The distribution of T = (Z + shift)/√(χ²/df), for any shift.
///
/// Φ(t·u − shift) is averaged over the density of u = √(χ²/df) by Simpson's rule, in v with u = v⁴: both are smooth in it,
/// near 0 as well, and so it is right to 1e-9. The density does not depend on t and the shift, and is evaluated once.
#[derive(Clone, Debug)]
pub(in crate::stats) struct NoncentralT {
    nodes: Vec<Node>,
}

/// A value of u, and what it weighs in the average.
#[derive(Clone, Copy, Debug)]
struct Node {
    u: f64,
    weight: f64,
}

impl NoncentralT {
    /// With `df` degrees of freedom, at least 1.
    pub(in crate::stats) fn of(df: f64) -> Self {
        if df >= NEARLY_NORMAL {
            return NoncentralT { nodes: vec![Node { u: 1.0, weight: 1.0 }] };
        }
        let spread = (0.5 / df).sqrt();
        let low = (1.0 - REACH * spread).max(0.0).sqrt().sqrt();
        let high = (1.0 + REACH * spread).sqrt().sqrt();
        let width = (high - low) / STEPS as f64;
        let density = density(df);
        let node = |step: usize| {
            let v = low + step as f64 * width;
            let u = v.powi(4);
            let height = if u == 0.0 { 0.0 } else { 4.0 * v.powi(3) * density(u) };
            let simpson = match step {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            Node { u, weight: simpson * height * width / 3.0 }
        };
        let nodes = (0..=STEPS).map(node).filter(|node| node.weight > NOTHING).collect();
        NoncentralT { nodes }
    }

    /// Returns P(T ≤ t).
    pub(in crate::stats) fn cdf(&self, t: f64, shift: f64) -> f64 {
        let terms = self.nodes.iter().map(|node| node.weight * normal_cdf(t * node.u - shift));
        terms.sum::<f64>().clamp(0.0, 1.0)
    }
}

/// Returns the density of √(χ²/df) at u > 0: 2·a^a·u^(df − 1)·exp(−a·u²)/Γ(a), a = df/2, with Γ by Stirling's formula, so
/// that nothing cancels.
fn density(df: f64) -> impl Fn(f64) -> f64 {
    let a = 0.5 * df;
    let constant = 0.5 * (2.0 * a / PI).ln() - stirling_error(a);
    move |u| (constant + (df - 1.0) * u.ln() - a * (u * u - 1.0)).exp()
}

#[cfg(test)]
mod tests {
    use super::super::t_cdf;
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        // scipy 1.17.1: nct.cdf(t, df, shift).
        for (t, df, shift, expected) in [
            (2.0, 5.0, 1.0, 0.7780746626162148),
            (-1.0, 12.0, 0.5, 0.0734664758652705),
            (12.7, 1.0, 14.1, 0.26837590944314593),
            (1.97, 299.0, 2.8, 0.20356231454140714),
            (-2.0, 40.0, -3.0, 0.8384758051097041),
            (4.3, 2.0, 2.5, 0.7002696245856609),
            (1.96, 5000.0, 2.8, 0.20047194236570054),
        ] {
            let got = NoncentralT::of(df).cdf(t, shift);
            assert!(
                (got - expected).abs() < 1e-9,
                "nct({t}, {df}, {shift}) = {got}, not {expected}"
            );
        }
    }

    #[test]
    fn without_a_shift_it_is_students() {
        for df in [1.0, 1.7, 4.0, 30.0, 1e4, 1e6] {
            for t in [-3.0, -0.4, 0.0, 2.2] {
                assert!((NoncentralT::of(df).cdf(t, 0.0) - t_cdf(t, df)).abs() < 1e-8, "{df} {t}");
            }
        }
    }
}
