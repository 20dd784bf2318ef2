//! `config check|show`.

use serde_json::{Map, Value, json};
use vestibule_core::format_duration;

use crate::{
    bootstrap,
    cli::Cli,
    cli_error::CliError,
    config::{AccountsSettings, DEFAULT_LISTEN, HostSettings, Settings},
    data_dir,
    fields::{Lists, print_fields},
    seal_file,
    terminal::escape_for_terminal,
};

/// Checks the configuration without starting: prints one line for each fault.
pub(super) fn check(cli: &Cli) -> Result<(), CliError> {
    let faults = match Settings::gather_all(cli) {
        Ok(settings) => {
            let mut faults = faults(&settings);
            if faults.is_empty() && !may_have_host(&settings)? {
                faults.push(CliError::NoHost);
            }
            faults
        }
        Err(faults) => faults,
    };
    let Some((last, others)) = faults.split_last() else { return Ok(()) };
    for fault in others {
        eprintln!("Error: {}", escape_for_terminal(&fault.to_string()));
    }
    Err(CliError::message(last.to_string()))
}

/// The faults of settings that are only found when they are used: files, directories, templates.
fn faults(settings: &Settings) -> Vec<CliError> {
    let mut faults = bootstrap::site_faults(settings);
    let mut note = |outcome: Result<(), CliError>| faults.extend(outcome.err());
    let url = settings.public_url.clone().unwrap_or_else(|| format!("http://{DEFAULT_LISTEN}"));
    note(bootstrap::links(settings, &url).map(drop));
    // Without a directory, nothing in it can be checked.
    let place = if settings.data_dir_named { data_dir::check_place(settings) } else { Ok(()) };
    if place.is_ok() {
        note(data_dir::check(settings, &settings.database).map_err(CliError::from));
        note(seal_file::read(&settings.seal_key_file).map(drop).map_err(CliError::from));
    }
    note(place.map_err(CliError::from));
    faults
}

/// Whether the service may have a host: a database may contain one. It is not opened, because that would migrate it.
fn may_have_host(settings: &Settings) -> Result<bool, CliError> {
    if !settings.hosts.is_empty() {
        return Ok(true);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(!runtime.block_on(settings.database.is_missing()))
}

/// Prints the settings that are in effect. Passwords and keys are not printed.
pub(super) async fn show(settings: &Settings) -> Result<(), CliError> {
    let stored = stored(settings).await.unwrap_or_else(|error| {
        let error = error.to_string();
        eprintln!("Note: what the database contains is not shown: {}", escape_for_terminal(&error));
        Stored::default()
    });
    Ok(print_fields(&view(settings, &stored), Lists::Words, settings.json)?)
}

/// What the database adds to the configuration.
#[derive(Default)]
struct Stored {
    hosts: Vec<String>,
    public_url: Option<String>,
}

async fn stored(settings: &Settings) -> Result<Stored, CliError> {
    if settings.database.is_missing().await {
        return Ok(Stored::default());
    }
    let invite_service = bootstrap::open_service(settings).await?;
    let hosts = invite_service.store().hosts().await?;
    Ok(Stored {
        hosts: hosts.iter().map(ToString::to_string).collect(),
        public_url: bootstrap::remembered_url(&invite_service).await?,
    })
}

fn view(settings: &Settings, stored: &Stored) -> Value {
    let mut hosts: Vec<String> = settings.hosts.iter().map(|host| host.host.to_string()).collect();
    hosts.extend(stored.hosts.iter().filter(|host| !hosts.contains(host)).cloned().collect::<Vec<_>>());
    hosts.sort();
    json!({
        "config": settings.config_file.as_ref().map(|path| path.display().to_string()),
        "data_dir": settings.data_dir.display().to_string(),
        "database": settings.database.to_string(),
        "seal_key_file": settings.seal_key_file.display().to_string(),
        "listen": settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN),
        "public_url": settings.public_url.as_ref().or(stored.public_url.as_ref()),
        "hosts": hosts,
        "accounts": accounts(settings),
        "keep_invites": format_duration(settings.keep_invites),
        "keep_events": format_duration(settings.keep_events),
        "keep_members": settings.keep_members.map_or_else(|| "forever".to_owned(), format_duration),
        "log": settings.service_log,
        "otlp_endpoint": settings.http.otlp_endpoint,
        "templates_dir": settings.templates_dir.as_ref().map(|path| path.display().to_string()),
    })
}

/// How accounts are created in the browser, for hosts where that is configured.
fn accounts(settings: &Settings) -> Value {
    let of_host = |host: &HostSettings| (host.host.to_string(), json!(host.accounts.name()));
    let is_set = |host: &&HostSettings| !matches!(host.accounts, AccountsSettings::InBand);
    let accounts: Map<_, _> = settings.hosts.iter().filter(is_set).map(of_host).collect();
    if accounts.is_empty() { Value::Null } else { accounts.into() }
}
