//! What stands in a vector, and how two values are compared.

use runstore::stats::{self, Alternative, Clusters, ErrorRates, Interval, Resampling, evalsig};
use serde_json::{Value, json};

/// One entry of the file.
pub struct Vector<'a>(pub &'a Value);

impl<'a> Vector<'a> {
    pub fn input(&self, name: &str) -> &'a Value {
        self.0["inputs"].get(name).unwrap_or_else(|| panic!("{}: no {name}", self.0["id"]))
    }

    pub fn text(&self, value: &'a Value) -> &'a str {
        value.as_str().unwrap_or_else(|| panic!("{}: {value} is no text", self.0["id"]))
    }

    pub fn number(&self, name: &str) -> f64 {
        number(self.input(name)).unwrap()
    }

    pub fn whole(&self, name: &str) -> u64 {
        self.input(name).as_u64().unwrap()
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.input(name).as_array().unwrap().iter().map(|value| number(value).unwrap()).collect()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.input(name).as_bool().unwrap()
    }

    pub fn runs(&self) -> (Vec<f64>, Vec<f64>) {
        (self.numbers("a"), self.numbers("b"))
    }

    pub fn alternative(&self) -> Alternative {
        Alternative::of_name(self.text(self.input("alternative"))).unwrap()
    }

    pub fn resampling(&self) -> Resampling {
        Resampling {
            resamples: self.whole("n_resamples") as usize,
            seed: self.whole("rng"),
            threads: 2,
        }
    }

    pub fn clusters(&self) -> Clusters {
        let names = self.input("cluster_id").as_array().unwrap();
        let names: Vec<&str> = names.iter().map(|name| self.text(name)).collect();
        Clusters::from_names(&names)
    }

    pub fn clustering(&self) -> Option<stats::Clustering> {
        let n_clusters = self.input("n_clusters").as_u64();
        let icc = self.input("icc").as_f64();
        n_clusters.zip(icc).map(|(n_clusters, icc)| stats::Clustering { n_clusters, icc })
    }

    pub fn rates(&self, power: &str) -> ErrorRates {
        ErrorRates {
            alpha: self.number("alpha"),
            power: self.number(power),
            one_sided: self.flag("one_sided"),
        }
    }

    pub fn sequence_options(&self) -> stats::SequenceOptions {
        stats::SequenceOptions {
            alpha: self.number("alpha"),
            rho: self.number("rho"),
            sigma_bound: self.input("sigma_bound").as_f64(),
        }
    }

    pub fn items(&self, run: &str) -> Vec<evalsig::Item<'a>> {
        let items = self.input(run)["items"].as_array().unwrap();
        let item = |item: &'a Value| evalsig::Item {
            item_id: self.text(&item["item_id"]),
            score: number(&item["score"]).unwrap(),
            cluster_id: item["cluster_id"].as_str(),
            epoch: item["epoch"].as_i64().unwrap(),
        };
        items.iter().map(item).collect()
    }

    pub fn compare_options(&self, power: &str) -> evalsig::CompareOptions<'a> {
        evalsig::CompareOptions {
            method: evalsig::Method::of_name(self.text(self.input("method"))).unwrap(),
            cluster: self.input("cluster").as_str(),
            rates: self.rates(power),
            resampling: self.resampling(),
        }
    }
}

/// Returns the number that a JSON value stands for.
pub fn number(value: &Value) -> Option<f64> {
    match value.get("$float").and_then(Value::as_str) {
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some("NaN") => Some(f64::NAN),
        _ => value.as_f64(),
    }
}

/// Returns the JSON value that stands for a number.
pub fn float(number: f64) -> Value {
    match number {
        f64::INFINITY => json!({"$float": "Infinity"}),
        f64::NEG_INFINITY => json!({"$float": "-Infinity"}),
        number => json!(number),
    }
}

pub fn ends(interval: Interval) -> Value {
    json!([float(interval.low), float(interval.high)])
}

/// Compares two JSON values, numbers to within the tolerance, which is relative above 1.
pub fn same(got: &Value, expected: &Value, tolerance: f64) -> Result<(), String> {
    let differ = || Err(format!("got {got}, expected {expected}"));
    match (got, expected) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| same(a, b, tolerance))
        }
        (Value::Object(a), Value::Object(b))
            if a.len() == b.len() && number(expected).is_none() =>
        {
            a.iter().try_for_each(|(key, a)| {
                let b = b.get(key).ok_or_else(|| format!("{key} is not expected"))?;
                same(a, b, tolerance).map_err(|difference| format!("{key}: {difference}"))
            })
        }
        _ => match (number(got), number(expected)) {
            (Some(a), Some(b)) if a == b || (a - b).abs() <= tolerance * b.abs().max(1.0) => Ok(()),
            (Some(_), Some(_)) => differ(),
            _ if got == expected => Ok(()),
            _ => differ(),
        },
    }
}
