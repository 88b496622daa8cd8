//! Reads the commit and branch of a working tree from git's own files.
//!
//! Only the question whether tracked files differ needs git itself: it takes the index, objects and filters.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::model::WorkingTree;

/// Returns the state of the working tree that contains a directory; `None` outside of working trees.
pub fn working_tree(directory: &Path) -> Option<WorkingTree> {
    let place = directory.ancestors().find(|place| place.join(".git").exists())?;
    let (commit, branch) = match head(place)? {
        (None, branch) => asked_head(place, branch),
        known => known,
    };
    Some(WorkingTree { commit, branch, dirty: is_dirty(place) })
}

/// The branch in HEAD when references are stored in the "reftable" format, which only git can read.
const ELSEWHERE: &str = ".invalid";

/// Asks git for the commit and the branch where its files do not tell the commit: there is none yet, references are stored
/// in tables, or the branch is another name of a branch.
fn asked_head(place: &Path, read: Option<String>) -> (Option<String>, Option<String>) {
    let commit = told(git(place).args(["rev-parse", "--verify", "--quiet", "HEAD"]));
    let branch = told(git(place).args(["symbolic-ref", "--short", "--quiet", "HEAD"]));
    (commit.as_deref().and_then(hash), branch.or(read).filter(|branch| branch != ELSEWHERE))
}

/// Returns the commit and the branch of a working tree.
fn head(place: &Path) -> Option<(Option<String>, Option<String>)> {
    let own = git_directory(place)?;
    let head = read(&own.join("HEAD"))?;
    let head = head.trim();
    let reference = head.strip_prefix("ref:").map(str::trim);
    let commit = match reference {
        Some(reference) => commit_of(&own, reference),
        None => hash(head),
    };
    let branch = reference.and_then(|name| name.strip_prefix("refs/heads/")).map(str::to_owned);
    Some((commit, branch))
}

/// Larger than any of these files.
const MOST_BYTES: u64 = 256 << 20;

/// Reads one of git's files. In a repository from somebody else, it may be an endless device or a FIFO.
fn read(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Returns git's own directory. In a linked worktree and in a submodule, `.git` is a file that names it.
fn git_directory(place: &Path) -> Option<PathBuf> {
    let entry = place.join(".git");
    if entry.is_dir() {
        return Some(entry);
    }
    let named = read(&entry)?;
    Some(place.join(named.strip_prefix("gitdir:")?.trim()))
}

/// Returns the commit of a reference: from a file of its own, or a line of `packed-refs`. A linked worktree shares its
/// branches with the others.
fn commit_of(own: &Path, reference: &str) -> Option<String> {
    // A reference name must not lead out of the directory.
    let mut parts = Path::new(reference).components();
    if !reference.starts_with("refs/") || !parts.all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let shared = read(&own.join("commondir")).map(|place| own.join(place.trim()));
    let places = [Some(own.to_owned()), shared];
    places.into_iter().flatten().find_map(|place| {
        let alone = read(&place.join(reference));
        alone.and_then(|text| hash(text.trim())).or_else(|| packed(&place, reference))
    })
}

fn packed(place: &Path, reference: &str) -> Option<String> {
    let lines = read(&place.join("packed-refs"))?;
    let of_reference = |line: &str| {
        line.split_once(' ').filter(|(_, name)| *name == reference)?.0.to_owned().into()
    };
    lines.lines().find_map(of_reference).and_then(|text: String| hash(&text))
}

/// Returns the text if it is a SHA-1 or SHA-256 hash.
fn hash(text: &str) -> Option<String> {
    let is_hash =
        matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_owned())
}

/// Returns whether a tracked file differs; `None` when git is missing or fails.
fn is_dirty(place: &Path) -> Option<bool> {
    let status = ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"];
    told(git(place).args(status)).map(|changes| !changes.is_empty())
}

fn git(place: &Path) -> Command {
    let mut git = Command::new("git");
    // A file system monitor is a program that the repository names; it must not run.
    git.args(["-c", "core.fsmonitor=false", "--no-optional-locks", "-C"]).arg(place);
    // Hooks set these variables, for another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(name);
    }
    git
}

/// Returns what git prints; `None` when it is missing or fails.
fn told(git: &mut Command) -> Option<String> {
    let output = git.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    output.status.success().then_some(text)
}

/// For [`crate::fuzzing`].
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing {
    use std::path::Path;

    /// Returns the commit and the branch that a working tree stands at, without asking git.
    pub fn head(place: &Path) -> Option<(Option<String>, Option<String>)> {
        super::head(place)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    fn state(folder: &tempfile::TempDir, place: &str) -> (Option<String>, Option<String>) {
        let tree = working_tree(&folder.path().join(place)).unwrap();
        (tree.commit, tree.branch)
    }

    fn some(commit: &str, branch: &str) -> (Option<String>, Option<String>) {
        (Some(commit.to_owned()), Some(branch.to_owned()))
    }

    #[test]
    fn where_references_are_kept_in_tables_git_is_asked() {
        let folder = folder(&[]);
        let run = |arguments: &[&str]| {
            let mut git = git(folder.path());
            git.args(["-c", "user.name=a", "-c", "user.email=a@b.c"]).args(arguments);
            told(&mut git)
        };
        if run(&["init", "--quiet", "--ref-format=reftable", "--initial-branch=trunk"]).is_none() {
            return; // git 2.45 was the first to know the format
        }
        assert_eq!(state(&folder, ""), (None, Some("trunk".to_owned())));
        run(&["commit", "--quiet", "--allow-empty", "--message=m"]).unwrap();
        let commit = run(&["rev-parse", "HEAD"]);
        assert_eq!(state(&folder, ""), (commit.clone(), Some("trunk".to_owned())));
        run(&["checkout", "--quiet", "--detach"]).unwrap();
        assert_eq!(state(&folder, ""), (commit, None));
    }

    #[test]
    fn a_branch_that_is_none_is_not_told() {
        let folder = folder(&[(".git/HEAD", "ref: refs/heads/.invalid\n")]);
        assert_eq!(state(&folder, ""), (None, None));
    }

    #[test]
    fn a_branch_is_a_file_or_a_line_of_many() {
        let head = (".git/HEAD", "ref: refs/heads/feature/a\n");
        let packed_text = format!("# pack-refs with: peeled\n{ONE} refs/heads/feature/a\n^{TWO}\n");
        let packed = (".git/packed-refs", packed_text.as_str());
        assert_eq!(state(&folder(&[head, packed]), ""), some(ONE, "feature/a"));
        let alone = (".git/refs/heads/feature/a", "2222222222222222222222222222222222222222\n");
        assert_eq!(
            state(&folder(&[head, packed, alone, ("deep/er/f", "")]), "deep/er"),
            some(TWO, "feature/a")
        );
        assert_eq!(state(&folder(&[head]), ""), (None, Some("feature/a".to_owned())));
    }

    #[test]
    fn a_commit_may_be_checked_out_without_a_branch() {
        assert_eq!(state(&folder(&[(".git/HEAD", ONE)]), ""), (Some(ONE.to_owned()), None));
    }

    #[test]
    fn a_linked_worktree_has_its_head_elsewhere() {
        let files = folder(&[
            ("main/.git/HEAD", "ref: refs/heads/main"),
            ("main/.git/refs/heads/side", ONE),
            ("main/.git/worktrees/side/HEAD", "ref: refs/heads/side"),
            ("main/.git/worktrees/side/commondir", "../..\n"),
            ("side/.git", "gitdir: ../main/.git/worktrees/side\n"),
        ]);
        assert_eq!(state(&files, "side"), some(ONE, "side"));
    }

    #[test]
    fn a_reference_cannot_lead_out_of_the_repository() {
        let files = folder(&[
            ("a/.git/HEAD", ""),
            ("a/.git/token", ONE),
            ("secret", ONE),
            ("a/.git/refs/b", TWO),
        ]);
        let secret = files.path().join("secret");
        for reference in [secret.to_str().unwrap(), "../../secret", "refs/../../../secret", "token"]
        {
            fs::write(files.path().join("a/.git/HEAD"), format!("ref: {reference}")).unwrap();
            assert_eq!(state(&files, "a"), (None, None), "{reference}");
        }
        fs::write(files.path().join("a/.git/HEAD"), "ref: refs/b").unwrap();
        assert_eq!(state(&files, "a"), (Some(TWO.to_owned()), None));
    }

    #[cfg(unix)]
    #[test]
    fn a_head_that_never_ends_is_none() {
        let files = folder(&[("a/.git/config", "")]);
        std::os::unix::fs::symlink("/dev/zero", files.path().join("a/.git/HEAD")).unwrap();
        assert_eq!(working_tree(&files.path().join("a")), None);
    }

    #[test]
    fn what_is_no_repository_has_no_state() {
        let files = folder(&[("a/.git", "something else"), ("b/.git/config", "")]);
        assert_eq!(working_tree(&files.path().join("a")), None);
        assert_eq!(working_tree(&files.path().join("b")), None);
    }
}
