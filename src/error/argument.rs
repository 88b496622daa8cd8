//! Which part of what an operation was given is meant: `options.margin["exact"]`, `cases[3].run_id`.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// A place in the arguments of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The parameter, as Rust names it.
    pub parameter: Cow<'static, str>,
    /// The way from there to the value.
    pub steps: Vec<Step>,
}

/// A step into an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An option, as Rust names it. Each face has its own spelling: `sliceBy`, `--slice-by`.
    Option(&'static str),
    /// A field of a row, which has the same name everywhere: `run_id`.
    Field(Cow<'static, str>),
    /// An element of a list, from 0.
    Index(usize),
    /// A value by its key, for instance a margin by its scorer.
    Key(String),
}

impl Argument {
    /// Names a whole parameter.
    pub fn new(parameter: impl Into<Cow<'static, str>>) -> Self {
        Argument { parameter: parameter.into(), steps: vec![] }
    }

    /// Names one of an operation's options.
    pub fn option(name: &'static str) -> Self {
        Argument::option_of("options", name)
    }

    /// Names an option where a parameter of another name holds them.
    pub fn option_of(parameter: &'static str, name: &'static str) -> Self {
        Argument { parameter: parameter.into(), steps: vec![Step::Option(name)] }
    }

    /// Names a row of a list.
    pub fn row(list: &'static str, row: usize) -> Self {
        Argument { parameter: list.into(), steps: vec![Step::Index(row)] }
    }

    /// Goes one step further.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Returns the place of `inner`, which is named as if this were all there is: `scores[1]` in `results[3]`.
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

/// As Rust names them.
impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parameter)?;
        write_steps(&self.steps, str::to_owned, f)
    }
}
