//! The fields of a JSON object, each of its required type.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::python_json::canonical;

/// Why something cannot be read.
pub(super) type Reason = String;

/// An object of canonical JSON. Of two fields with the same name, the last one counts, as in Python.
#[derive(Debug)]
pub(super) struct Fields<'j>(BTreeMap<String, &'j RawValue>);

impl<'j> Fields<'j> {
    pub(super) fn of(json: &'j str) -> Result<Self, Reason> {
        serde_json::from_str(json).map(Fields).map_err(|_| "it is not a JSON object".to_owned())
    }

    pub(super) fn raw(&self, name: &str) -> Option<&'j str> {
        self.0.get(name).map(|raw| raw.get())
    }

    fn read<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        kind: &str,
    ) -> Result<Option<T>, Reason> {
        let read = |json| serde_json::from_str(json).map_err(|_| format!("{name} is not {kind}"));
        self.raw(name).map(read).transpose()
    }

    /// Returns a required text.
    pub(super) fn text(&self, name: &str) -> Result<String, Reason> {
        self.read(name, "a text")?.ok_or_else(|| format!("{name} is missing"))
    }

    /// Returns a text; nothing if it is missing or null.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, Reason> {
        self.read::<Option<String>>(name, "a text or null").map(Option::flatten)
    }

    /// Returns a text; by default an empty one.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<String, Reason> {
        self.read(name, "a text").map(Option::unwrap_or_default)
    }

    /// Returns a required list of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Reason> {
        self.read(name, "a list of texts")?.ok_or_else(|| format!("{name} is missing"))
    }

    /// Returns the elements of a list; none if it is missing.
    pub(super) fn list(&self, name: &str) -> Result<Vec<&'j RawValue>, Reason> {
        let read = |json| serde_json::from_str(json).map_err(|_| format!("{name} is not a list"));
        self.raw(name).map_or(Ok(vec![]), read)
    }

    /// Returns a number; 0 if it is missing. NaN has become null.
    pub(super) fn number(&self, name: &str) -> Result<f64, Reason> {
        match self.raw(name) {
            None => Ok(0.0),
            Some("null") => Ok(f64::NAN),
            // serde_json does not accept infinities.
            Some(json)
                if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) =>
            {
                json.parse().map_err(|_| format!("{name} is not a number"))
            }
            Some(_) => Err(format!("{name} is not a number")),
        }
    }

    /// Returns a whole number that a float represents.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, Reason> {
        const SAFE: i64 = 9_007_199_254_740_991;
        let number: Option<i64> = self.read(name, "a whole number")?;
        match number {
            Some(number) if !(-SAFE..=SAFE).contains(&number) => {
                Err(format!("{name} is beyond {SAFE}"))
            }
            number => Ok(number),
        }
    }

    /// Returns a count; 0 if it is missing.
    pub(super) fn count(&self, name: &str) -> Result<u64, Reason> {
        let number = self.whole(name)?.unwrap_or(0);
        u64::try_from(number).map_err(|_| format!("{name} is below 0"))
    }

    /// Returns the JSON of an object; by default an empty one.
    pub(super) fn object(&self, name: &str) -> Result<String, Reason> {
        match self.raw(name) {
            None => Ok("{}".to_owned()),
            Some(json) if json.starts_with('{') => Ok(json.to_owned()),
            Some(_) => Err(format!("{name} is not an object")),
        }
    }

    /// Returns the JSON of an object whose values are numbers, or null for NaN.
    pub(super) fn numbers(&self, name: &str) -> Result<String, Reason> {
        let json = self.object(name)?;
        let numbers = Fields::of(&json)?;
        for key in numbers.0.keys() {
            numbers.number(key).map_err(|_| format!("{name} has something else than numbers"))?;
        }
        Ok(json)
    }
}

/// Returns JSON of the store in the form in which files are compared; invalid JSON is returned unchanged.
pub(super) fn comparable(json: &str) -> String {
    canonical(json).map_or_else(|_| json.to_owned(), |made| made.json)
}
