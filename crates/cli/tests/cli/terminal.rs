//! A terminal for tests: runs the command in it and keeps what it shows.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use runstore_cli::{Environment, Stream, run};
use unicode_width::UnicodeWidthStr;

pub use super::fixture::NOW;
use super::json_keys::check_keys;

/// One call of the command.
#[derive(Clone)]
pub struct Call {
    words: Vec<String>,
    columns: usize,
    is_terminal: bool,
    /// The answer of a person.
    answer: Option<&'static str>,
    variables: BTreeMap<String, OsString>,
}

/// The result of a call.
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub code: u8,
}

/// A call on a wide terminal without colours. Words are separated by spaces, unless they are in single quotes.
pub fn call(line: &str) -> Call {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    Call {
        words: words.collect(),
        columns: 140,
        is_terminal: true,
        answer: None,
        variables: [("NO_COLOR".to_owned(), "1".into())].into(),
    }
}

impl Call {
    /// On a narrow terminal.
    pub fn narrow(self) -> Self {
        Call { columns: 60, ..self }
    }

    /// On a terminal with colours.
    pub fn coloured(mut self) -> Self {
        self.variables.remove("NO_COLOR");
        self
    }

    /// On a terminal of so many columns.
    pub fn wide(self, columns: usize) -> Self {
        Call { columns, ..self }
    }

    /// With one more word.
    pub fn and(mut self, word: &str) -> Self {
        self.words.push(word.to_owned());
        self
    }

    /// Without a word, wherever it stands.
    pub fn without(mut self, word: &str) -> Self {
        self.words.retain(|other| other != word);
        self
    }

    /// Whether it calls this command.
    pub fn is_of(&self, command: &str) -> bool {
        self.words.first().is_some_and(|first| first == command)
    }

    /// With a person who answers.
    pub fn answering(self, answer: &'static str) -> Self {
        Call { answer: Some(answer), ..self }
    }

    /// With the output in a file or a pipe.
    pub fn piped(mut self) -> Self {
        self.variables.remove("NO_COLOR");
        Call { is_terminal: false, ..self }
    }

    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.into());
        self
    }

    pub fn run_in(&self, folder: &Path) -> Outcome {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let environment = Environment {
            stdout: Stream::new(&mut stdout, self.is_terminal),
            stderr: Stream::new(&mut stderr, self.is_terminal),
            width: Some(self.columns),
            variables: self.variables.clone(),
            folder: folder.to_owned(),
            now: NOW,
            input: self.answer.map(|answer| Box::new(move || Ok(answer.to_owned())) as _),
        };
        let code = run(self.words.iter().map(OsString::from), &environment);
        drop(environment);
        let text =
            |bytes| String::from_utf8(bytes).unwrap().replace(folder.to_str().unwrap(), "/project");
        let outcome = Outcome { stdout: text(stdout), stderr: text(stderr), code };
        self.check(&outcome);
        outcome
    }

    /// Checks that apply to every output.
    fn check(&self, outcome: &Outcome) {
        let plain = self.variables.contains_key("NO_COLOR") || !self.is_terminal;
        for text in [&outcome.stdout, &outcome.stderr] {
            let obeyed = |character: &char| character.is_control() && *character != '\n';
            let found: Vec<char> = text.chars().filter(obeyed).collect();
            assert!(
                found.iter().all(|character| *character == '\u{1b}' && !plain),
                "{found:?}: {text}"
            );
        }
        if self.words.iter().any(|word| word == "--json") {
            check_keys(&self.words, &outcome.stdout);
        }
    }

    /// Describes the kind of output.
    fn place(&self) -> String {
        let place = match self.is_terminal {
            true => format!("{} columns", self.columns),
            false => "piped".to_owned(),
        };
        let plain = self.variables.contains_key("NO_COLOR");
        let colours = (!plain && self.is_terminal).then(|| "colours".to_owned());
        let others = self.variables.iter().filter(|(name, _)| *name != "NO_COLOR");
        let others = others.map(|(name, value)| format!("{name}={}", value.display()));
        [place].into_iter().chain(colours).chain(others).collect::<Vec<_>>().join(", ")
    }

    /// Whether no line may be wider than the terminal: for plain text without --full.
    fn fits(&self) -> bool {
        let in_full = ["--json", "--csv", "--full", "--texts", "markdown"];
        let asked = |word: &String| in_full.contains(&word.as_str());
        let plain = self.variables.contains_key("NO_COLOR") && self.is_terminal;
        plain && !self.variables.contains_key("COLUMNS") && !self.words.iter().any(asked)
    }

    fn transcript(&self, folder: &Path) -> String {
        let quoted = |word: &String| match word.contains(' ') || word.is_empty() {
            true => format!("'{word}'"),
            false => word.clone(),
        };
        let line: Vec<String> = self.words.iter().map(quoted).collect();
        let outcome = self.run_in(folder);
        if self.fits() {
            let mut lines = outcome.stdout.lines().chain(outcome.stderr.lines());
            // A workflow command of GitHub must be on one line.
            let wide = lines.find(|line| line.width() > self.columns && !line.starts_with("::"));
            assert_eq!(wide, None, "wider than {}: {line:?}", self.columns);
        }
        let place = self.place();
        let mut text = format!("$ runstore {}    [{place}]\n{}", line.join(" "), outcome.stdout);
        if !outcome.stderr.is_empty() {
            text.push_str(&format!("[stderr]\n{}", outcome.stderr));
        }
        if outcome.code != 0 {
            text.push_str(&format!("[exit {}]\n", outcome.code));
        }
        text.replace('\u{1b}', "␛")
    }
}

/// Fails unless the transcripts of the calls equal the snapshot of this name.
pub fn snapshot(name: &str, folder: &Path, calls: &[Call]) {
    let all: Vec<String> = calls.iter().map(|call| call.transcript(folder)).collect();
    let text = all.join("\n");
    let kept =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cli/snapshots/{name}.txt"));
    if std::env::var_os("RUNSTORE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(kept, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&kept).unwrap_or_default();
    let lines = text.lines().zip(expected.lines().chain(std::iter::repeat("")));
    let differing = lines.enumerate().find(|(_, (now, then))| now != then);
    assert!(
        text == expected,
        "{} differs, first here: {differing:#?}\nNow it is:\n{text}",
        kept.display()
    );
}

/// Each call wide, narrow, in colours, and as JSON.
pub fn everywhere(line: &str) -> Vec<Call> {
    vec![call(line), call(line).narrow(), call(line).coloured(), call(&format!("{line} --json"))]
}
