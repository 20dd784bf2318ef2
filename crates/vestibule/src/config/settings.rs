//! The effective settings.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use vestibule_core::{Host, MAX_EXPIRY, ReservedUsernames, Username, parse_duration};
use vestibule_store::{DEFAULT_CONNECTIONS, Database};
use vestibule_web::{Limits, Links};
use vestibule_xmpp::Route;

use super::{Branding, ConfigError, DatabaseUrl, HttpSettings, file, limits, xmpp};
use crate::{
    cli::{Cli, Command, HttpArgs},
    cli_error::CliError,
    logs::LogFormat,
};

/// The default listen address.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:8280";

/// The configuration file of the Debian package.
const DEFAULT_CONFIG: &str = "/etc/vestibule/vestibule.toml";

/// Default retention of audit events.
const DEFAULT_KEEP_EVENTS: Duration = Duration::from_hours(400 * 24);

/// Default retention of invites after they are used, expired or revoked.
const DEFAULT_KEEP: Duration = Duration::from_hours(90 * 24);

/// The effective settings, validated.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file.
    pub(crate) config_file: Option<PathBuf>,
    pub(crate) data_dir: PathBuf,
    /// Whether the data directory was given explicitly.
    pub(crate) data_dir_named: bool,
    pub(crate) database: Database,
    /// The database password, if a password file is configured.
    pub(crate) database_password: Option<SecretString>,
    /// Size of the connection pool (PostgreSQL).
    pub(crate) database_connections: u32,
    pub(crate) seal_key_file: PathBuf,
    /// `None` means the default.
    pub(crate) listen: Option<String>,
    /// `None` means the stored one, else the listen address.
    pub(crate) public_url: Option<String>,
    pub(crate) hosts: Vec<HostSettings>,
    pub(crate) keep_invites: Duration,
    pub(crate) keep_events: Duration,
    pub(crate) limits: Limits,
    pub(crate) json: bool,
    pub(crate) log: String,
    pub(crate) log_format: LogFormat,
    pub(crate) http: HttpSettings,
    /// Directory of custom templates.
    pub(crate) templates_dir: Option<PathBuf>,
}

/// Settings of one host.
#[derive(Clone, Debug)]
pub(crate) struct HostSettings {
    pub(crate) host: Host,
    pub(crate) branding: Branding,
    pub(crate) invite_expiry: Option<Duration>,
    /// Usernames that invites cannot register. `None` means the default list.
    pub(crate) reserved_usernames: Option<ReservedUsernames>,
    pub(crate) landing_url: Option<String>,
    /// The base of its links. `None` means that of all hosts.
    pub(crate) public_url: Option<String>,
    /// The route to the XMPP server. `None` means SRV lookup.
    pub(crate) route: Option<Route>,
}

impl HostSettings {
    /// A host with default settings.
    fn plain(host: Host) -> Self {
        Self {
            host,
            branding: Branding::default(),
            invite_expiry: None,
            reserved_usernames: None,
            landing_url: None,
            public_url: None,
            route: None,
        }
    }
}

impl Settings {
    /// Gathers the settings from the command line, the environment (which `clap` reads) and the file.
    pub(crate) fn gather(cli: &Cli) -> Result<Self, CliError> {
        Self::gather_all(cli).map_err(|faults| {
            faults.into_iter().next().unwrap_or_else(|| CliError::message("the configuration is invalid"))
        })
    }

    /// Like [`Settings::gather`], but reports all faults.
    pub(crate) fn gather_all(cli: &Cli) -> Result<Self, Vec<CliError>> {
        // The demo is independent of an installation.
        let installed = || Some(PathBuf::from(DEFAULT_CONFIG)).filter(|path| path.exists());
        let config_file = match &cli.global.config {
            Some(path) => Some(path.clone()),
            None if matches!(cli.command, Command::Demo(_)) => None,
            None => installed(),
        };
        let file = match &config_file {
            Some(path) => file::File::read(path).map_err(|error| vec![error.into()])?,
            None => file::File::default(),
        };
        let mut faults = Faults::default();
        let http = faults.keep(match &cli.command {
            Command::Serve(serve) => HttpSettings::gather(&serve.http, &file),
            _ => HttpSettings::gather(&HttpArgs::default(), &file),
        });
        let limits = faults.keep(limits::gather(&file));
        let global = &cli.global;
        let data_dir = global.data_dir.clone().or(file.data_dir.map(PathBuf::from));
        let data_dir_named = data_dir.is_some();
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("./vestibule-data"));
        let database = faults.keep(database(global.database.as_ref(), file.database.as_ref(), &data_dir));
        let password_file =
            global.database_password_file.clone().or(file.database_password_file.map(PathBuf::from));
        let database_password = faults.keep(password_file.as_deref().map(password).transpose()).flatten();
        let seal_key_file = global
            .seal_key_file
            .clone()
            .or(file.seal_key_file.map(PathBuf::from))
            .unwrap_or_else(|| data_dir.join("seal.key"));
        let configured = file.hosts.into_iter().map(host_settings);
        let mut hosts: Vec<HostSettings> = configured.filter_map(|host| faults.keep(host)).collect();
        for host in named_hosts(&cli.command) {
            if !hosts.iter().any(|known| known.host == *host) {
                hosts.push(HostSettings::plain(host.clone()));
            }
        }
        let keep_invites = faults.keep(duration("keep_invites", file.keep_invites.as_deref(), DEFAULT_KEEP));
        let keep_events =
            faults.keep(duration("keep_events", file.keep_events.as_deref(), DEFAULT_KEEP_EVENTS));
        let log = global.log.clone().or(file.log).unwrap_or_else(|| default_log(&cli.command).to_owned());
        let (Some(http), Some(limits), Some(database), Some(keep_invites), Some(keep_events), true) =
            (http, limits, database, keep_invites, keep_events, faults.0.is_empty())
        else {
            return Err(faults.0);
        };
        let database = match &database_password {
            Some(password) => database.with_password(password.expose_secret()),
            None => database,
        };
        Ok(Self {
            config_file,
            data_dir,
            data_dir_named,
            database,
            database_password,
            database_connections: file.database_connections.unwrap_or(DEFAULT_CONNECTIONS),
            seal_key_file,
            listen: listen(&cli.command).or(file.listen),
            public_url: global.public_url.clone().or(file.public_url),
            hosts,
            keep_invites,
            keep_events,
            limits,
            json: global.json,
            log,
            log_format: global.log_format.unwrap_or_default(),
            http,
            templates_dir: file.templates_dir.filter(|path| !path.is_empty()).map(PathBuf::from),
        })
    }

    /// The same settings with this route to the XMPP server of a host, unless one is configured.
    pub(crate) fn with_route(mut self, host: &Host, route: Route) -> Self {
        match self.hosts.iter_mut().find(|known| known.host == *host) {
            Some(known) => known.route = known.route.take().or(Some(route)),
            None => self.hosts.push(HostSettings { route: Some(route), ..HostSettings::plain(host.clone()) }),
        }
        self
    }

    /// The same settings with another data directory, for the demo.
    pub(crate) fn in_directory(&self, directory: &Path) -> Self {
        Self {
            data_dir: directory.to_owned(),
            database: Database::in_directory(directory),
            seal_key_file: directory.join("seal.key"),
            ..self.clone()
        }
    }
}

/// The database: of the command line, else of the file, else in the data directory.
fn database(
    option: Option<&DatabaseUrl>,
    setting: Option<&DatabaseUrl>,
    data_dir: &Path,
) -> Result<Database, CliError> {
    match (option, setting) {
        (Some(url), _) => url.database().map_err(|error| error.of_option("--database")),
        (None, Some(url)) => url.database().map_err(|error| ConfigError::value("database", error).into()),
        (None, None) => Ok(Database::in_directory(data_dir)),
    }
}

/// The listen address of the command line.
fn listen(command: &Command) -> Option<String> {
    match command {
        Command::Serve(serve) => serve.listen.listen.clone(),
        Command::Demo(demo) => demo.listen.listen.clone(),
        Command::Doctor(doctor) => doctor.listen.clone(),
        Command::Health(health) => health.listen.clone(),
        _ => None,
    }
}

/// The faults that were found so far.
#[derive(Default)]
struct Faults(Vec<CliError>);

impl Faults {
    /// The value, or `None` after noting the fault.
    fn keep<T, E: Into<CliError>>(&mut self, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|error| self.0.push(error.into())).ok()
    }
}

fn duration(setting: &str, text: Option<&str>, default: Duration) -> Result<Duration, ConfigError> {
    text.map_or(Ok(default), |text| parse_duration(text).map_err(|error| ConfigError::value(setting, error)))
}

/// Reads a password file. A trailing line break is ignored.
fn password(path: &Path) -> Result<SecretString, ConfigError> {
    let wrong = |message: String| {
        let path = path.display();
        ConfigError::value("database_password_file", format!("{path}: {message}"))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.contains('\n') {
        return Err(wrong("expected a single line with the password".to_owned()));
    }
    Ok(password.into())
}

/// The service logs at info; other commands only print their error to stderr.
fn default_log(command: &Command) -> &'static str {
    match command {
        Command::Serve(_) | Command::Demo(_) => "info",
        _ => "off",
    }
}

fn named_hosts(command: &Command) -> impl Iterator<Item = &Host> {
    let named = match command {
        Command::Serve(serve) => serve.host.as_slice(),
        _ => &[],
    };
    named.iter().flat_map(|hosts| &hosts.0)
}

fn host_settings((name, mut host): (String, file::Host)) -> Result<HostSettings, ConfigError> {
    let setting = |setting: &str| format!("[hosts.\"{name}\"] {setting}");
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let invite_expiry = match &host.invite_expiry {
        Some(text) => {
            Some(parse_duration(text).ok().filter(|span| *span <= MAX_EXPIRY).ok_or_else(|| {
                ConfigError::value(setting("invite_expiry"), "expected at most ten years, for example 7d")
            })?)
        }
        None => None,
    };
    let reserved = host.reserved_usernames.take().map(|names| {
        names
            .iter()
            .map(|name| Username::parse(name))
            .collect::<Result<Vec<_>, _>>()
            .map(ReservedUsernames::new)
    });
    let reserved_usernames =
        reserved.transpose().map_err(|error| ConfigError::value(setting("reserved_usernames"), error))?;
    let landing_url = filled(host.landing_url.clone());
    if let Some(template) = &landing_url {
        let legal = template.bytes().all(|byte| (0x21..0x7f).contains(&byte))
            && (template.starts_with("https://") || template.starts_with("http://"))
            && (template.contains("{token}") || template.contains("{uri}"));
        if !legal {
            let message = "expected a URL with {token} or {uri} in it, for example \
                           https://example.com/join/{token}";
            return Err(ConfigError::value(setting("landing_url"), message));
        }
    }
    let public_url = filled(host.public_url.take());
    if let Some(url) = &public_url {
        Links::new(url).map_err(|error| ConfigError::value(setting("public_url"), error))?;
    }
    Ok(HostSettings {
        host: Host::parse(&name).map_err(|error| ConfigError::value(format!("[hosts.\"{name}\"]"), error))?,
        route: host.xmpp.take().map(|given| xmpp::route(&name, given)).transpose()?,
        branding: Branding::of(host),
        invite_expiry,
        reserved_usernames,
        landing_url,
        public_url,
    })
}
