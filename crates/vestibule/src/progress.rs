//! How far a long command has come.

use std::io::{IsTerminal, stderr, stdout};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Fewer are done before anybody could read a bar.
const MANY: u64 = 1_000;

/// A bar on stderr, for people alone: it is there only where stderr is a terminal and stdout is none (links
/// that run over the screen show well enough that something happens), and goes when the work is done.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins at none of `steps`, for the making of `count` things.
    pub(crate) fn new(count: u64, steps: u64) -> Self {
        if !wanted(count, stderr().is_terminal(), stdout().is_terminal()) {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {percent}%  {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// Says what is being done.
    pub(crate) fn say(&self, what: &'static str) {
        self.0.set_message(what);
        self.0.tick();
    }

    /// So many steps more are done.
    pub(crate) fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

const fn wanted(count: u64, stderr_is_terminal: bool, stdout_is_terminal: bool) -> bool {
    count >= MANY && stderr_is_terminal && !stdout_is_terminal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_who_wait_see_a_bar() {
        assert!(wanted(1_000, true, false));
        assert!(!wanted(999, true, false));
        assert!(!wanted(1_000, false, false));
        assert!(!wanted(1_000, true, true));
        assert!(!wanted(1_000, false, true));
    }
}
