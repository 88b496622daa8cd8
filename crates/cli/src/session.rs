//! Shared by all commands: the store, the output, the clock.

use std::cell::{OnceCell, RefCell};
use std::path::Path;

use serde::Serialize;

use super::answer::Answer;
use super::arguments::Global;
use super::environment::Environment;
use super::failure::Failure;
use super::moment::Moment;
use super::store_file;
use runstore::store::{Store, now};
use runstore_report::colour::{Colours, Role};
use runstore_report::json::json;
use runstore_report::page::Page;

/// One invocation of the command.
pub(super) struct Session<'a> {
    global: &'a Global,
    pub(super) environment: &'a Environment<'a>,
    store: OnceCell<Store>,
    /// For stderr, after the answer.
    remarks: RefCell<Vec<String>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(global: &'a Global, environment: &'a Environment<'a>) -> Self {
        Session { global, environment, store: OnceCell::new(), remarks: RefCell::default() }
    }

    /// Returns the store, opened for reading.
    pub(super) fn store(&self) -> Result<&Store, Failure> {
        self.opened(true)
    }

    /// Returns the store, opened for writing, unless it was opened for reading before.
    pub(super) fn writable_store(&self) -> Result<&Store, Failure> {
        self.opened(false)
    }

    /// Returns the store, opened for writing, and created if necessary.
    pub(super) fn store_to_fill(&self) -> Result<&Store, Failure> {
        if self.store.get().is_none() {
            let store = store_file::open_or_make(self.global.store.as_deref(), self.environment)?;
            return Ok(self.store.get_or_init(|| store));
        }
        self.opened(false)
    }

    fn opened(&self, read_only: bool) -> Result<&Store, Failure> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store = store_file::open(self.global.store.as_deref(), self.environment, read_only)?;
        Ok(self.store.get_or_init(|| store))
    }

    /// Reads the store as of one moment, while others may write to it.
    pub(super) fn at_one_moment<T>(
        &self,
        read: impl FnOnce(&Moment<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let store = self.store()?;
        let moment = Moment::of(store);
        let answer = store.at_one_moment("read", || read(&moment));
        self.remarks.borrow_mut().extend(moment.into_remarks());
        answer
    }

    /// Changes the store in one transaction, in which names are looked up as well.
    pub(super) fn all_or_nothing<T>(
        &self,
        change: impl FnOnce(&Moment<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let store = self.writable_store()?;
        let moment = Moment::of(store);
        let answer = store.all_or_nothing("change", || change(&moment));
        self.remarks.borrow_mut().extend(moment.into_remarks());
        answer
    }

    /// Returns the remarks about the names of runs, as lines for stderr.
    pub(super) fn remarks(&self) -> String {
        let mut page =
            Page::new(self.environment.width_of_errors(), self.environment.colours_errors());
        for remark in self.remarks.borrow().iter() {
            page.words("note: ", remark, Role::Unsure);
        }
        page.finish()
    }

    /// Returns the path of the existing file of the store, which may be unreadable.
    pub(super) fn store_path(&self) -> Result<String, Failure> {
        store_file::path(self.global.store.as_deref(), self.environment)
    }

    /// Returns the value of `--store`.
    pub(super) fn store_name(&self) -> Option<&Path> {
        self.global.store.as_deref()
    }

    /// Returns whether `--store` is given.
    pub(super) fn names_store(&self) -> bool {
        self.global.store.is_some()
    }

    /// Returns the time, in milliseconds since the epoch.
    pub(super) fn now(&self) -> i64 {
        self.environment.now
    }

    /// Returns the age that the core has to be given for an age at the time of the session, in milliseconds: it uses
    /// the clock of the machine.
    pub(super) fn age_by_the_machine(&self, ms: i64) -> i64 {
        ms.saturating_add(now().saturating_sub(self.now()))
    }

    /// Returns the answer: `value` as JSON with `--json`, otherwise the text that `write` writes.
    pub(super) fn answer<T: Serialize>(
        &self,
        value: &T,
        write: impl FnOnce(&mut Page),
    ) -> Result<Answer, Failure> {
        if self.global.json {
            return Ok(json(value).map_err(|error| Failure::bug(&error.to_string()))?.into());
        }
        let mut page = self.page();
        write(&mut page);
        Ok(page.finish().into())
    }

    /// Returns the answer together with a failure, if there is one.
    pub(super) fn answer_with<T: Serialize>(
        &self,
        value: &T,
        failure: Option<Failure>,
        write: impl FnOnce(&mut Page),
    ) -> Result<Answer, Failure> {
        let answer = self.answer(value, write)?;
        Ok(failure.iter().fold(answer, |answer, failure| answer.with(failure, self.environment)))
    }

    pub(super) fn is_json(&self) -> bool {
        self.global.json
    }

    fn page(&self) -> Page {
        Page::new(self.environment.width_of_output(), self.colours())
    }

    fn colours(&self) -> Colours {
        self.environment.colours_output(self.global.color)
    }
}
