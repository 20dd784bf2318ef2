//! Vestibule mints, shows and redeems invites for XMPP servers.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod config;
mod data_folder;
mod failure;
mod logs;
mod machine;
mod plain_url;
mod progress;
mod registrar;
mod seal_file;
mod sheet;
mod terminal;
mod traces;
mod wiring;

use std::process::ExitCode;

use mimalloc::MiMalloc;

use crate::{cli::Cli, config::Settings, failure::Failure, terminal::visible};

/// Requests are made on one thread and let go on another, which costs the C library's allocator dear.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Whatever is made from here on is for this user alone: the seal key, the database, its journal.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::read();
    match Settings::gather(&cli).and_then(|settings| commands::run(cli.command, &settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // A pipe that was closed early, as by `head`, is no failure worth a word.
            if !matches!(&failure, Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe) {
                eprintln!("Error: {}", visible(&failure.to_string()));
            }
            ExitCode::from(failure.exit_status())
        }
    }
}
