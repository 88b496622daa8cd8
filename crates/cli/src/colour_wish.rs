//! The option `--color`.

use std::ffi::OsStr;

use runstore_report::colour::Colours;

/// The values of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourWish {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE turns them on everywhere
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl ColourWish {
    /// Decides according to <https://no-color.org> and <https://bixense.com/clicolors>; `variable` returns variables
    /// that are set and not empty.
    pub(crate) fn colours<'v>(
        self,
        is_terminal: bool,
        variable: impl Fn(&str) -> Option<&'v OsStr>,
    ) -> Colours {
        let is = |name: &str, value: &str| variable(name).is_some_and(|found| found == value);
        let forced = variable("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0");
        let refused = variable("NO_COLOR").is_some();
        let unable = is("CLICOLOR", "0") || is("TERM", "dumb");
        let on = match self {
            ColourWish::Always => true,
            ColourWish::Never => false,
            ColourWish::Auto => !refused && (forced || (is_terminal && !unable)),
        };
        if on { Colours::On } else { Colours::Off }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn the_option_and_then_the_variables_decide_on_colours() {
        let auto = |is_terminal, set: &'static [(&str, &str)]| {
            let find = |name: &str| set.iter().find(|(known, _)| *known == name);
            ColourWish::Auto
                .colours(is_terminal, |name| find(name).map(|(_, value)| OsStr::new(value)))
                == Colours::On
        };
        assert!(auto(true, &[]));
        assert!(!auto(false, &[]));
        assert!(!auto(true, &[("NO_COLOR", "1")]));
        assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(auto(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("TERM", "dumb")]));
        assert!(!auto(true, &[("CLICOLOR", "0")]));
        let set = |wish: ColourWish| wish.colours(true, |_| Some(OsStr::new("1")));
        assert_eq!(set(ColourWish::Always), Colours::On);
        assert_eq!(set(ColourWish::Never), Colours::Off);
    }
}
