//! The results as a page, with the notes that people wrote by hand.

use std::fs;
use std::io;
use std::path::Path;

use crate::disturbance::TOO_MUCH;
use crate::format::{duration, grouped};
use crate::machine::Machine;
use crate::results::Results;
use crate::stats::{median, quantile};
use crate::subject::Run;
use crate::tables;
use crate::targets;

/// The notes at `path`, which people write and this program only reads; empty if there are none.
pub(crate) fn notes_in(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

/// The whole page.
pub(crate) fn page(results: &Results, notes: &str) -> String {
    let sections = [
        format!("# Results\n\nMeasured on {}; what is measured and why is in README.md.\n", results.date),
        about_others(&results.runs),
        format!("## Targets\n\n{}", tables::targets(&targets::judge(results))),
        format!("## Ratios\n\n{}\n{}", about_ratios(results), tables::ratios(results)),
        format!("## Memory and start-up\n\n{}\n{}", about_starts(results), tables::memory(results)),
        format!("## Absolute figures\n\n{}\n{}", about_rates(results), tables::rates(results)),
    ];
    bound(&sections, &results.machine, &results.plan.common.command, notes)
}

/// The sections as one page, with what every page ends with.
pub(crate) fn bound(sections: &[String], machine: &Machine, command: &str, notes: &str) -> String {
    let facts: Vec<String> =
        machine.facts.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect();
    let end = [
        format!("## Machine\n\n{}", facts.concat()),
        format!("## To repeat\n\n```\n{command}\n```\n"),
        notes.trim_start().to_owned(),
    ];
    let mut text = [sections, &end].concat().join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// How quiet the machine was.
pub(crate) fn about_others(runs: &[Run]) -> String {
    let shares = || runs.iter().map(|run| run.others);
    let (middle, most) = (median(shares()).unwrap_or_default(), quantile(shares(), 1.0).unwrap_or_default());
    let verdict = if middle >= TOO_MUCH {
        " **That is too much: these figures are disturbed. Repeat on a quiet machine.**"
    } else {
        ""
    };
    format!(
        "During the runs other programs and other guests of the hypervisor took {:.0} % of the processors' \
         time (median; at most {:.0} % in one run).{verdict}\n",
        middle * 100.0,
        most * 100.0
    )
}

fn about_ratios(results: &Results) -> String {
    let plan = &results.plan;
    format!(
        "Medians of {} of {} s. A rate is divided by the mean of the two bare axum runs around its round; an \
         empty store is that of the same round. Every create is an invite on disk: after each run the server \
         is killed (SIGKILL) and its store must have grown by at least the number of 201s, else there are no \
         results.\n",
        counted(plan.common.rounds, "round"),
        plan.common.duration.as_secs()
    )
}

fn about_starts(results: &Results) -> String {
    let filled: Vec<String> = results
        .filled
        .iter()
        .filter(|(invites, _)| *invites > 0)
        .map(|(invites, time)| format!("{} invites in {}", grouped(*invites), duration(*time)))
        .collect();
    let filled = if filled.is_empty() {
        String::new()
    } else {
        format!(" `vestibule invites create --count` filled the stores: {}.", filled.join(", "))
    };
    format!(
        "{}, from the birth of the process to `listening on`, files in the page cache. Memory after load is \
         that of the run that ended with most.{filled}\n",
        counted(results.plan.startups, "start")
    )
}

fn about_rates(results: &Results) -> String {
    let prosody = results.plan.prosody_duration.map_or_else(String::new, |duration| {
        format!(
            " Prosody: one run of {} s each, freshly started on an empty store; it writes its file without \
             flushing it to disk, and what it has not answered when the run ends is not in its latencies.",
            duration.as_secs()
        )
    });
    format!(
        "For orientation: they are this machine's. Load generator and server share its cores, and every \
         connection asks again as soon as it is answered.{prosody}\n"
    )
}

/// `1 round`, `5 rounds`.
pub(crate) fn counted(count: u32, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::sample;

    #[test]
    fn the_page_has_every_section_and_ends_with_the_notes() {
        let text = page(&sample(), "\n## What helped and what did not\n\n- batches\n");
        let sections: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            sections,
            [
                "# Results",
                "## Targets",
                "## Ratios",
                "## Memory and start-up",
                "## Absolute figures",
                "## Machine",
                "## To repeat",
                "## What helped and what did not",
            ]
        );
        assert!(text.contains("on 2026-01-02"));
        assert!(text.contains("- Processor: two cores\n"));
        assert!(text.contains("1,000,000 invites in 10.0 s"));
        assert!(text.ends_with("- batches\n"));
    }

    #[test]
    fn a_busy_machine_is_told() {
        let mut results = sample();
        assert!(
            about_others(&results.runs)
                .ends_with("took 2 % of the processors' time (median; at most 2 % in one run).\n")
        );
        for run in &mut results.runs {
            run.others = 0.3;
        }
        let text = about_others(&results.runs);
        assert!(text.contains("30 %") && text.contains("disturbed"));
    }

    #[test]
    fn notes_are_not_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("NOTES.md");
        assert_eq!(notes_in(&path).unwrap(), "");
        fs::write(&path, "## Kept\n").unwrap();
        assert_eq!(notes_in(&path).unwrap(), "## Kept\n");
        assert!(page(&sample(), "").ends_with("```\n"));
    }
}
