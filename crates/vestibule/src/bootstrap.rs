//! Opens the database and builds the service from the settings.

mod of_host;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::Arc,
};

use tracing::warn;
use vestibule_core::{
    Accounts, Clock, Host, HostPolicy, InviteService, NoopObserver, Observer, Policies, Randomness,
    Registrar, SealKey, Setting, Store,
};
use vestibule_store::{Database, Options, open};
use vestibule_web::{Links, SiteConfig};
use vestibule_xmpp::InBand;

pub(crate) use self::of_host::{host, known_host, name_hosts, only_host, open_about, open_for};

use crate::{
    cli_error::CliError,
    config::{self, AccountsSettings, ConfigError, DEFAULT_LISTEN, HostSettings, Settings},
    data_dir,
    preview::Painter,
    registrar::{BridgedRegistrar, ClaimingRegistrar, HostRegistrar, Registrars},
    seal_file::{self, SealFileError},
    system::{SystemClock, SystemRandomness, check_clock},
};

/// Opens the database and the seal key, and stores the configured hosts. Never creates a database: an empty one would
/// hide a wrong path. Must be called inside a tokio runtime.
pub(crate) async fn open_service(settings: &Settings) -> Result<InviteService, CliError> {
    require_data(settings).await?;
    let policies = Arc::new(Policies::default());
    policies.replace(host_policies(settings));
    open_database(settings, Arc::new(NoopObserver), policies).await
}

/// Reports a missing database, and names the directory.
pub(crate) async fn require_data(settings: &Settings) -> Result<(), CliError> {
    let database = &settings.database;
    if !database.is_missing().await {
        return Ok(());
    }
    let location = if *database == Database::in_directory(&settings.data_dir) {
        directory_looked_at(&settings.data_dir)
    } else {
        database.to_string()
    };
    Err(CliError::message(format!("there is no Vestibule data in {location}")))
}

/// The data directory, with its absolute path if it was given by a relative one.
fn directory_looked_at(directory: &Path) -> String {
    let given = directory.display();
    match std::path::absolute(directory) {
        Ok(absolute) if absolute != directory => format!("{given} ({})", absolute.display()),
        _ => given.to_string(),
    }
}

/// Like [`open_service`], but creates the data directory and the database if they are missing, and attaches an
/// observer. The policies can be replaced later.
pub(crate) async fn open_with_observer(
    settings: &Settings,
    observer: Arc<dyn Observer>,
    policies: Arc<Policies>,
) -> Result<InviteService, CliError> {
    // An impossible clock is reported before anything is created.
    check_clock(SystemClock.now())?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&settings.data_dir).map_err(|error| {
        let directory = settings.data_dir.display();
        CliError::message(format!(
            "cannot create the data directory {directory}: {error}; choose another one with --data-dir"
        ))
    })?;
    policies.replace(host_policies(settings));
    open_database(settings, observer, policies).await
}

async fn open_database(
    settings: &Settings,
    observer: Arc<dyn Observer>,
    policies: Arc<Policies>,
) -> Result<InviteService, CliError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    check_clock(clock.now())?;
    data_dir::check(settings, &settings.database)?;
    let options = Options {
        observer,
        shared_clock: true,
        connections: settings.database_connections,
        traced: settings.http.otlp_endpoint.is_some(),
        ..Options::new(clock, policies)
    };
    let store = open(&settings.database, options).await?;
    let clock = store.clock();
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness::default());
    let seal = seal_key(settings, &*store, &*randomness).await?;
    store_hosts(settings, &*store).await?;
    Ok(InviteService::new(store, clock, randomness, Arc::new(seal)))
}

/// Stores the configured hosts that are new.
pub(crate) async fn store_hosts(settings: &Settings, store: &dyn Store) -> Result<(), CliError> {
    let stored_hosts = store.hosts().await?;
    for host in &settings.hosts {
        if !stored_hosts.contains(&host.host) {
            store.add_host(&host.host).await?;
        }
    }
    Ok(())
}

/// The seal key of this database: the one in the file, or a new one for a new database.
async fn seal_key(
    settings: &Settings,
    store: &dyn Store,
    randomness: &dyn Randomness,
) -> Result<SealKey, CliError> {
    let path = &settings.seal_key_file;
    let check = store.setting(Setting::SealCheck).await?;
    let key = match (seal_file::read(path)?, &check) {
        (Some(key), Some(_)) => key,
        (Some(key), None) => {
            warn!(
                "the database {} is new, but the seal key {} was there already: if it belonged to a database that is \
                 lost, stop the service and bring that one back with `vestibule restore FILE`",
                settings.database,
                path.display()
            );
            key
        }
        (None, None) => seal_file::create(path, randomness)?,
        (None, Some(_)) => return Err(SealFileError::Missing(path.clone()).into()),
    };
    let check = match check {
        Some(check) => check,
        None => store.set_setting_if_absent(Setting::SealCheck, &key.check_value()).await?,
    };
    if key.fits(&check) { Ok(key) } else { Err(SealFileError::OtherDatabase(path.clone()).into()) }
}

/// The policies of the configured hosts.
pub(crate) fn host_policies(settings: &Settings) -> impl Iterator<Item = (Host, HostPolicy)> {
    settings.hosts.iter().map(|host| {
        let default = HostPolicy::default();
        let policy = HostPolicy {
            invite_expiry: host.invite_expiry.unwrap_or(default.invite_expiry),
            reserved_usernames: host.reserved_usernames.clone().unwrap_or(default.reserved_usernames),
            inviter_limits: host.inviter_limits.clone(),
        };
        (host.host.clone(), policy)
    })
}

/// The registrars of the configured hosts.
pub(crate) fn registrars(settings: &Settings, invite_service: &InviteService) -> Registrars {
    let claiming = |accounts: Arc<dyn Accounts>| {
        Some(HostRegistrar::Claiming(Box::new(ClaimingRegistrar::new(accounts, invite_service.clone()))))
    };
    let registrar = |host: &HostSettings| match &host.accounts {
        AccountsSettings::InBand => None,
        AccountsSettings::None => Some(HostRegistrar::None),
        AccountsSettings::EjabberdApi { url, credentials, trust } => {
            claiming(Arc::new(config::ejabberd_api(url, credentials, trust)))
        }
        AccountsSettings::AdminCommands { admin, password } => {
            claiming(Arc::new(config::admin_commands(host.route.as_ref(), &host.host, admin, password)))
        }
    };
    let of_host = settings.hosts.iter().filter_map(|host| Some((host.host.clone(), registrar(host)?)));
    Registrars::new(BridgedRegistrar::new(in_band(settings), invite_service.clone()), of_host.collect())
}

/// The configuration of the web pages.
pub(crate) fn site_config(
    settings: &Settings,
    registrar: Arc<dyn Registrar>,
) -> Result<SiteConfig, ConfigError> {
    let site = |host: &HostSettings| {
        let site = host.branding.site(&format!("[hosts.\"{}\"]", host.host))?;
        let site = if host.accounts.lets_apps_redeem() { site } else { site.browser_only() };
        Ok((host.host.to_string(), site))
    };
    let sites = settings.hosts.iter().map(site).collect::<Result<_, ConfigError>>()?;
    let templates = config::templates(settings.templates_dir.as_deref())?;
    Ok(SiteConfig {
        sites,
        templates,
        registrar: Some(registrar),
        painter: Some(Arc::new(Painter::default())),
    })
}

/// The faults of the configuration of the web pages.
pub(crate) fn site_faults(settings: &Settings) -> Vec<CliError> {
    let site = |host: &HostSettings| host.branding.site(&format!("[hosts.\"{}\"]", host.host)).err();
    let mut faults: Vec<_> = settings.hosts.iter().filter_map(site).collect();
    faults.extend(config::templates(settings.templates_dir.as_deref()).err());
    faults.into_iter().map(CliError::from).collect()
}

/// The client that registers accounts on the XMPP servers, by configured routes or else by DNS.
pub(crate) fn in_band(settings: &Settings) -> InBand {
    let way = |host: &HostSettings| Some((host.host.clone(), host.route.clone()?));
    InBand::new(settings.hosts.iter().filter_map(way).collect())
}

/// Builds links below `public_url`, and below the public URLs of hosts that have their own.
pub(crate) fn links(settings: &Settings, public_url: &str) -> Result<Links, CliError> {
    let mut links = Links::new(public_url).map_err(|error| ConfigError::value("public_url", error))?;
    for host in &settings.hosts {
        if let Some(template) = &host.landing_url {
            links.set_external(host.host.as_str(), template);
        }
        if let Some(url) = &host.public_url {
            let setting = format!("[hosts.\"{}\"] public_url", host.host);
            let set = links.set_base(host.host.as_str(), url);
            set.map_err(|error| ConfigError::value(setting, error))?;
        }
    }
    Ok(links)
}

/// Builds the same links in a command as the service does.
pub(crate) async fn remembered_links(
    settings: &Settings,
    invite_service: &InviteService,
) -> Result<Links, CliError> {
    let public_url = if let Some(url) = &settings.public_url {
        url.clone()
    } else {
        let listen = settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN);
        remembered_url(invite_service).await?.unwrap_or_else(|| format!("http://{listen}"))
    };
    let mut links = links(settings, &public_url)?;
    let remembered = invite_service.store().setting(Setting::HostUrls).await?.unwrap_or_default();
    for (host, url) in remembered.lines().filter_map(|line| line.split_once(' ')) {
        if !settings.hosts.iter().any(|known| known.host.as_str() == host) {
            // A URL of an older configuration that does not fit the common one is ignored.
            let _ = links.set_base(host, url);
        }
    }
    Ok(links)
}

/// The hosts with a public URL of their own, for [`Setting::HostUrls`].
pub(crate) fn host_urls(links: &Links) -> String {
    let mut urls: Vec<_> = links.host_bases().map(|(host, url)| format!("{host} {url}")).collect();
    urls.sort();
    urls.join("\n")
}

/// The public URL that was configured last. Unspecified addresses are ignored.
pub(crate) async fn remembered_public_url(
    invite_service: &InviteService,
) -> Result<Option<String>, CliError> {
    let remembered = invite_service.store().setting(Setting::PublicUrl).await?;
    let unspecified = ["http://0.0.0.0", "http://[::]"];
    Ok(remembered.filter(|url| !unspecified.iter().any(|address| url.starts_with(address))))
}

/// The base URL of links of the last `serve`, if any.
pub(crate) async fn remembered_url(invite_service: &InviteService) -> Result<Option<String>, CliError> {
    match remembered_public_url(invite_service).await? {
        Some(url) => Ok(Some(url)),
        None => Ok(invite_service.store().setting(Setting::ListenUrl).await?),
    }
}

/// The address at which a service listening on `address` is reached from this system.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        named => named,
    };
    SocketAddr::new(ip, address.port())
}

/// Like [`reachable`], for an address given as text. A host name stays as it is.
pub(crate) fn reachable_text(listen: &str) -> String {
    listen.parse::<SocketAddr>().map_or_else(|_| listen.to_owned(), |address| reachable(address).to_string())
}
