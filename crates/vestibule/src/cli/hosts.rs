//! The options of `hosts`, `config`, `members` and `events`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum HostsCommand {
    /// List the hosts.
    List,
    /// Add a host, without starting the service.
    Add {
        /// The XMPP domain.
        host: String,
    },
    /// Remove a host that has neither keys nor pending invites.
    #[command(after_help = "Example:
  vestibule hosts remove old.example.com --yes

A host that `serve --host` or the configuration file names is added again at the next start.")]
    Remove {
        /// The XMPP domain.
        host: String,
        /// Delete its keys and revoke its pending invites first.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration without starting, and print one line for each fault.
    Check,
    /// Print the settings that are in effect.
    Show,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MembersCommand {
    /// List the accounts that were created with invites, newest first.
    List {
        /// The host [default: the only one].
        host: Option<String>,
    },
    /// Show who joined when, by which invite, and whom this member invited.
    #[command(allow_missing_positional = true)]
    Show {
        /// The host [default: the only one].
        host: Option<String>,
        /// The username, or the address of the account.
        #[arg(required = true)]
        user: String,
    },
    /// Stop an account from inviting: apps and other programs create no invites in its name any more.
    #[command(
        allow_missing_positional = true,
        after_help = "Example:
  vestibule members stop example.com bob
  vestibule members revoke example.com bob --branch

Pending invites stay valid until they are revoked."
    )]
    Stop {
        /// The host [default: the only one].
        host: Option<String>,
        /// The username, or the address of the account.
        #[arg(required = true)]
        user: String,
    },
    /// Allow a stopped account to invite again.
    #[command(allow_missing_positional = true)]
    Allow {
        /// The host [default: the only one].
        host: Option<String>,
        /// The username, or the address of the account.
        #[arg(required = true)]
        user: String,
    },
    /// Revoke the pending invites in the name of an account.
    #[command(allow_missing_positional = true)]
    Revoke {
        /// The host [default: the only one].
        host: Option<String>,
        /// The username, or the address of the account.
        #[arg(required = true)]
        user: String,
        /// Also those of all whom it invited, of those whom they invited, and so on.
        #[arg(long)]
        branch: bool,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule events example.com
  vestibule events --follow
  vestibule events --json | jq -r 'select(.action == \"invite.redeemed\") | .detail'")]
pub(crate) struct EventsArgs {
    /// The host [default: the only one].
    pub(crate) host: Option<String>,
    /// Wait for more events, and print them as they happen, until interrupted.
    #[arg(long)]
    pub(crate) follow: bool,
    /// Only events after the one with this id.
    #[arg(long, value_name = "ID", default_value = "0", value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) after: i64,
}
