//! Creates per second through `GET /invites_api`, memory and start-up.

use std::time::{Duration, Instant};

use clap::Args;

use crate::error::Result;
use crate::load::{self, Pressure, Run, Series};
use crate::options::{Bench, CommonArgs};
use crate::report::{Report, duration, shown};
use crate::stats::median;
use crate::store::Store;
use crate::wrk::Target;

/// Numbers of connections in a whole run.
const CONNECTIONS: [u32; 3] = [8, 64, 256];

/// The options of the measurement of creates.
#[derive(Args, Clone, Debug)]
pub(crate) struct CreatesArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Numbers of connections
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_values_t = CONNECTIONS,
          value_parser = clap::value_parser!(u32).range(2..=10_000))]
    connections: Vec<u32>,
    /// Numbers of invites in the store before the load
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    invites: Option<Vec<u64>>,
    /// Leave Prosody out
    #[arg(long)]
    no_prosody: bool,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: &CreatesArgs) -> Result<()> {
    let narrowed = args.no_prosody || args.invites.is_some() || args.connections != CONNECTIONS;
    let bench = args.common.prepare("bench/RESULTS.md", narrowed)?;
    let sizes: &[u64] = if bench.quick { &[0, 10_000] } else { &[0, 10_000, 1_000_000] };
    let sizes = args.invites.clone().unwrap_or_else(|| sizes.to_vec());
    let prepare = |size: &u64| Store::prepare(&bench, &format!("store-{size}"), *size);
    let stores = sizes.iter().map(prepare).collect::<Result<Vec<_>>>()?;
    let starts = stores.iter().map(|store| start_up(&bench, store)).collect::<Result<Vec<_>>>()?;
    let mut series = Series::default();
    for &connections in &args.connections {
        let pressure = Pressure { connections, duration: bench.duration };
        for round in 1..=bench.rounds {
            eprintln!("{connections} connections, round {round} of {}", bench.rounds);
            series.push(load::bare_axum(pressure)?);
            for store in &stores {
                series.push(create(&bench, store, pressure)?);
            }
            series.push(load::bare_row(bench.scratch(), pressure)?);
        }
        series.push(load::bare_axum(pressure)?);
        if !args.no_prosody {
            let seconds = if bench.quick { 1 } else { 2 };
            series.push(load::prosody(Pressure { connections, duration: Duration::from_secs(seconds) })?);
        }
    }
    let mut report = Report::new("Results");
    report.loads(&bench, &series);
    let text = "Rates by the same server on an empty store, paired round by round.";
    let empty = name(0);
    let ratios = args.connections.iter().flat_map(|connections| {
        let ratio =
            |size: &u64| shown(series.paired(&name(*size), &empty, *connections), |r| format!("{r:.2}"));
        sizes
            .iter()
            .map(|size| vec![size.to_string(), connections.to_string(), ratio(size)])
            .collect::<Vec<_>>()
    });
    report.section(
        "Size of the store",
        text,
        &["invites", "connections", "÷ empty"],
        &ratios.collect::<Vec<_>>(),
    );
    let text = "From the start of the process to its line `listening on`, files in the page cache.";
    report.section("Start-up", text, &["invites", "median", "slowest", "memory when ready"], &starts);
    report.finish(&bench, Some("NOTES.md"))
}

fn name(invites: u64) -> String {
    format!("Vestibule, {invites} invites")
}

/// Puts load on a copy of `store`, kills the server, and checks that everything it acknowledged is there.
fn create(bench: &Bench, store: &Store, pressure: Pressure) -> Result<Run> {
    let running = store.run(bench)?;
    let target = Target::get(store.create_url(&running.server));
    let run = load::put(&name(store.invites), running.server.pid(), &target, pressure)?;
    run.check_kept(running.kill_and_count(&[])?.saturating_sub(store.invites))?;
    Ok(run)
}

/// Starts a server several times on a copy of `store`.
fn start_up(bench: &Bench, store: &Store) -> Result<Vec<String>> {
    let mut running = store.run(bench)?;
    let mut times = Vec::new();
    for _ in 0..if bench.quick { 3 } else { 10 } {
        running.server.terminate()?;
        let start = Instant::now();
        running.server.restart()?;
        times.push(start.elapsed());
    }
    let middle = median(times.iter().map(Duration::as_secs_f64)).map(Duration::from_secs_f64);
    let slowest = times.iter().max().copied().unwrap_or_default();
    let memory = load::resident(running.server.pid())? / 1024;
    Ok(vec![
        store.invites.to_string(),
        duration(middle.unwrap_or_default()),
        duration(slowest),
        format!("{memory} MiB"),
    ])
}
