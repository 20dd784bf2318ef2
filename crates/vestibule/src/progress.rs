//! Progress of long commands.

use std::io::{IsTerminal, stderr, stdout};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Smaller counts finish before a bar becomes visible.
const MIN_COUNT: u64 = 1_000;

/// A progress bar on stderr. It is shown only if stderr is a terminal and stdout is not (links on the screen already
/// show progress), and is removed when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts at zero of `steps`, for creating `count` items.
    pub(crate) fn new(count: u64, steps: u64) -> Self {
        if !is_shown(count, stderr().is_terminal(), stdout().is_terminal()) {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {percent}%  {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// Sets the message.
    pub(crate) fn set_message(&self, message: &'static str) {
        self.0.set_message(message);
        self.0.tick();
    }

    /// Advances by `steps`.
    pub(crate) fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

const fn is_shown(count: u64, stderr_is_terminal: bool, stdout_is_terminal: bool) -> bool {
    count >= MIN_COUNT && stderr_is_terminal && !stdout_is_terminal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_shown_only_for_long_commands_on_a_terminal() {
        assert!(is_shown(1_000, true, false));
        assert!(!is_shown(999, true, false));
        assert!(!is_shown(1_000, false, false));
        assert!(!is_shown(1_000, true, true));
        assert!(!is_shown(1_000, false, true));
    }
}
