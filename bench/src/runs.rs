//! The questions that tables and targets ask a series of runs.

use crate::stats::{median, paired_ratio};
use crate::subject::{Run, Subject};

/// The runs of one server at one number of connections, first to last.
pub(crate) fn of(runs: &[Run], subject: Subject, connections: u32) -> impl Iterator<Item = &Run> {
    runs.iter().filter(move |run| run.subject == subject && run.connections == connections)
}

/// The medians of one server's runs; `None` if there are none.
pub(crate) fn median_of(
    runs: &[Run],
    subject: Subject,
    connections: u32,
    figure: impl Fn(&Run) -> f64,
) -> Option<f64> {
    median(of(runs, subject, connections).map(figure))
}

/// One server against bare axum: each run against the mean of the bare axum run before it and the one after
/// it, so that a slow drift of the machine cancels out; of these ratios the median.
pub(crate) fn to_bare_axum(
    runs: &[Run],
    subject: Subject,
    connections: u32,
    figure: impl Fn(&Run) -> f64,
) -> Option<f64> {
    let alike: Vec<&Run> = runs.iter().filter(|run| run.connections == connections).collect();
    let is_hi = |run: &&&Run| run.subject == Subject::Hi;
    let ratios =
        alike.iter().enumerate().filter(|(_, run)| run.subject == subject).filter_map(|(at, run)| {
            let before = alike.iter().take(at).rfind(is_hi)?;
            let after = alike.iter().skip(at).find(is_hi)?;
            let base = f64::midpoint(figure(before), figure(after));
            (base > 0.0).then(|| figure(run) / base)
        });
    median(ratios)
}

/// One server against another, round by round; of these ratios the median.
pub(crate) fn paired(
    runs: &[Run],
    subject: Subject,
    other: Subject,
    connections: u32,
    figure: impl Fn(&Run) -> f64,
) -> Option<f64> {
    let figures = |subject| -> Vec<f64> { of(runs, subject, connections).map(&figure).collect() };
    paired_ratio(&figures(subject), &figures(other))
}

/// Answers per second.
pub(crate) fn rate(run: &Run) -> f64 {
    run.load.rate
}

/// The time within which 99 of 100 answers came, in seconds.
pub(crate) fn p99(run: &Run) -> f64 {
    run.load.p99.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::run;

    const SUBJECT: Subject = Subject::Vestibule { invites: 0 };

    #[test]
    fn a_run_is_compared_with_its_neighbours() {
        // The machine slows down between the two, and the other server's runs do not count.
        let runs = [
            run(Subject::Hi, 64, 90_000.0, 1),
            run(Subject::Hi, 64, 80_000.0, 1),
            run(SUBJECT, 64, 30_000.0, 1),
            run(Subject::Prosody, 64, 50.0, 1),
            run(Subject::Hi, 8, 10.0, 1),
            run(Subject::Hi, 64, 40_000.0, 1),
            run(SUBJECT, 64, 12_000.0, 1),
            run(Subject::Hi, 64, 20_000.0, 1),
        ];
        // 30/60 and 12/30.
        assert!((to_bare_axum(&runs, SUBJECT, 64, rate).unwrap() - 0.45).abs() < 1e-9);
        assert_eq!(to_bare_axum(&runs, SUBJECT, 8, rate), None);
        assert_eq!(to_bare_axum(&runs[..3], SUBJECT, 64, rate), None, "nothing came after it");
    }
}
