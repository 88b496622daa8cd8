//! The part of an operation's arguments that an error is about: `options.margin["exact"]`, `cases[3].run_id`.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// A place in the arguments of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The parameter, as Rust names it.
    pub parameter: Cow<'static, str>,
    /// The steps from the parameter to the value.
    pub steps: Vec<Step>,
}

/// A step into an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An option, as Rust names it. Each face spells it in its own way: `sliceBy`, `--slice-by`.
    Option(&'static str),
    /// A field of a row, which has the same name everywhere: `run_id`.
    Field(Cow<'static, str>),
    /// An element of a list, from 0.
    Index(usize),
    /// A value by its key, for instance a margin by its scorer.
    Key(String),
}

impl Argument {
    /// Refers to a whole parameter.
    pub fn new(parameter: impl Into<Cow<'static, str>>) -> Self {
        Argument { parameter: parameter.into(), steps: vec![] }
    }

    /// Refers to one of an operation's options.
    pub fn option(name: &'static str) -> Self {
        Argument::option_of("options", name)
    }

    /// Refers to an option in a parameter with another name.
    pub fn option_of(parameter: &'static str, name: &'static str) -> Self {
        Argument { parameter: parameter.into(), steps: vec![Step::Option(name)] }
    }

    /// Refers to a row of a list.
    pub fn row(list: &'static str, row: usize) -> Self {
        Argument { parameter: list.into(), steps: vec![Step::Index(row)] }
    }

    /// Adds a step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Returns the place of `inner` inside this one: `scores[1]` in `results[3]`.
    pub(super) fn around(mut self, inner: Argument) -> Self {
        self.steps.push(Step::Field(inner.parameter));
        self.steps.extend(inner.steps);
        self
    }
}

/// Writes the steps, with options in the given spelling.
pub fn write_steps(
    steps: &[Step],
    option: impl Fn(&str) -> String,
    to: &mut impl Write,
) -> fmt::Result {
    for step in steps {
        match step {
            Step::Option(name) => write!(to, ".{}", option(name))?,
            Step::Field(name) => write!(to, ".{name}")?,
            Step::Index(index) => write!(to, "[{index}]")?,
            Step::Key(key) => write!(to, "[{}]", serde_json::Value::from(key.as_str()))?,
        }
    }
    Ok(())
}

/// In the notation of Rust.
impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parameter)?;
        write_steps(&self.steps, str::to_owned, f)
    }
}
