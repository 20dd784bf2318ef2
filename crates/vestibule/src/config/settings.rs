//! The effective settings.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use vestibule_core::{Host, parse_duration};
use vestibule_store::{DEFAULT_CONNECTIONS, Database};
use vestibule_web::Limits;
use vestibule_xmpp::Route;

use super::{
    ConfigError, DatabaseUrl, HostSettings, HttpSettings, faults::Faults, file, limits, secret_file,
};
use crate::{
    cli::{Cli, Command, HttpArgs, ServeArgs, listen_address, log_filter},
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

/// What the service logs by default.
const SERVICE_LOG: &str = "info";

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
    /// `None` means for ever.
    pub(crate) keep_members: Option<Duration>,
    pub(crate) limits: Limits,
    pub(crate) json: bool,
    /// What this command logs.
    pub(crate) log: String,
    /// What the service logs with the same options.
    pub(crate) service_log: String,
    pub(crate) log_format: LogFormat,
    pub(crate) http: HttpSettings,
    /// Directory of custom templates.
    pub(crate) templates_dir: Option<PathBuf>,
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
        let mut faults = Faults::default();
        let config_file = config_file(cli);
        let file = read(config_file.as_deref(), &mut faults).map_err(|error| vec![error.into()])?;
        let service = ServiceOptions::of(&cli.command, &mut faults);
        let http = HttpSettings::gather(&service.http, &file, &mut faults);
        let limits = limits::gather(&file, &mut faults);
        let global = &cli.global;
        let path = |setting: &str, text: Option<String>| {
            text.map(|text| if text.is_empty() { Err(empty_path(setting)) } else { Ok(PathBuf::from(text)) })
                .transpose()
        };
        let of_file = faults.keep(path("data_dir", file.data_dir)).flatten();
        let data_dir = global.data_dir.clone().or(of_file);
        let data_dir_named = data_dir.is_some();
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("./vestibule-data"));
        let database = database(global.database.as_ref(), file.database.as_ref(), &data_dir);
        let database = faults.keep_or(database, Database::in_directory(&data_dir));
        let of_file = faults.keep(path("database_password_file", file.database_password_file)).flatten();
        let password_file = global.database_password_file.clone().or(of_file);
        let password = |path: &Path| secret_file::read("database_password_file", path);
        let database_password = faults.keep(password_file.as_deref().map(password).transpose()).flatten();
        let of_file = faults.keep(path("seal_key_file", file.seal_key_file)).flatten();
        let seal_key_file =
            global.seal_key_file.clone().or(of_file).unwrap_or_else(|| data_dir.join("seal.key"));
        let hosts = hosts(file.hosts, &service.hosts, &mut faults);
        let keep_invites = duration("keep_invites", file.keep_invites.as_deref(), DEFAULT_KEEP);
        let keep_events = duration("keep_events", file.keep_events.as_deref(), DEFAULT_KEEP_EVENTS);
        let keep_members = file
            .keep_members
            .as_deref()
            .map(|text| parse_duration(text).map_err(|error| ConfigError::value("keep_members", error)));
        let checked = |setting: &str, text: Option<String>, check: fn(&str) -> Result<String, String>| {
            let checked = text.map(|text| check(&text).map_err(|error| ConfigError::value(setting, error)));
            checked.transpose()
        };
        let file_log = faults.keep(checked("log", file.log, log_filter)).flatten();
        let file_listen = faults.keep(checked("listen", file.listen, listen_address)).flatten();
        let log = global.log.clone().or(file_log);
        let settings = Self {
            config_file,
            data_dir,
            data_dir_named,
            database: match &database_password {
                Some(password) => database.with_password(password.expose_secret()),
                None => database,
            },
            database_password,
            database_connections: file.database_connections.unwrap_or(DEFAULT_CONNECTIONS),
            seal_key_file,
            listen: service.listen.or(file_listen),
            public_url: global.public_url.clone().or(file.public_url),
            hosts,
            keep_invites: faults.keep_or(keep_invites, DEFAULT_KEEP),
            keep_events: faults.keep_or(keep_events, DEFAULT_KEEP_EVENTS),
            keep_members: faults.keep(keep_members.transpose()).flatten(),
            limits,
            json: global.json,
            service_log: log.clone().unwrap_or_else(|| SERVICE_LOG.to_owned()),
            log: log.unwrap_or_else(|| default_log(&cli.command).to_owned()),
            log_format: global.log_format.unwrap_or_default(),
            http,
            templates_dir: file.templates_dir.filter(|path| !path.is_empty()).map(PathBuf::from),
        };
        faults.end(settings)
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

/// The configuration file: the given one, or that of the installation. The demo is independent of an installation.
fn config_file(cli: &Cli) -> Option<PathBuf> {
    let installed = || Some(PathBuf::from(DEFAULT_CONFIG)).filter(|path| path.exists());
    match &cli.global.config {
        Some(path) => Some(path.clone()),
        None if matches!(cli.command, Command::Demo(_)) => None,
        None => installed(),
    }
}

fn read(path: Option<&Path>, faults: &mut Faults) -> Result<file::File, ConfigError> {
    let Some(path) = path else { return Ok(file::File::default()) };
    let (file, wrong) = file::File::read(path)?;
    for fault in wrong {
        faults.note(fault);
    }
    Ok(file)
}

/// The options of the service that a command knows.
#[derive(Default)]
struct ServiceOptions {
    listen: Option<String>,
    hosts: Vec<Host>,
    http: HttpArgs,
}

impl ServiceOptions {
    fn of(command: &Command, faults: &mut Faults) -> Self {
        let of_serve = |serve: ServeArgs| Self {
            listen: serve.listen.listen,
            hosts: serve.host.into_iter().flat_map(|hosts| hosts.0).collect(),
            http: serve.http,
        };
        let listen = match command {
            Command::Serve(serve) => return of_serve(serve.clone()),
            // These have no such options. They are about a service that has the same environment.
            Command::Config(_) => {
                let (options, wrong) = ServeArgs::of_environment();
                for fault in wrong {
                    faults.note(CliError::message(fault));
                }
                return of_serve(options);
            }
            Command::Demo(demo) => demo.listen.listen.clone(),
            Command::Doctor(doctor) => doctor.listen.clone(),
            Command::Health(health) => health.listen.clone(),
            _ => None,
        };
        Self { listen, ..Self::default() }
    }
}

/// The hosts of the file, and those that the service is given.
fn hosts(sections: BTreeMap<String, file::Host>, given: &[Host], faults: &mut Faults) -> Vec<HostSettings> {
    let mut hosts: Vec<HostSettings> = Vec::new();
    for (name, section) in sections {
        let Some(host) = HostSettings::gather(&name, section, faults) else { continue };
        if hosts.iter().any(|known| known.host == host.host) {
            let message = format!("there is another section for {}; merge them", host.host);
            faults.note(ConfigError::value(format!("[hosts.\"{name}\"]"), message));
        }
        hosts.push(host);
    }
    for host in given {
        if !hosts.iter().any(|known| known.host == *host) {
            hosts.push(HostSettings::plain(host.clone()));
        }
    }
    hosts
}

fn empty_path(setting: &str) -> ConfigError {
    ConfigError::value(setting, "it is empty; give a path, or leave the setting out")
}

fn duration(setting: &str, text: Option<&str>, default: Duration) -> Result<Duration, ConfigError> {
    text.map_or(Ok(default), |text| parse_duration(text).map_err(|error| ConfigError::value(setting, error)))
}

/// The service logs at info; other commands only print their error to stderr.
fn default_log(command: &Command) -> &'static str {
    match command {
        Command::Serve(_) | Command::Demo(_) => SERVICE_LOG,
        _ => "off",
    }
}
