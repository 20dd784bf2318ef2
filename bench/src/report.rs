//! The page of results: Markdown tables, the system they belong to, and hand-written notes.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vestibule_e2e::CliOutput;

use crate::error::{Context as _, Result};
use crate::load::Series;
use crate::options::Bench;

/// A page of results.
#[derive(Debug)]
pub(crate) struct Report(String);

impl Report {
    /// Starts the page.
    pub(crate) fn new(title: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the date of a measurement is the system's")]
        let now = jiff::Timestamp::now();
        let date: String = now.to_string().chars().take_while(|c| *c != 'T').collect();
        Self(format!("# {title}\n\nMeasured on {date}; README.md says what is measured and why.\n"))
    }

    /// Adds a section with a text and a table.
    pub(crate) fn section(&mut self, title: &str, text: &str, columns: &[&str], rows: &[Vec<String>]) {
        let _ = write!(self.0, "\n## {title}\n\n{text}\n\n| {} |\n|", columns.join(" | "));
        self.0.push_str(&" --- |".repeat(columns.len()));
        for row in rows {
            let _ = write!(self.0, "\n| {} |", row.join(" | "));
        }
        self.0.push('\n');
    }

    /// Adds the table of all loads.
    pub(crate) fn loads(&mut self, bench: &Bench, series: &Series) {
        let text = format!(
            "Medians of {} rounds of {} s. A rate is divided by the mean of the two bare axum runs next to it, then \
             the median is taken. After each run the server is killed (SIGKILL), and its store must contain \
             everything that was acknowledged.",
            bench.rounds,
            bench.duration.as_secs()
        );
        let columns =
            ["server", "connections", "answers/s", "÷ bare axum", "p50", "p99", "processor time", "memory"];
        self.section("Loads", &text, &columns, &series.rows());
    }

    /// Adds the system and the notes, then writes or prints the page.
    pub(crate) fn finish(mut self, bench: &Bench, notes: Option<&str>) -> Result<()> {
        self.0.push_str("\n## System\n\n");
        for (name, value) in system(&bench.binary) {
            let _ = writeln!(self.0, "- {name}: {value}");
        }
        let directory = bench.results.as_deref().and_then(Path::parent);
        if let (Some(directory), Some(notes)) = (directory, notes) {
            let notes = fs::read_to_string(directory.join(notes)).unwrap_or_default();
            let _ = write!(self.0, "\n{notes}");
        }
        let page = self.0.trim_end();
        if let Some(path) = &bench.results {
            return fs::write(path, format!("{page}\n")).context(path.display());
        }
        println!("{page}");
        Ok(())
    }
}

/// The system and the programs that the figures belong to.
fn system(binary: &Path) -> Vec<(&'static str, String)> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let version = output(&binary.to_string_lossy(), &["--version"]);
    vec![
        ("Processor", format!("{}, {cores} cores", model.map_or(std::env::consts::ARCH, |(_, name)| name))),
        ("Kernel", read("/proc/sys/kernel/osrelease").trim().to_owned()),
        ("Vestibule", format!("{version}, {}", output("git", &["describe", "--always", "--dirty"]))),
        ("Compiler", output("rustc", &["--version"])),
    ]
}

fn output(program: &str, args: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(args);
    let output = CliOutput::of(command).ok().filter(CliOutput::success);
    output.map_or_else(|| "unknown".to_owned(), |output| output.text().trim().to_owned())
}

/// A duration with three significant digits.
pub(crate) fn duration(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    match millis {
        _ if millis < 1.0 => format!("{:.0} µs", millis * 1e3),
        _ if millis < 10.0 => format!("{millis:.2} ms"),
        _ if millis < 100.0 => format!("{millis:.1} ms"),
        _ => format!("{millis:.0} ms"),
    }
}

/// A figure, or a dash if it was not measured.
pub(crate) fn shown(value: Option<f64>, format: impl FnOnce(f64) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_a_markdown_table() {
        let mut report = Report(String::new());
        report.section("T", "Text.", &["a", "b"], &[vec!["1".to_owned(), "2".to_owned()]]);
        assert_eq!(report.0, "\n## T\n\nText.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n");
    }

    #[test]
    fn durations_have_three_digits() {
        let micros = |micros| duration(Duration::from_micros(micros));
        assert_eq!(
            [micros(812), micros(3_410), micros(34_100), micros(1_200_000)],
            ["812 µs", "3.41 ms", "34.1 ms", "1200 ms"]
        );
        assert_eq!(shown(None, |_| String::new()), "-");
    }
}
