//! Measures what Vestibule costs, side by side with the least that an HTTP server can do (bare axum) and with
//! the original that it replaces (Prosody's `mod_invites_api`), in one run and as ratios.
//!
//! - [`creates`]: the measurement of creates. It prepares the stores ([`store`]), takes start-up times
//!   ([`startup`]), puts load on one server after the other ([`subject`], [`wrk`]), watches
//!   what else the machine does ([`disturbance`]), and writes what came out ([`report`]).
//! - [`api`]: the measurement of the JSON API, with the same tools, and a [`client`] for calls whose answers
//!   matter.
//! - [`bridge`]: what those who register through a Prosody wait for.
//! - [`landing`]: the first page of an invited person.
//! - [`postgres`]: nodes on PostgreSQL, beside the embedded store.
//! - [`hi`]: the bare axum, as a process of its own; [`insert`]: the same with one durable row an answer.
//!
//! What is measured here is the released binary, from outside; nothing links against the server's crates.

mod api;
mod bridge;
mod client;
mod creates;
mod disturbance;
mod error;
mod format;
mod hi;
mod insert;
mod landing;
mod machine;
mod place;
mod plan;
mod postgres;
mod procfs;
mod report;
mod results;
mod runs;
mod startup;
mod stats;
mod store;
mod subject;
mod tables;
mod targets;
mod wrk;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::api::ApiArgs;
use crate::bridge::BridgeArgs;
use crate::error::BenchError;
use crate::landing::LandingArgs;
use crate::plan::PlanArgs;
use crate::postgres::PostgresArgs;

/// Measures what Vestibule costs, as ratios to bare axum and to Prosody's original.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Verb>,
    #[command(flatten)]
    plan: PlanArgs,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Measure creates per second, latency, memory and start-up (the default)
    Creates(PlanArgs),
    /// Measure the JSON API: mints, redemptions, lists, batches, and races that nobody may win twice
    Api(ApiArgs),
    /// Measure what the bridge adds to a registration through Prosody
    Bridge(BridgeArgs),
    /// Measure the first page of an invited person
    Pages(LandingArgs),
    /// Measure nodes on PostgreSQL beside the embedded store
    Postgres(PostgresArgs),
    /// Serve "hi" with bare axum, the yardstick
    Hi(HiArgs),
    /// Serve "hi" after a durable row in a new SQLite file: the least that a durable answer costs
    Insert(InsertArgs),
}

#[derive(Debug, Args)]
struct HiArgs {
    /// Where to listen
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

#[derive(Debug, Args)]
struct InsertArgs {
    #[command(flatten)]
    hi: HiArgs,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command.unwrap_or(Verb::Creates(cli.plan)) {
        Verb::Creates(plan) => creates::run(plan),
        Verb::Api(plan) => api::run(plan),
        Verb::Bridge(plan) => bridge::run(&plan),
        Verb::Pages(plan) => landing::run(plan),
        Verb::Postgres(plan) => postgres::run(&plan),
        Verb::Hi(hi) => hi::serve(hi.listen).map_err(BenchError::io("serving hi")),
        Verb::Insert(insert) => {
            insert::serve(insert.hi.listen, &insert.database).map_err(BenchError::io("serving rows"))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
