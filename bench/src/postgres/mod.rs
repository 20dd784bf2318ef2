//! The store on PostgreSQL beside the embedded one: mints by one node and by two, claims, and what a million
//! invites cost.
//!
//! Every server here shares one machine with the load and, where there is one, with PostgreSQL: so the ratios
//! say what a machine does, not what a node does that has its own.

mod page;
mod place;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use private_postgres::Server;
use vestibule_e2e::vestibule_binary;

use self::place::{Place, Target};
use crate::error::BenchError;
use crate::{machine, place as common, wrk};

/// Where the results go.
const RESULTS: &str = "bench/RESULTS-postgres.md";

/// A server that has run for a while writes its log over files that it has used before; a new one makes each of
/// them first, and all commits wait for that. This makes as many as the runs will fill.
const SETTLE: &str = "DO $$ BEGIN FOR n IN 1..120 LOOP \
     PERFORM pg_logical_emit_message(false, 'bench', 'next'); PERFORM pg_switch_wal(); END LOOP; END $$";

/// How much is measured.
#[derive(Args, Clone, Debug)]
pub(crate) struct PostgresArgs {
    /// A smoke run: small stores, a second for each load; prints instead of writing
    #[arg(long)]
    quick: bool,
    /// Rounds; each measures everything once
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// Seconds of each load
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Invites in the large store
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    invites: u32,
}

/// What is measured, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Mints in a file.
    FileMint,
    /// Mints by one node.
    Mint,
    /// Mints by one node into the large store.
    LargeMint,
    /// Mints by two nodes, half of the connections each.
    TwoNodes,
    /// Claims in a file.
    FileClaim,
    /// Claims by one node.
    Claim,
}

impl Row {
    pub(crate) const ALL: [Self; 6] =
        [Self::FileMint, Self::Mint, Self::LargeMint, Self::TwoNodes, Self::FileClaim, Self::Claim];
}

/// One load and what came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) row: Row,
    pub(crate) rate: f64,
    pub(crate) p99: Duration,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: &PostgresArgs) -> Result<(), BenchError> {
    wrk::is_there().map_err(|source| BenchError::Load { run: "the load generator".to_owned(), source })?;
    let binary = vestibule_binary()?;
    let (rounds, seconds, invites) =
        if args.quick { (1, 1, 2_000) } else { (args.rounds, args.seconds, args.invites) };
    let settings =
        ["shared_buffers=256MB", "min_wal_size=2GB", "max_wal_size=4GB", "checkpoint_timeout=15min"];
    let server = Server::start(&settings).map_err(failed)?;
    let duration = Duration::from_secs(seconds);
    let file = Place::file(&binary)?;
    let small = Place::server(&binary, &server, "small", 2)?;
    let large = Place::server(&binary, &server, "large", 1)?;
    eprintln!("filling: {invites} invites");
    large.fill(invites)?;
    if !args.quick {
        server.sql("postgres", SETTLE).map_err(failed)?;
        server.sql("postgres", "CHECKPOINT").map_err(failed)?;
    }
    let mut figures = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for row in Row::ALL {
            let figure = match row {
                Row::FileMint => file.load(row, &[Target::Mint(0)], duration)?,
                Row::Mint => small.load(row, &[Target::Mint(0)], duration)?,
                Row::LargeMint => large.load(row, &[Target::Mint(0)], duration)?,
                Row::TwoNodes => small.load(row, &[Target::Mint(0), Target::Mint(1)], duration)?,
                Row::FileClaim => file.claims(row, duration)?,
                Row::Claim => small.claims(row, duration)?,
            };
            eprintln!("  {row:?}: {:.0}/s, p99 {:?}", figure.rate, figure.p99);
            figures.push(figure);
        }
    }
    for place in [file, small, large] {
        place.nothing_is_lost()?;
    }
    let facts =
        machine::describe(&binary, server.folder()).map_err(BenchError::io("describing this machine"))?.facts;
    let version = server.sql("postgres", "SHOW server_version").map_err(failed)?;
    let text = page::page(&figures, &page::Run { rounds, seconds, invites, version }, &facts);
    common::hand_out(&text, (!args.quick).then(|| PathBuf::from(RESULTS)).as_deref())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn failed(error: private_postgres::ServerError) -> BenchError {
    BenchError::Call { what: "PostgreSQL".to_owned(), why: error.to_string() }
}
