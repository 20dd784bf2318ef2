//! The options of `keys` and `mod_invites_api`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use vestibule_core::{Rate, Scopes, parse_duration};

use super::values::{key_name, scopes};

#[derive(Args, Debug)]
pub(crate) struct HostArg {
    /// The host.
    pub(crate) host: String,
}

#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    /// The host.
    pub(crate) host: String,
    /// The key's id: the part before the slash.
    #[arg(allow_hyphen_values = true)]
    pub(crate) id: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Create a key and print it. It is shown only once.
    Create(CreateKeyArgs),
    /// List the keys of a host.
    List(ListKeysArgs),
    /// Delete a key. It stops working immediately.
    #[command(override_usage = "vestibule keys delete [OPTIONS] [HOST] <ID>")]
    Delete {
        /// The host [default: the only one], or the key's id.
        #[arg(value_name = "HOST", required = true)]
        first: String,
        /// The key's id: the part before the slash.
        #[arg(value_name = "ID", allow_hyphen_values = true)]
        second: Option<String>,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule keys create example.com \"Portal\" --expires 90d --rate 60/min
  vestibule keys create example.com \"Prosody\" --scope bridge
  vestibule keys create example.com \"Prosody\" --scope bridge --secret-file /etc/vestibule/prosody.key --if-missing")]
pub(crate) struct CreateKeyArgs {
    /// The host that the key is for.
    pub(crate) host: String,
    /// A name for the key.
    #[arg(value_parser = key_name)]
    pub(crate) name: Option<String>,
    /// Scopes of the key: invites:create, invites:contact, invites:reset, invites:roles, invites:read,
    /// invites:manage, redeem, keys:manage, or bridge for all of them.
    #[arg(long, value_name = "SCOPE,...", default_value = "invites:create", value_parser = scopes)]
    pub(crate) scope: Scopes,
    /// Lifetime of the key, e.g. 90d [default: unlimited].
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, allow_hyphen_values = true)]
    pub(crate) expires: Option<Duration>,
    /// Rate limit, e.g. 60/min [default: unlimited].
    #[arg(long, value_name = "N/PERIOD")]
    pub(crate) rate: Option<Rate>,
    /// Use the key in this file, ID/SECRET; if the file is missing, write the new key to it. Prints nothing.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Do nothing if the key exists: the one in --secret-file, or else one with this name.
    #[arg(long)]
    pub(crate) if_missing: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ListKeysArgs {
    /// The host [default: the only one].
    pub(crate) host: Option<String>,
    /// Also print scopes, expiry, last use and rate when the output is not a terminal.
    #[arg(long)]
    pub(crate) long: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModInvitesApiCommand {
    /// Create a key and print it. It is shown only once.
    Create {
        /// The host that the key is for.
        host: String,
        /// A name for the key.
        #[arg(value_parser = key_name)]
        name: Option<String>,
    },
    /// List the keys of a host.
    List(HostArg),
    /// Delete a key. It stops working immediately.
    Delete(KeyArgs),
}
