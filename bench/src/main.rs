//! Measures what Vestibule costs, next to bare axum and to Prosody's `mod_invites_api`, as ratios within one run.
//!
//! Each subcommand prepares its servers ([`store`]), puts load on them ([`wrk`], [`load`]), and writes one page
//! ([`report`]). The released binary is measured from outside; nothing links against the server's crates.

mod api;
mod bridge;
mod client;
mod creates;
mod error;
mod hi;
mod insert;
mod instructions;
mod load;
mod options;
mod pages;
mod postgres;
mod report;
mod stats;
mod store;
mod wrk;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Context as _;

/// Measures what Vestibule costs, as ratios to bare axum and to Prosody's original.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    creates: creates::CreatesArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure creates per second, latency, memory and start-up (the default)
    Creates(creates::CreatesArgs),
    /// Measure the JSON API: creates, claims, completions, lists, batches, and creates beside a flood of wrong keys
    Api(api::ApiArgs),
    /// Measure what the bridge adds to a registration through Prosody
    Bridge(bridge::BridgeArgs),
    /// Measure the landing page of an invite
    Pages(pages::PagesArgs),
    /// Measure nodes on PostgreSQL next to SQLite
    Postgres(postgres::PostgresArgs),
    /// Count the instructions of a create, a claim and a page with valgrind
    Instructions(instructions::InstructionsArgs),
    /// Serve "hi" with bare axum, the yardstick
    Hi {
        /// Address to listen on
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// Serve "hi" after a durable row in a new SQLite file: the least that a durable answer costs
    Insert {
        /// Address to listen on
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// The file to create
        #[arg(long, value_name = "FILE")]
        database: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command.unwrap_or(Command::Creates(cli.creates)) {
        Command::Creates(args) => creates::run(&args),
        Command::Api(args) => api::run(&args),
        Command::Bridge(args) => bridge::run(&args),
        Command::Pages(args) => pages::run(&args),
        Command::Postgres(args) => postgres::run(&args),
        Command::Instructions(args) => instructions::run(&args),
        Command::Hi { listen } => hi::serve(listen).context("serving hi"),
        Command::Insert { listen, database } => insert::serve(listen, &database).context("serving rows"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
