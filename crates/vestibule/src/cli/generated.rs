//! The options of `completions` and `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A shell with completions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Shell {
    /// Bash.
    Bash,
    /// Zsh.
    Zsh,
    /// Fish.
    Fish,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule completions bash > /etc/bash_completion.d/vestibule
  vestibule completions zsh  > \"${fpath[1]}/_vestibule\"
  vestibule completions fish > ~/.config/fish/completions/vestibule.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: Shell,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:
  vestibule man /usr/local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The directory for the pages; it is created if it is missing.
    pub(crate) dir: PathBuf,
}
