//! The results as a page, with the notes that people wrote by hand.

use std::time::Duration;

use super::{flood, loads, races, results::ApiResults, tables, targets};
use crate::format::{duration, grouped};
use crate::report::{about_others, bound, counted};
use crate::stats::{median, quantile};
use crate::tables::targets as targets_table;

/// The whole page.
pub(crate) fn page(results: &ApiResults, notes: &str) -> String {
    let sections = [
        format!(
            "# Results of the JSON API\n\nMeasured on {}; what is measured and why is in README.md.\n",
            results.date
        ),
        about_others(&results.runs),
        format!("## Targets\n\n{}", targets_table(&targets::judge(results))),
        format!("## Ratios\n\n{}\n{}", about_ratios(results), tables::ratios(results)),
        format!("## Lists\n\n{}\n{}", about_lists(results), tables::pages(results)),
        format!("## In company\n\n{}\n{}", about_company(results), tables::company(results)),
        format!("## Races\n\n{}\n{}", about_races(results), tables::races(results)),
        format!(
            "## Absolute figures\n\nFor orientation: they are this machine's. Load generator and server share \
             its cores, and every connection asks again as soon as it is answered.\n\n{}",
            tables::rates(results)
        ),
    ];
    bound(&sections, &results.machine, &results.plan.common.command, notes)
}

fn about_ratios(results: &ApiResults) -> String {
    let common = &results.plan.common;
    format!(
        "{} connections; medians of {} of {} s. A rate is divided by the mean of the two bare axum runs beside \
         it. After each run the server is killed (SIGKILL), and its store must know of at least what was \
         acknowledged: invites minted, claims in the audit log, invites used. The claims that are completed \
         outlived a SIGKILL too. Every claim takes another invite for another username; claims and completions \
         come from a Lua script, whose cost the bare axum does not bear.\n",
        loads::CONNECTIONS,
        counted(common.rounds, "round"),
        common.duration.as_secs()
    )
}

fn about_lists(results: &ApiResults) -> String {
    format!(
        "{} invites, pages of 100; medians of {} of {} s.\n",
        grouped(results.plan.listed),
        counted(results.plan.common.rounds, "round"),
        results.plan.page_duration.as_secs()
    )
}

fn about_company(results: &ApiResults) -> String {
    let times = |times: &[Duration]| {
        let of =
            |share: Option<f64>| share.map_or("-".to_owned(), |time| duration(Duration::from_secs_f64(time)));
        let seconds = || times.iter().map(Duration::as_secs_f64);
        format!("{} (slowest {})", of(median(seconds())), of(quantile(seconds(), 1.0)))
    };
    let batches = if results.batches.alone.is_empty() {
        "Batches were left out.".to_owned()
    } else {
        format!(
            "A batch of {} invites takes {}, median of {}, until its answer is read; beside single mints, where \
             one batch follows the other, {}.",
            grouped(results.plan.batch),
            times(&results.batches.alone),
            results.batches.alone.len(),
            times(&results.batches.beside),
        )
    };
    let flood = match results.slowed_down() {
        Some(share) => format!(
            "Somebody guesses keys over {} connections, from another address than the one who mints, as fast \
             as they are answered: {:.1} % of {} guesses are answered with `429`.",
            flood::GUESSERS,
            share * 100.0,
            grouped(results.flood.values().sum())
        ),
        None => "Guessing keys was left out.".to_owned(),
    };
    format!("{batches} {flood}\n")
}

fn about_races(results: &ApiResults) -> String {
    let [few, many] = races::USES;
    let time =
        results.races.as_ref().map_or(String::new(), |races| format!(", {} in all", duration(races.time)));
    format!(
        "In each race {} claimers, each on a connection of its own and with a username of its own, are released \
         at once for one invite: half of the invites are for {few} use, half for {many}. Who is granted a use \
         completes it, while others still claim{time}. Then the server is killed. One use too many or too few, \
         then or in the store, and there are no results.\n",
        races::CLAIMERS
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{flood::Told, results::tests::sample};

    #[test]
    fn the_page_has_every_section_and_ends_with_the_notes() {
        let text = page(&sample(), "## Kept\n");
        let sections: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            sections,
            [
                "# Results of the JSON API",
                "## Targets",
                "## Ratios",
                "## Lists",
                "## In company",
                "## Races",
                "## Absolute figures",
                "## Machine",
                "## To repeat",
                "## Kept",
            ]
        );
        assert!(text.contains("takes 300 ms (slowest 900 ms), median of 3,"), "{text}");
        assert!(text.contains("75.0 % of 100 guesses"), "{text}");
    }

    #[test]
    fn the_page_says_what_was_left_out() {
        let mut results = sample();
        results.flood = Told::new();
        results.batches.alone.clear();
        assert!(page(&results, "").contains("Batches were left out. Guessing keys was left out.\n"));
    }
}
