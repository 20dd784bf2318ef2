//! The options of `prosody`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ProsodyCommand {
    /// Write the modules that connect Prosody to Vestibule into a directory, and print the configuration for Prosody.
    Install {
        /// The directory, which must contain nothing else.
        #[arg(value_name = "DIR", default_value = "/usr/share/vestibule/prosody")]
        directory: PathBuf,
    },
}
