//! Colours of the terminal.

use anstyle::{AnsiColor, Style};

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Coloured.
    On,
    /// Plain text.
    Off,
}

impl Colours {
    /// Writes text in the colour of its role.
    pub fn paint(self, text: &str, role: Role, into: &mut String) {
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

/// The role of a piece of text. Colour never carries a meaning alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    /// No special role.
    Plain,
    /// A title.
    Title,
    /// Less important text.
    Faint,
    /// Better.
    Good,
    /// Worse.
    Bad,
    /// Unknown or uncertain.
    Unsure,
    /// The speaker of a turn.
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
