//! What would help against an error, as data.

use super::{Argument, Face};

/// What the caller can do about an error, and what that does: words that follow its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Give this argument.
    Argument(Argument, &'static str),
    /// Call this operation.
    Operation(Operation, &'static str),
}

/// The operations that errors recommend. Each face calls them by its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Rebuilds the manifest of an archive.
    RebuildManifest,
}

impl Remedy {
    /// Returns its words in the notation of a face.
    pub(super) fn worded(&self, face: &dyn Face) -> String {
        match self {
            Remedy::Argument(argument, does) => format!("{} {does}", face.argument(argument)),
            Remedy::Operation(operation, does) => format!("{} {does}", face.operation(*operation)),
        }
    }
}
