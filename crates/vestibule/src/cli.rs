//! The command line.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

mod demo;
mod doctor;
mod prosody;
mod serve;
mod usage;
mod values;

use std::{path::PathBuf, time::Duration};

use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use vestibule_core::{Kind, Rate, Scopes, State, parse_duration};

use self::values::{Uses, expiry, id_or_token, key_name, label, log_filter, note, public_url, scopes, uses};
pub(crate) use self::{
    demo::DemoArgs,
    doctor::DoctorArgs,
    prosody::ProsodyCommand,
    serve::{HttpArgs, ListenArgs, ServeArgs},
};
use crate::{
    config::DatabaseUrl,
    logs::LogFormat,
    sheet::{self, SheetFile},
};

/// Creates, shows and redeems invites for XMPP servers.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Parses the command line. Exits with status 2 on wrong usage.
    pub(crate) fn read() -> Self {
        let cli = Self::try_parse().unwrap_or_else(|error| usage::exit(error));
        match cli.contradiction() {
            Some(what) => usage::exit(Self::command().error(ErrorKind::ArgumentConflict, what)),
            None => cli,
        }
    }

    /// Options that cannot be combined. `clap` does not check this for a global option in front of the command.
    fn contradiction(&self) -> Option<String> {
        let Command::Invites(InvitesCommand::Create(create)) = &self.command else {
            return None;
        };
        if create.csv && self.global.json {
            return Some("--csv and --json: only one of them can be printed".to_owned());
        }
        let most = sheet::MOST;
        (create.qr_sheet.is_some() && create.count > most).then(|| {
            format!("--qr-sheet: a sheet holds at most {most} invites; create several sheets with --count")
        })
    }
}

/// Options that every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Configuration file (TOML) [default: /etc/vestibule/vestibule.toml, if it exists].
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Directory of the database and the seal key [default: ./vestibule-data].
    #[arg(long, global = true, value_name = "DIR", env = "VESTIBULE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Database URL: sqlite:PATH or postgres://USER@HOST/DATABASE [default: vestibule.db in the data directory].
    #[arg(long, global = true, value_name = "URL", env = "VESTIBULE_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<DatabaseUrl>,
    /// File with the password of the database user.
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_DATABASE_PASSWORD_FILE")]
    pub(crate) database_password_file: Option<PathBuf>,
    /// File with the seal key [default: seal.key in the data directory].
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_SEAL_KEY_FILE")]
    pub(crate) seal_key_file: Option<PathBuf>,
    /// Base URL of links [default: that of the last serve].
    #[arg(long, global = true, value_name = "URL", env = "VESTIBULE_PUBLIC_URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,
    /// Machine-readable output.
    #[arg(long, global = true, env = "VESTIBULE_JSON", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value = "false", default_missing_value = "true", require_equals = true, hide_default_value = true, hide_possible_values = true)]
    pub(crate) json: bool,
    /// Log level (error, warn, info, debug or trace), or a filter such as vestibule_store=debug,warn.
    #[arg(long, global = true, value_name = "FILTER", env = "VESTIBULE_LOG", value_parser = log_filter)]
    pub(crate) log: Option<String>,
    /// Log format.
    #[arg(long, global = true, value_name = "FORMAT", env = "VESTIBULE_LOG_FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

/// The command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it out: a temporary service for localhost with a key and an invite.
    Demo(DemoArgs),
    /// Run the service.
    Serve(ServeArgs),
    /// Check the connection between the XMPP server and Vestibule, and suggest fixes.
    Doctor(DoctorArgs),
    /// Check whether the service is ready: exits with 0, or with 1 and the reason.
    Health(ListenArgs),
    /// Install the modules that connect Prosody to Vestibule.
    #[command(subcommand)]
    Prosody(ProsodyCommand),
    /// Create, list and delete API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Create, list, show and revoke invites.
    #[command(subcommand)]
    Invites(InvitesCommand),
    /// Import the invites and API keys of Prosody's own modules.
    Import(ImportArgs),
    /// Copy everything from one database to another; the source is not modified.
    MigrateStore(MigrateStoreArgs),
    /// Manage API keys with the commands of Prosody's mod_invites_api.
    #[command(name = "mod_invites_api", subcommand)]
    ModInvitesApi(ModInvitesApiCommand),
}

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("from").required(true).args(["file", "prosody_data"])))]
pub(crate) struct ImportArgs {
    /// The host that the invites and keys are for.
    pub(crate) host: String,
    /// Output of `prosodyctl mod_vestibule export HOST`; - for standard input.
    pub(crate) file: Option<PathBuf>,
    /// Prosody's data directory, or a copy of it, such as /var/lib/prosody.
    #[arg(long, value_name = "DIR")]
    pub(crate) prosody_data: Option<PathBuf>,
    /// Only print what would be imported.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct MigrateStoreArgs {
    /// Source database: sqlite:PATH or postgres://USER@HOST/DATABASE; no service may be running on it.
    #[arg(long, value_name = "URL")]
    pub(crate) from: DatabaseUrl,
    /// Target database: an empty one, or one that an interrupted run has partly filled.
    #[arg(long, value_name = "URL")]
    pub(crate) to: DatabaseUrl,
}

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
    Create {
        /// The host that the key is for.
        host: String,
        /// A name for the key.
        #[arg(value_parser = key_name)]
        name: Option<String>,
        /// Scopes of the key: invites:create, invites:contact, invites:reset, invites:roles, invites:read,
        /// invites:manage, redeem, keys:manage, or bridge for all of them.
        #[arg(long, value_name = "SCOPE,...", default_value = "invites:create", value_parser = scopes)]
        scope: Scopes,
        /// Lifetime of the key, e.g. 90d [default: unlimited].
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        expires: Option<Duration>,
        /// Rate limit, e.g. 60/min [default: unlimited].
        #[arg(long, value_name = "N/PERIOD")]
        rate: Option<Rate>,
    },
    /// List the keys of a host.
    List(HostArg),
    /// Delete a key. It stops working immediately.
    Delete(KeyArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum InvitesCommand {
    /// Create invites and print their links.
    Create(CreateArgs),
    /// List the invites of a host, newest first.
    List {
        /// The host.
        host: String,
        /// Only invites in this state: pending, used, expired or revoked.
        #[arg(long)]
        state: Option<State>,
    },
    /// Count the invites of a host.
    Count {
        /// The host.
        host: String,
        /// Only invites in this state: pending, used, expired or revoked.
        #[arg(long)]
        state: Option<State>,
    },
    /// Show one invite with its link and its redemptions.
    Show {
        /// The host.
        host: String,
        /// The id or token of the invite.
        #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
        invite: String,
    },
    /// Revoke an invite.
    Revoke {
        /// The host.
        host: String,
        /// The id or token of the invite.
        #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
        invite: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The host, or the address that the invite is reserved for.
    #[arg(value_name = "HOST|USER@HOST")]
    pub(crate) address: String,
    /// account, account-and-contact, contact or password-reset [default: account, or account-and-contact
    /// with --contact].
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// The inviter, who becomes the first contact.
    #[arg(long, value_name = "USER")]
    pub(crate) contact: Option<String>,
    /// Number of uses, or unlimited.
    #[arg(long, value_name = "N", default_value = "1", value_parser = uses)]
    pub(crate) uses: Uses,
    /// Validity, e.g. 7d [default: the host's invite_expiry].
    #[arg(long, value_name = "DURATION", value_parser = expiry)]
    pub(crate) expires: Option<Duration>,
    /// A group that the new account joins; can be repeated.
    #[arg(long, value_name = "GROUP", value_parser = label)]
    pub(crate) group: Vec<String>,
    /// A role of the new account; can be repeated.
    #[arg(long, value_name = "ROLE", value_parser = label)]
    pub(crate) role: Vec<String>,
    /// A private note.
    #[arg(long, value_name = "TEXT", value_parser = note)]
    pub(crate) note: Option<String>,
    /// Number of invites to create.
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) count: u32,
    /// Print CSV with a header row instead of links.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Also write a sheet with a card and a QR code for each invite, to print and cut apart; FILE must end in .pdf or
    /// .html.
    #[arg(long, value_name = "FILE", value_parser = SheetFile::parse)]
    pub(crate) qr_sheet: Option<SheetFile>,
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
