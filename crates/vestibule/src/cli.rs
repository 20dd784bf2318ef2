//! The command line.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

mod demo;
mod doctor;
mod serve;
mod usage;
mod values;

use std::{path::PathBuf, time::Duration};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use vestibule_core::{Kind, Rate, Scopes, State, parse_duration};

use self::values::{expiry, id_or_token, key_name, label, log_filter, note, public_url, scopes, uses};
pub(crate) use self::{
    demo::DemoArgs,
    doctor::DoctorArgs,
    serve::{HttpArgs, ListenArgs, ServeArgs},
};
use crate::{
    config::DatabaseUrl,
    sheet::{self, SheetFile},
};

/// Mints, shows and redeems invites for XMPP servers.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads the command line; wrong usage ends the program with 2.
    pub(crate) fn read() -> Self {
        let cli = Self::try_parse().unwrap_or_else(|error| usage::exit(error));
        match cli.contradiction() {
            Some(what) => usage::exit(Self::command().error(ErrorKind::ArgumentConflict, what)),
            None => cli,
        }
    }

    /// What does not go together. `clap` knows nothing of a global option that stands before its command.
    fn contradiction(&self) -> Option<String> {
        let Command::Invites(InvitesCommand::Create(create)) = &self.command else {
            return None;
        };
        if create.csv && self.global.json {
            return Some("--csv and --json: only one of them can be printed".to_owned());
        }
        let most = sheet::MOST;
        (create.qr_sheet.is_some() && create.count > most).then(|| {
            format!("--qr-sheet: a sheet holds {most} invites at the most; make several with --count")
        })
    }
}

/// Options that every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where the database and the seal key lie [default: ./vestibule-data].
    #[arg(long, global = true, value_name = "DIR", env = "VESTIBULE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The database, as sqlite:PATH or postgres://USER@HOST/DATABASE [default: vestibule.db in the data folder].
    #[arg(long, global = true, value_name = "URL", env = "VESTIBULE_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<DatabaseUrl>,
    /// The file with the password of the database's user.
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_DATABASE_PASSWORD_FILE")]
    pub(crate) database_password_file: Option<PathBuf>,
    /// The file with the seal key [default: seal.key in the data folder].
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_SEAL_KEY_FILE")]
    pub(crate) seal_key_file: Option<PathBuf>,
    /// What links begin with [default: what the last serve had].
    #[arg(long, global = true, value_name = "URL", env = "VESTIBULE_PUBLIC_URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,
    /// Machine-readable output.
    #[arg(long, global = true, env = "VESTIBULE_JSON", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value = "false", default_missing_value = "true", require_equals = true, hide_default_value = true, hide_possible_values = true)]
    pub(crate) json: bool,
    /// What to log: error, warn, info, debug, trace, or a filter such as vestibule_store=debug,warn.
    #[arg(long, global = true, value_name = "FILTER", env = "VESTIBULE_LOG", value_parser = log_filter)]
    pub(crate) log: Option<String>,
    /// How log lines look.
    #[arg(long, global = true, value_name = "FORMAT", env = "VESTIBULE_LOG_FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it: a service for localhost with a key and an invite, gone when it ends.
    Demo(DemoArgs),
    /// Run the service.
    Serve(ServeArgs),
    /// Check the way from the XMPP server to here and back, and say what to mend.
    Doctor(DoctorArgs),
    /// Make, list and delete API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Make, list, show and revoke invites.
    #[command(subcommand)]
    Invites(InvitesCommand),
    /// Move everything from one database to another, and leave the first as it is.
    MigrateStore(MigrateStoreArgs),
    /// API keys in the words of Prosody's mod_invites_api.
    #[command(name = "mod_invites_api", subcommand)]
    ModInvitesApi(ModInvitesApiCommand),
}

#[derive(Args, Debug)]
pub(crate) struct MigrateStoreArgs {
    /// The database to move, as sqlite:PATH or postgres://USER@HOST/DATABASE; no service may run on it.
    #[arg(long, value_name = "URL")]
    pub(crate) from: DatabaseUrl,
    /// Where to: an empty database, or one that an earlier attempt has filled in part.
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
    /// Make a key and print it, this once.
    Create {
        /// The host it is for.
        host: String,
        /// What to call it.
        #[arg(value_parser = key_name)]
        name: Option<String>,
        /// What it may do: invites:create, invites:read, invites:manage, redeem, keys:manage, or bridge for
        /// all of them.
        #[arg(long, value_name = "SCOPE,...", default_value = "invites:create", value_parser = scopes)]
        scope: Scopes,
        /// How long it lives, as 90d [default: for ever].
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        expires: Option<Duration>,
        /// How fast it may be used, as 60/min [default: no limit].
        #[arg(long, value_name = "N/PERIOD")]
        rate: Option<Rate>,
    },
    /// List the keys of a host.
    List(HostArg),
    /// Delete a key; it is dead at once.
    Delete(KeyArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum InvitesCommand {
    /// Make invites and print their links.
    Create(CreateArgs),
    /// List the invites of a host, newest first.
    List {
        /// The host.
        host: String,
        /// Only those in this state: pending, used, expired or revoked.
        #[arg(long)]
        state: Option<State>,
    },
    /// Count the invites of a host.
    Count {
        /// The host.
        host: String,
        /// Only those in this state: pending, used, expired or revoked.
        #[arg(long)]
        state: Option<State>,
    },
    /// Show one invite, with its link and who came in by it.
    Show {
        /// The host.
        host: String,
        /// Its id or its token.
        #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
        invite: String,
    },
    /// Take an invite back.
    Revoke {
        /// The host.
        host: String,
        /// Its id or its token.
        #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
        invite: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The host, or the address that the invite is for.
    #[arg(value_name = "HOST|USER@HOST")]
    pub(crate) address: String,
    /// account, account-and-contact, contact or password-reset [default: account, or account-and-contact
    /// with --contact].
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// Who invites, and becomes the first contact.
    #[arg(long, value_name = "USER")]
    pub(crate) contact: Option<String>,
    /// How often it may be used: a number, or unlimited.
    #[arg(long, value_name = "N", default_value = "1", value_parser = uses)]
    pub(crate) uses: Uses,
    /// How long it is good, as 7d [default: the host's invite_expiry].
    #[arg(long, value_name = "DURATION", value_parser = expiry)]
    pub(crate) expires: Option<Duration>,
    /// A group that the new account joins; may be given several times.
    #[arg(long, value_name = "GROUP", value_parser = label)]
    pub(crate) group: Vec<String>,
    /// A role that the new account gets; may be given several times.
    #[arg(long, value_name = "ROLE", value_parser = label)]
    pub(crate) role: Vec<String>,
    /// A remark for yourself.
    #[arg(long, value_name = "TEXT", value_parser = note)]
    pub(crate) note: Option<String>,
    /// How many invites to make.
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) count: u32,
    /// Print CSV with a header row instead of links.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Also write a sheet with a card and a QR code for each invite, to print and cut apart; FILE ends in
    /// .pdf or .html.
    #[arg(long, value_name = "FILE", value_parser = SheetFile::parse)]
    pub(crate) qr_sheet: Option<SheetFile>,
}

/// How often an invite may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses(pub(crate) Option<u32>);

#[derive(Debug, Subcommand)]
pub(crate) enum ModInvitesApiCommand {
    /// Make a key and print it, this once.
    Create {
        /// The host it is for.
        host: String,
        /// What to call it.
        #[arg(value_parser = key_name)]
        name: Option<String>,
    },
    /// List the keys of a host.
    List(HostArg),
    /// Delete a key; it is dead at once.
    Delete(KeyArgs),
}
