//! The landing page of an invite.

use std::time::Duration;

use clap::Args;

use crate::error::Result;
use crate::load::{self, Pressure, Series};
use crate::options::CommonArgs;
use crate::report::Report;
use crate::store::Store;
use crate::wrk::Target;

/// Invites in the store.
const INVITES: u64 = 1000;
/// The client: Android, in German.
const CLIENT: [&str; 2] =
    ["User-Agent: Mozilla/5.0 (Linux; Android 14) Mobile", "Accept-Language: de-DE,de;q=0.9"];

/// The options of the measurement of pages.
#[derive(Args, Clone, Debug)]
pub(crate) struct PagesArgs {
    #[command(flatten)]
    common: CommonArgs,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: &PagesArgs) -> Result<()> {
    let bench = args.common.prepare("bench/RESULTS-pages.md", false)?;
    let store = Store::prepare(&bench, "pages", INVITES)?;
    let token = store.links.lines().next().and_then(|link| link.rsplit('/').next()).unwrap_or_default();
    let many = Pressure { connections: 64, duration: bench.duration };
    let one = Pressure { connections: 1, duration: bench.duration.min(Duration::from_secs(2)) };
    let mut series = Series::default();
    series.push(load::bare_axum(many)?);
    for round in 1..=bench.rounds {
        eprintln!("round {round} of {}", bench.rounds);
        let running = store.run(&bench)?;
        let url = format!("{}/invite/{token}", running.server.url());
        let target = Target { headers: CLIENT.map(str::to_owned).to_vec(), ..Target::get(url) };
        for pressure in [many, one] {
            series.push(load::put("`GET /invite/{token}`", running.server.pid(), &target, pressure)?);
        }
        drop(running);
        series.push(load::bare_axum(many)?);
    }
    let mut report = Report::new("Results of the pages");
    report.loads(&bench, &series);
    report.finish(&bench, Some("NOTES-pages.md"))
}
