//! The commands, one file each.

mod demo;
mod descriptors;
mod doctor;
mod health;
mod import;
mod invites;
mod keys;
mod maintenance;
mod migrate_store;
mod prosody;
mod purge;
mod reload;
mod serve;

use tokio::runtime::Builder;

use crate::{
    cli::{Cli, Command, InvitesCommand, KeysCommand, ModInvitesApiCommand, ProsodyCommand},
    cli_error::CliError,
    config::Settings,
    logs,
    traces::Traces,
};

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
        match cli.command {
            Command::Demo(args) => demo::run(settings, &args).await,
            Command::Serve(_) => serve::run(settings, || Settings::gather(&cli)).await,
            Command::Doctor(args) => doctor::run(settings, &args).await,
            Command::Import(args) => import::run(settings, &args).await,
            Command::MigrateStore(args) => migrate_store::run(settings, &args).await,
            Command::Health(_) => health::run(settings).await,
            Command::Prosody(ProsodyCommand::Install { directory }) => prosody::install(settings, &directory),
            Command::Keys(command) => keys(command, settings).await,
            Command::Invites(command) => invites(command, settings).await,
            Command::ModInvitesApi(command) => mod_invites_api(command, settings).await,
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
