//! Vestibule creates, shows and redeems invites for XMPP servers.
#![forbid(unsafe_code)]

mod bootstrap;
mod bridge_modules;
mod cli;
mod cli_error;
mod commands;
mod config;
mod data_dir;
mod fields;
mod logs;
mod plain_url;
mod preview;
mod progress;
mod registrar;
mod seal_file;
mod service_manager;
mod sheet;
mod system;
mod table;
mod terminal;
mod traces;
mod typography;

use std::process::ExitCode;

use mimalloc::MiMalloc;

use crate::{cli::Cli, cli_error::CliError, terminal::escape_for_terminal};

/// Requests are allocated on one thread and freed on another, which is slow with the C library's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // New files (seal key, database, WAL) are readable by this user only.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::read();
    match commands::run_without_settings(&cli).unwrap_or_else(|| commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cli_error) => {
            // A pipe that the reader closed early, as `head` does, is not reported.
            if !matches!(&cli_error, CliError::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
            {
                let priority = if logs::stderr_is_journal() { logs::ERROR_PRIORITY } else { "" };
                eprintln!("{priority}Error: {}", escape_for_terminal(&cli_error.to_string()));
            }
            ExitCode::from(cli_error.exit_status())
        }
    }
}
