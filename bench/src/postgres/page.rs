//! The page of results.

use std::fmt::Write as _;

use super::{Figure, Row};
use crate::format::{duration, grouped, per_second};
use crate::{place, stats};

/// What was run.
pub(crate) struct Run {
    pub(crate) rounds: u32,
    pub(crate) seconds: u64,
    pub(crate) invites: u32,
    pub(crate) version: String,
}

/// Writes the page.
pub(crate) fn page(figures: &[Figure], run: &Run, facts: &[(&'static str, String)]) -> String {
    let rate = |row: Row| median(figures, row, |figure| figure.rate);
    let p99 = |row: Row| median(figures, row, |figure| figure.p99.as_secs_f64() * 1e3);
    let mut text = format!(
        "# Results of PostgreSQL\n\nMeasured on {} by `target/release/vestibule-bench postgres --rounds {} \
         --seconds {} --invites {}`: medians of {} rounds of {} s at 64 connections. Load, nodes and PostgreSQL \
         {} share one machine; PostgreSQL runs with its defaults but for `shared_buffers = 256MB`, \
         `min_wal_size = 2GB`, `max_wal_size = 4GB` and `checkpoint_timeout = 15min`, and has files of its log \
         to write over, as one that has run for a while; all mints are of one host, and after the runs \
         the nodes are killed and all that was acknowledged was found.\n\n",
        place::today(),
        run.rounds,
        run.seconds,
        run.invites,
        run.rounds,
        run.seconds,
        run.version
    );
    text.push_str("| target | wanted | measured | reached |\n| --- | --- | --- | --- |\n");
    let mut target = |what: &str, wanted: &str, measured: f64, unit: &str, reached: bool| {
        let word = if reached { "yes" } else { "**no**" };
        let _ = writeln!(text, "| {what} | {wanted} | {measured:.2}{unit} | {word} |");
    };
    let (one, two) = (rate(Row::Mint) / rate(Row::FileMint), rate(Row::TwoNodes) / rate(Row::Mint));
    let flat = rate(Row::LargeMint) / rate(Row::Mint);
    target("mints/s by one node ÷ in a file", "at least 0.5", one, "", one >= 0.5);
    target("mints/s by two nodes ÷ by one", "at least 1.5, given room", two, "", two >= 1.5);
    target("p99 of claims", "under 15 ms", p99(Row::Claim), " ms", p99(Row::Claim) < 15.0);
    let what = format!("mints/s with {} invites ÷ with few", grouped(u64::from(run.invites)));
    target(&what, "about 1", flat, "", flat >= 0.8);
    text.push_str(
        "\n| what | answers/s: median | lowest to highest | p99: median |\n| --- | --- | --- | --- |\n",
    );
    for row in Row::ALL {
        let rates = || figures.iter().filter(|figure| figure.row == row).map(|figure| figure.rate);
        let (low, high) = (rates().fold(f64::MAX, f64::min), rates().fold(0.0, f64::max));
        let slow = std::time::Duration::from_secs_f64(p99(row).max(0.0) / 1e3);
        let _ = writeln!(
            text,
            "| {} | {} | {} to {} | {} |",
            name(row, run),
            per_second(rate(row)),
            per_second(low),
            per_second(high),
            duration(slow)
        );
    }
    text.push_str("\n## Machine\n\n");
    for (name, value) in facts.iter().filter(|(name, _)| !matches!(*name, "Prosody" | "Bare axum")) {
        let _ = writeln!(text, "- {name}: {value}");
    }
    text
}

fn median(figures: &[Figure], row: Row, of: impl Fn(&Figure) -> f64) -> f64 {
    let values = figures.iter().filter(|figure| figure.row == row).map(of);
    stats::quantile(values, 0.5).unwrap_or(f64::NAN)
}

fn name(row: Row, run: &Run) -> String {
    match row {
        Row::FileMint => "mints, SQLite".to_owned(),
        Row::Mint => "mints, PostgreSQL, one node".to_owned(),
        Row::LargeMint => {
            format!("mints, PostgreSQL, one node, {} invites there", grouped(u64::from(run.invites)))
        }
        Row::TwoNodes => "mints, PostgreSQL, two nodes with 32 connections each".to_owned(),
        Row::FileClaim => "claims, SQLite".to_owned(),
        Row::Claim => "claims, PostgreSQL, one node".to_owned(),
    }
}
