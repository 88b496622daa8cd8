//! Prompts, versioned by name.

use super::{Store, ids::Id, now};
use crate::db::Row;
use crate::error::Result;
use crate::model::Prompt;

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, name, version, content, created_at"
    };
}

/// Reads a prompt with an id.
pub(super) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM prompts WHERE id = ?");

pub(super) fn prompt(row: &dyn Row) -> Result<Prompt> {
    Ok(Prompt {
        id: row.text(0)?,
        name: row.text(1)?,
        version: row.integer(2)?,
        content: row.text(3)?,
        created_at: row.integer(4)?,
    })
}

impl Store {
    /// Creates the next version of a prompt.
    pub fn create_prompt(&self, name: &str, content: &str) -> Result<Prompt> {
        let (id, created_at) = (Id::new(), now());
        // One statement finds and takes the number, so that two processes never take the same one.
        let sql = concat!(
            "INSERT INTO prompts (id, name, version, content, created_at)
             SELECT ?, ?, COALESCE(MAX(version), 0) + 1, ?, ? FROM prompts WHERE name = ?
             RETURNING ",
            columns!(),
            ""
        );
        let parameters =
            [id.as_str().into(), name.into(), content.into(), created_at.into(), name.into()];
        let made = self.run("createPrompt", |db| db.query_all(sql, &parameters, prompt))?;
        made.into_iter().next().ok_or_else(|| {
            crate::StoreError::new(crate::Code::Internal, "nothing was inserted")
                .during("createPrompt")
        })
    }

    /// Returns all prompts by name, newest version first.
    pub fn list_prompts(&self) -> Result<Vec<Prompt>> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM prompts ORDER BY name COLLATE NOCASE, version DESC, rowid"
        );
        self.run("listPrompts", |db| db.query_all(sql, &[], prompt))
    }

    /// Returns the prompt version with this id.
    pub fn get_prompt(&self, id: &str) -> Result<Option<Prompt>> {
        self.run("getPrompt", |db| db.query_one(BY_ID, &[id.into()], prompt))
    }

    /// Returns the newest version of the prompt with exactly this name.
    pub fn get_latest_prompt(&self, name: &str) -> Result<Option<Prompt>> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM prompts WHERE name = ? ORDER BY version DESC LIMIT 1"
        );
        self.run("getLatestPrompt", |db| db.query_one(sql, &[name.into()], prompt))
    }

    /// Returns one version of the prompt with exactly this name.
    pub fn get_prompt_version(&self, name: &str, version: f64) -> Result<Option<Prompt>> {
        let sql = concat!("SELECT ", columns!(), " FROM prompts WHERE name = ? AND version = ?");
        self.run("getPromptVersion", |db| db.query_one(sql, &[name.into(), version.into()], prompt))
    }

    /// Deletes one prompt version.
    pub fn delete_prompt(&self, id: &str) -> Result<()> {
        let sql = "DELETE FROM prompts WHERE id = ?";
        self.run("deletePrompt", |db| db.execute(sql, &[id.into()])).map(drop)
    }
}
