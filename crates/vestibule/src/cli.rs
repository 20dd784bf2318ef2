//! The command line.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

mod admin;
mod backup;
mod demo;
mod doctor;
mod generated;
mod hosts;
mod invites;
mod keys;
mod prosody;
mod serve;
mod usage;
mod values;
mod variable;

use std::path::PathBuf;

use clap::{ArgGroup, Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

pub(crate) use self::values::log_filter;
use self::values::public_url;
pub(crate) use self::{
    admin::AdminCommand,
    backup::{BackupArgs, RestoreArgs},
    demo::DemoArgs,
    doctor::DoctorArgs,
    generated::{CompletionsArgs, ManArgs, Shell},
    hosts::{ConfigCommand, EventsArgs, HostsCommand, MembersCommand},
    invites::{CreateArgs, EditArgs, FilterArgs, InviteArgs, InvitesCommand, ListArgs, RevokeArgs},
    keys::{CreateKeyArgs, KeysCommand, ModInvitesApiCommand},
    prosody::ProsodyCommand,
    serve::{HttpArgs, ListenArgs, ServeArgs, listen_address},
};
use crate::{config::DatabaseUrl, logs::LogFormat, sheet};

/// Creates, shows and redeems invites for XMPP servers.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Parses the command line. Exits with status 2 on wrong usage.
    pub(crate) fn read() -> Self {
        let mut command = variable::without_empty(Self::command());
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        let cli = matches
            .and_then(|matches| Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command)))
            .unwrap_or_else(|error| usage::exit(error));
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
#[command(next_help_heading = "Global options")]
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
    /// Create, list, show, edit and revoke invites.
    #[command(subcommand)]
    Invites(InvitesCommand),
    /// Log in to the console, the pages for operators.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Show who joined, and stop members from inviting.
    #[command(subcommand)]
    Members(MembersCommand),
    /// Print the audit log of a host, oldest first.
    Events(EventsArgs),
    /// List, add and remove hosts.
    #[command(subcommand)]
    Hosts(HostsCommand),
    /// Check and print the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Import the invites and API keys of Prosody's own modules.
    Import(ImportArgs),
    /// Write a backup of the database while the service runs.
    Backup(BackupArgs),
    /// Replace the database by a backup, and list what is valid again.
    Restore(RestoreArgs),
    /// Copy everything from one database to another; the source is not modified.
    MigrateStore(MigrateStoreArgs),
    /// Manage API keys with the commands of Prosody's mod_invites_api.
    #[command(name = "mod_invites_api", subcommand)]
    ModInvitesApi(ModInvitesApiCommand),
    /// Print the completions for a shell.
    Completions(CompletionsArgs),
    /// Write the manual pages.
    Man(ManArgs),
}

#[derive(Args, Debug)]
#[command(override_usage = "vestibule import [OPTIONS] <HOST> <FILE|--prosody-data <DIR>>")]
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
