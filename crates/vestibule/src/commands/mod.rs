//! The commands, one file each.

mod backup;
mod demo;
mod descriptors;
mod doctor;
mod generated;
mod import;
mod invites;
mod keys;
mod maintenance;
mod migrate_store;
mod purge;
mod restore;
mod serve;

use tokio::runtime::Builder;

use crate::{
    cli::{Command, InvitesCommand, KeysCommand, ModInvitesApiCommand},
    cli_error::CliError,
    config::Settings,
    logs,
    traces::Traces,
};

/// Runs a command that needs no settings; `None` if it needs them.
pub(crate) fn run_without_settings(command: &Command) -> Option<Result<(), CliError>> {
    match command {
        Command::Completions(args) => Some(generated::completions(args.shell)),
        Command::Man(args) => Some(generated::man(&args.dir)),
        _ => None,
    }
}

/// Runs a command.
pub(crate) fn run(command: Command, settings: &Settings) -> Result<(), CliError> {
    let traces = match (&command, &settings.http.otlp_endpoint) {
        (Command::Serve(_) | Command::Demo(_), Some(collector)) => Some(Traces::start(collector)?),
        _ => None,
    };
    logs::start(&settings.log, settings.log_format, traces.as_ref())?;
    let mut runtime = match command {
        Command::Serve(_) | Command::Demo(_) => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Demo(args) => demo::run(settings, &args).await,
            Command::Serve(_) => serve::run(settings).await,
            Command::Doctor(args) => doctor::run(settings, &args).await,
            Command::Import(args) => import::run(settings, &args).await,
            Command::Backup(args) => backup::run(settings, &args).await,
            Command::Restore(args) => restore::run(settings, &args),
            Command::MigrateStore(args) => migrate_store::run(settings, &args).await,
            Command::Keys(command) => keys(command, settings).await,
            Command::Invites(command) => invites(command, settings).await,
            Command::ModInvitesApi(command) => mod_invites_api(command, settings).await,
            Command::Completions(_) | Command::Man(_) => Ok(()),
        }
    });
    if let Some(traces) = traces {
        traces.end();
    }
    outcome
}

async fn keys(command: KeysCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        KeysCommand::Create { host, name, scope, expires, rate } => {
            let request = keys::Request { name, scopes: Some(scope), expires, rate };
            keys::create(settings, &host, request).await
        }
        KeysCommand::List(of) => keys::list(settings, &of.host).await,
        KeysCommand::Delete(key) => keys::delete(settings, &key.host, &key.id).await,
    }
}

async fn invites(command: InvitesCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        InvitesCommand::Create(args) => invites::create(settings, args).await,
        InvitesCommand::List { host, state } => invites::list(settings, &host, state).await,
        InvitesCommand::Count { host, state } => invites::count(settings, &host, state).await,
        InvitesCommand::Show { host, invite } => invites::show(settings, &host, &invite).await,
        InvitesCommand::Revoke { host, invite } => invites::revoke(settings, &host, &invite).await,
    }
}

async fn mod_invites_api(command: ModInvitesApiCommand, settings: &Settings) -> Result<(), CliError> {
    match command {
        ModInvitesApiCommand::Create { host, name } => {
            let request = keys::Request { name, ..keys::Request::default() };
            keys::create(settings, &host, request).await
        }
        ModInvitesApiCommand::List(of) => keys::list(settings, &of.host).await,
        ModInvitesApiCommand::Delete(key) => keys::delete(settings, &key.host, &key.id).await,
    }
}
