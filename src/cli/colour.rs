//! Which colours there are, and whether they are wanted.

use std::ffi::OsStr;

use anstyle::{AnsiColor, Style};

/// What `--color` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourWish {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE asks for them everywhere
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Whether text is written in colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    On,
    Off,
}

impl Colours {
    /// Decides as <https://no-color.org> and <https://bixense.com/clicolors> say; `variable` returns what is set to
    /// something.
    pub(super) fn wanted<'v>(
        wish: ColourWish,
        is_terminal: bool,
        variable: impl Fn(&str) -> Option<&'v OsStr>,
    ) -> Self {
        let is = |name: &str, value: &str| variable(name).is_some_and(|found| found == value);
        let forced = variable("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0");
        let refused = variable("NO_COLOR").is_some();
        let unable = is("CLICOLOR", "0") || is("TERM", "dumb");
        let on = match wish {
            ColourWish::Always => true,
            ColourWish::Never => false,
            ColourWish::Auto => !refused && (forced || (is_terminal && !unable)),
        };
        if on { Colours::On } else { Colours::Off }
    }

    /// Writes text as what it is.
    pub(super) fn paint(self, text: &str, role: Role, into: &mut String) {
        let style = role.style();
        if self == Colours::Off || style.is_plain() || text.is_empty() {
            into.push_str(text);
            return;
        }
        into.push_str(&style.render().to_string());
        into.push_str(text);
        into.push_str(&style.render_reset().to_string());
    }
}

/// What a piece of text is to the reader. No meaning is told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Plain,
    /// What the rest is about.
    Title,
    /// What may be overlooked.
    Faint,
    /// Better.
    Good,
    /// Worse.
    Bad,
    /// Not known.
    Unsure,
    /// Who speaks.
    Speaker,
}

impl Role {
    fn style(self) -> Style {
        match self {
            Role::Plain => Style::new(),
            Role::Title => Style::new().bold(),
            Role::Faint => Style::new().dimmed(),
            Role::Good => AnsiColor::Green.on_default(),
            Role::Bad => AnsiColor::Red.on_default(),
            Role::Unsure => AnsiColor::Yellow.on_default(),
            Role::Speaker => AnsiColor::Cyan.on_default().bold(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn what_decides_on_colours() {
        let auto = |is_terminal, set: &'static [(&str, &str)]| {
            let find = |name: &str| set.iter().find(|(known, _)| *known == name);
            Colours::wanted(ColourWish::Auto, is_terminal, |name| {
                find(name).map(|(_, value)| OsStr::new(value))
            }) == Colours::On
        };
        assert!(auto(true, &[]));
        assert!(!auto(false, &[]));
        assert!(!auto(true, &[("NO_COLOR", "1")]));
        assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(auto(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("TERM", "dumb")]));
        assert!(!auto(true, &[("CLICOLOR", "0")]));
        let set = |wish| Colours::wanted(wish, true, |_| Some(OsStr::new("1")));
        assert_eq!(set(ColourWish::Always), Colours::On);
        assert_eq!(set(ColourWish::Never), Colours::Off);
    }
}
