//! Findings and their output.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::terminal::{escape_for_terminal, escape_json_for_terminal};

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    Warn,
    Fail,
}

/// What one check found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
    /// How to fix it.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// All findings, in the order of the checks.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<Finding>);

impl Report {
    /// Adds a passed check.
    pub(super) fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.0.push(Finding { check, level: Level::Ok, message: message.into(), remedy: None });
    }

    /// Adds a warning: it works or may work, but needs attention.
    pub(super) fn warn(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (message, remedy) = (message.into(), Some(remedy.into()));
        self.0.push(Finding { check, level: Level::Warn, message, remedy });
    }

    /// Adds a failed check.
    pub(super) fn fail(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (message, remedy) = (message.into(), Some(remedy.into()));
        self.0.push(Finding { check, level: Level::Fail, message, remedy });
    }

    /// Number of failed checks.
    pub(super) fn failed(&self) -> usize {
        self.0.iter().filter(|finding| finding.level == Level::Fail).count()
    }

    /// Number of warnings.
    pub(super) fn warned(&self) -> usize {
        self.0.iter().filter(|finding| finding.level == Level::Warn).count()
    }

    /// Number of findings.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Prints one line per finding, or one JSON object. `strict` counts warnings as failures.
    pub(super) fn print(&self, as_json: bool, strict: bool, mut out: impl Write) -> io::Result<()> {
        if as_json {
            let is_ok = self.failed() == 0 && !(strict && self.warned() > 0);
            let view = json!({ "ok": is_ok, "checks": self.0 });
            return writeln!(out, "{}", escape_json_for_terminal(&view));
        }
        for Finding { check, level, message, remedy } in &self.0 {
            let word = match level {
                Level::Ok => "ok  ",
                Level::Warn => "warn",
                Level::Fail => "FAIL",
            };
            let message = escape_for_terminal(message);
            match remedy.as_deref().map(escape_for_terminal) {
                Some(remedy) => writeln!(out, "{word} {check}: {message}: {remedy}")?,
                None => writeln!(out, "{word} {check}: {message}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl Report {
    /// The last finding, as printed.
    pub(super) fn last(&self) -> String {
        let mut text = Vec::new();
        self.print(false, false, &mut text).unwrap();
        String::from_utf8(text).unwrap().lines().last().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_to_do_and_json_says_the_same() {
        let mut report = Report::default();
        report.ok("host", "a.example is known");
        report.warn("clock", "6 seconds apart", "set it");
        report.fail("service", "nothing answers", "start it");
        let mut text = Vec::new();
        report.print(false, false, &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "ok   host: a.example is known\nwarn clock: 6 seconds apart: set it\n\
             FAIL service: nothing answers: start it\n"
        );
        let mut text = Vec::new();
        report.print(true, false, &mut text).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["ok"], false);
        assert_eq!(value["checks"][2]["level"], "fail");
        assert_eq!(value["checks"][2]["do"], "start it");
        assert!(value["checks"][0].get("do").is_none());
        assert_eq!((report.failed(), report.warned(), report.len()), (1, 1, 3));
    }

    #[test]
    fn a_strict_report_is_not_ok_with_a_warning() {
        let mut report = Report::default();
        report.warn("clock", "6 seconds apart", "set it");
        for (strict, is_ok) in [(false, true), (true, false)] {
            let mut text = Vec::new();
            report.print(true, strict, &mut text).unwrap();
            let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(value["ok"], is_ok);
        }
    }
}
