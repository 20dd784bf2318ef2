//! The commands, one file each.

mod admin;
mod audit_log;
mod backup;
mod config;
mod demo;
mod descriptors;
mod doctor;
mod events;
mod generated;
mod health;
mod hosts;
mod import;
mod invites;
mod keys;
mod maintenance;
mod members;
mod migrate_store;
mod prosody;
mod purge;
mod reload;
mod restore;
mod serve;

use tokio::runtime::Builder;

use crate::{
    bootstrap,
    cli::{
        AdminCommand, Cli, Command, ConfigCommand, HostsCommand, InvitesCommand, KeysCommand, MembersCommand,
        ModInvitesApiCommand, ProsodyCommand,
    },
    cli_error::CliError,
    config::Settings,
    logs,
    traces::Traces,
};

/// Runs a command that needs no valid settings; `None` if it needs them.
pub(crate) fn run_without_settings(cli: &Cli) -> Option<Result<(), CliError>> {
    match &cli.command {
        Command::Config(ConfigCommand::Check) => Some(config::check(cli)),
        Command::Completions(args) => Some(generated::completions(args.shell)),
        Command::Man(args) => Some(generated::man(&args.dir)),
        _ => None,
    }
}

/// Runs a command.
pub(crate) fn run(cli: Cli) -> Result<(), CliError> {
    let settings = &Settings::gather(&cli)?;
    let traces = match (&cli.command, &settings.http.otlp_endpoint) {
        (Command::Serve(_) | Command::Demo(_), Some(collector)) => Some(Traces::start(collector)?),
        _ => None,
    };
    logs::start(&settings.log, settings.log_format, traces.as_ref())?;
    let mut runtime = match cli.command {
        Command::Serve(_) | Command::Demo(_) => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build()?;
    let outcome = runtime.block_on(async {
        let outcome = match cli.command {
            Command::Demo(args) => demo::run(settings, &args).await,
            Command::Serve(_) => serve::run(settings, || Settings::gather(&cli)).await,
            Command::Doctor(args) => doctor::run(settings, &args).await,
            Command::Import(args) => import::run(settings, &args).await,
            Command::Backup(args) => backup::run(settings, &args).await,
            Command::Restore(args) => restore::run(settings, &args),
            Command::MigrateStore(args) => migrate_store::run(settings, &args).await,
            Command::Health(_) => health::run(settings).await,
            Command::Prosody(ProsodyCommand::Install { directory }) => prosody::install(settings, &directory),
            Command::Keys(command) => keys(command, settings).await,
            Command::Invites(command) => invites(command, settings).await,
            Command::Admin(AdminCommand::LoginLink { host, name }) => {
                admin::login_link(settings, host.as_deref(), &name).await
            }
            Command::Members(command) => members(command, settings).await,
            Command::Events(args) => events::run(settings, &args).await,
            Command::Hosts(command) => hosts(command, settings).await,
            Command::Config(ConfigCommand::Show) => config::show(settings).await,
            Command::ModInvitesApi(command) => mod_invites_api(command, settings).await,
            Command::Completions(_) | Command::Man(_) | Command::Config(ConfigCommand::Check) => Ok(()),
        };
        match outcome {
            Err(error) => Err(bootstrap::name_hosts(settings, error).await),
            done => done,
        }
    });
    if let Some(traces) = traces {
        traces.end();
    }
    outcome
}

async fn keys(command: KeysCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        KeysCommand::Create(args) => keys::create(settings, args).await,
        KeysCommand::List(args) => keys::list(settings, args.host.as_deref(), args.long).await,
        KeysCommand::Delete { first, second: Some(id) } => keys::delete(settings, Some(&first), &id).await,
        KeysCommand::Delete { first: id, second: None } => keys::delete(settings, None, &id).await,
    }
}

async fn invites(command: InvitesCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        InvitesCommand::Create(args) => invites::create(settings, args).await,
        InvitesCommand::List(args) => invites::list(settings, &args).await,
        InvitesCommand::Count(args) => invites::count(settings, &args).await,
        InvitesCommand::Show(args) => invites::show(settings, &args).await,
        InvitesCommand::Edit(args) => invites::edit(settings, &args).await,
        InvitesCommand::Revoke(args) => invites::revoke(settings, &args).await,
    }
}

async fn hosts(command: HostsCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        HostsCommand::List => hosts::list(settings).await,
        HostsCommand::Add { host } => hosts::add(settings, &host).await,
        HostsCommand::Remove { host, yes } => hosts::remove(settings, &host, yes).await,
    }
}

async fn members(command: MembersCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        MembersCommand::List { host } => members::list(settings, host.as_deref()).await,
        MembersCommand::Show { host, user } => members::show(settings, host.as_deref(), &user).await,
        MembersCommand::Stop { host, user } => {
            members::set_may_invite(settings, host.as_deref(), &user, false).await
        }
        MembersCommand::Allow { host, user } => {
            members::set_may_invite(settings, host.as_deref(), &user, true).await
        }
        MembersCommand::Revoke { host, user, branch } => {
            members::revoke(settings, host.as_deref(), &user, branch).await
        }
    }
}

/// The commands of the original, with its exact words for an unknown host.
async fn mod_invites_api(command: ModInvitesApiCommand, settings: &Settings) -> Result<(), CliError> {
    let outcome = match command {
        ModInvitesApiCommand::Create { host, name } => keys::create_plain(settings, &host, name).await,
        ModInvitesApiCommand::List(of) => keys::list_plain(settings, &of.host).await,
        ModInvitesApiCommand::Delete(key) => keys::delete_plain(settings, &key.host, &key.id).await,
    };
    outcome.map_err(|error| match error {
        CliError::UnknownHost { .. } => CliError::message("please supply a valid host"),
        other => other,
    })
}
