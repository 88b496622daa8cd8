//! Partitions of values into clusters.

use super::check;
use super::error::{Result, StatsError};
use super::mean::pairwise_sum;

/// A partition of n values into clusters: cases that share a passage, a user, a template, and so
/// move together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// The cluster of each value, as a rank among the sorted names.
    codes: Vec<usize>,
    /// The indexes of the members, cluster by cluster, each in the order of the values.
    members: Vec<usize>,
    /// Where each cluster begins in `members`, and, last, the number of values.
    starts: Vec<usize>,
}

impl Clusters {
    /// Returns the partition of values by their clusters' names. Clusters are numbered in the order
    /// of the names.
    pub fn from_names<N: Ord>(names: &[N]) -> Self {
        let mut members: Vec<usize> = (0..names.len()).collect();
        // A stable sort keeps the members of a cluster in the order of the values.
        members.sort_by(|&a, &b| names[a].cmp(&names[b]));
        let mut codes = vec![0; names.len()];
        let mut starts = vec![];
        for (place, &member) in members.iter().enumerate() {
            if place == 0 || names[member] != names[members[place - 1]] {
                starts.push(place);
            }
            codes[member] = starts.len() - 1;
        }
        starts.push(names.len());
        Clusters { codes, members, starts }
    }

    /// Returns the number of clusters.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns whether there are no clusters, because there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of values.
    pub fn n_values(&self) -> usize {
        self.codes.len()
    }

    /// Returns the number of members of each cluster.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.starts.windows(2).map(|ends| ends[1] - ends[0])
    }

    /// Returns how many clusters of equal size say as much: n²/Σ sizes², from 1 to the number of clusters.
    ///
    /// Kish (1965), Survey Sampling, on weights: one cluster of fifty beside fifty single cases is worth four clusters.
    pub fn effective(&self) -> f64 {
        let squares: f64 = self.sizes().map(|size| (size * size) as f64).sum();
        (self.n_values() as f64).powi(2) / squares
    }

    /// Returns how many values share their cluster with another.
    pub fn sharing(&self) -> usize {
        self.sizes().filter(|size| *size > 1).sum()
    }

    /// Returns the values of each cluster, in the order of the values, one cluster after the other.
    pub(super) fn group(&self, values: &[f64]) -> Groups {
        let values = self.members.iter().map(|&member| values[member]).collect();
        Groups { values, starts: self.starts.clone() }
    }

    /// Refuses a number of values other than the partition's, and fewer than `needed` clusters.
    pub(super) fn check(&self, argument: &'static str, values: usize, needed: usize) -> Result<()> {
        check::same_length("cluster_ids", self.n_values(), argument, values)?;
        if self.len() >= needed {
            return Ok(());
        }
        let reason = "must name at least two clusters";
        Err(StatsError::Unsuitable { argument: "cluster_ids", reason })
    }
}

/// Values sorted by cluster.
pub(super) struct Groups {
    values: Vec<f64>,
    starts: Vec<usize>,
}

impl Groups {
    /// Returns the values of a cluster.
    pub(super) fn get(&self, cluster: usize) -> &[f64] {
        &self.values[self.starts[cluster]..self.starts[cluster + 1]]
    }

    /// Returns the clusters' values, cluster after cluster.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[f64]> + '_ {
        self.starts.windows(2).map(|ends| &self.values[ends[0]..ends[1]])
    }

    /// Returns the sum of each cluster.
    pub(super) fn sums(&self) -> Vec<f64> {
        self.iter().map(pairwise_sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_name_and_keeps_the_order_within() {
        let clusters = Clusters::from_names(&["b", "a", "b", "c", "a"]);
        assert_eq!(clusters.len(), 3);
        assert_eq!(clusters.sizes().collect::<Vec<_>>(), [2, 2, 1]);
        let groups = clusters.group(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(groups.iter().collect::<Vec<_>>(), [&[2.0, 5.0][..], &[1.0, 3.0], &[4.0]]);
        assert_eq!(groups.get(1), [1.0, 3.0]);
        assert_eq!(groups.sums(), [7.0, 4.0, 4.0]);
    }

    #[test]
    fn no_values_make_no_clusters() {
        let clusters = Clusters::from_names::<&str>(&[]);
        assert!(clusters.is_empty());
        assert_eq!(clusters.sizes().count(), 0);
    }

    #[test]
    fn refuses_a_single_cluster_and_another_length() {
        let clusters = Clusters::from_names(&[7, 7, 7]);
        assert_eq!(clusters.check("values", 3, 2).unwrap_err().argument(), "cluster_ids");
        assert_eq!(clusters.check("values", 4, 1).unwrap_err().argument(), "cluster_ids");
        assert_eq!(clusters.check("values", 3, 1), Ok(()));
    }
}
