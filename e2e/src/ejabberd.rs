//! The ejabberd of Debian sid, or that of Debian 12.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::HarnessError;
use crate::cli::CliOutput;
use crate::ejabberd_builder::{EjabberdBuilder, bridge_options};
use crate::ejabberd_root::{EjabberdVersion, Root};
use crate::http::Client;
use crate::ports::wait_for_port;
use crate::process::Process;

/// The timeout of a start.
const READY: Duration = Duration::from_mins(1);
/// The timeout of a shutdown.
const GOODBYE: Duration = Duration::from_secs(20);

/// Prints what is wrong with the modules in the directory of the first argument.
const XREF: &str = r#"
    [Directory] = init:get_plain_arguments(),
    {ok, _} = xref:start(x),
    ok = xref:set_default(x, [{warnings, false}, {verbose, false}]),
    ok = xref:set_library_path(x, code_path),
    {ok, Modules} = xref:add_directory(x, Directory),
    [[io:format("~p: ~p~n", [What, Found]) || Found <- element(2, xref:analyze(x, What))]
     || What <- [undefined_function_calls, deprecated_function_calls, locals_not_used]],
    halt(case Modules of [_ | _] -> 0; [] -> 1 end).
"#;

/// Its ports on loopback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) c2s: u16,
    pub(crate) http: u16,
    /// For the API with the rights of [`EjabberdBuilder::api_rights`].
    pub(crate) api: u16,
}

/// The settings of a server, for restarts.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) root: Root,
    pub(crate) host: String,
    pub(crate) ports: Ports,
    pub(crate) directory: TempDir,
}

/// A running ejabberd. It is a single Erlang node without distribution; commands use its HTTP API. Dropping it kills it
/// and removes its directory.
#[derive(Debug)]
pub struct Ejabberd {
    process: Process,
    launch: Launch,
    client: Client,
}

impl Ejabberd {
    /// Creates a builder.
    pub fn builder() -> EjabberdBuilder {
        EjabberdBuilder::default()
    }

    pub(crate) fn launch(launch: Launch) -> Result<Self, HarnessError> {
        let process = Process::spawn(command(&launch))?;
        let mut ejabberd = Self { process, launch, client: Client::new() };
        ejabberd.wait_until_ready()?;
        Ok(ejabberd)
    }

    /// Returns the first XMPP domain.
    pub fn host(&self) -> &str {
        &self.launch.host
    }

    /// Returns the address for clients.
    pub fn c2s_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.launch.ports.c2s).into()
    }

    /// Returns `http://ADDR:PORT` of its HTTP server, without a trailing slash.
    pub fn http_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.launch.ports.http)
    }

    /// Returns the URL of the API with the rights of [`EjabberdBuilder::api_rights`].
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}/api", self.launch.ports.api)
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Returns the log so far, including that before a restart.
    pub fn log(&self) -> String {
        let path = self.launch.directory.path().join("ejabberd.log");
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Runs a command of `ejabberdctl` over the HTTP API, and returns the status and the answer.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn command(&self, name: &str, arguments: &Value) -> Result<(u16, Value), HarnessError> {
        let url = format!("{}/api/{name}", self.http_url());
        let headers = [("content-type", "application/json")];
        let answer = self.client.send("POST", &url, &headers, Some(arguments.to_string().as_bytes()))?;
        Ok((answer.status, serde_json::from_slice(&answer.body).unwrap_or_default()))
    }

    /// Runs a command that must succeed.
    ///
    /// # Errors
    /// If it fails.
    pub fn done(&self, name: &str, arguments: &Value) -> Result<Value, HarnessError> {
        let (status, value) = self.command(name, arguments)?;
        if status == 200 {
            return Ok(value);
        }
        Err(HarnessError::Command {
            command: format!("{name} {arguments}"),
            output: format!("{status} {value}"),
        })
    }

    /// Creates an account on its first host.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn add_account(&self, username: &str, password: &str) -> Result<(), HarnessError> {
        let account = json!({ "user": username, "host": self.host(), "password": password });
        self.done("register", &account).map(|_| ())
    }

    /// Returns the usernames on its first host.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn accounts(&self) -> Result<Vec<String>, HarnessError> {
        let names = self.done("registered_users", &json!({ "host": self.host() }))?;
        let names = names.as_array().cloned().unwrap_or_default();
        Ok(names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
    }

    /// Replaces the options of `mod_invites`, in YAML's flow style, and reloads the configuration. Returns the status and
    /// the answer; the log says what is wrong.
    ///
    /// # Errors
    /// If the file cannot be changed, or there is no answer.
    pub fn configure_invites(&self, options: &str) -> Result<(u16, Value), HarnessError> {
        let path = self.launch.directory.path().join("ejabberd.yml");
        let failed = || HarnessError::io("changing the configuration");
        let text = std::fs::read_to_string(&path).map_err(failed())?;
        let mut lines: Vec<_> = text.lines().filter(|line| !line.starts_with("  mod_invites:")).collect();
        let line = format!("  mod_invites: {options}");
        lines.extend([line.as_str(), ""]);
        std::fs::write(&path, lines.join("\n")).map_err(failed())?;
        self.command("reload_config", &json!({}))
    }

    /// Configures Vestibule's module, and reloads the configuration.
    ///
    /// # Errors
    /// If it does not reload.
    pub fn configure_bridge(&self, url: &str, key: &str) -> Result<(), HarnessError> {
        match self.configure_invites(&bridge_options(url, key))? {
            (200, _) => Ok(()),
            (status, value) => {
                let output = format!("{status} {value}");
                Err(HarnessError::Command { command: "reload_config".to_owned(), output })
            }
        }
    }

    /// Runs `xref` over Vestibule's module and ejabberd, and returns what it finds in the module.
    ///
    /// # Errors
    /// If it does not run.
    pub fn cross_reference_module() -> Result<CliOutput, HarnessError> {
        let root = Root::find(EjabberdVersion::Newest)?;
        let directory = root.temporary_directory()?;
        crate::ejabberd_builder::compiled(&root)?.install(directory.path())?;
        let mut command = root.program("erl", directory.path());
        command.args(["-noinput", "-eval", XREF]);
        command.arg("-extra").arg(root.inside(&directory.path().join("ebin")));
        CliOutput::of(command)
    }

    /// Sends SIGTERM and waits for its end.
    ///
    /// # Errors
    /// If it has not ended after twenty seconds.
    pub fn stop(&mut self) -> Result<ExitStatus, HarnessError> {
        self.process.signal(Signal::TERM);
        self.process.wait(GOODBYE)
    }

    /// Stops it and starts it again, with the same settings, accounts and ports.
    ///
    /// # Errors
    /// If it does not end, or does not open its ports again.
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.stop()?;
        self.process = Process::spawn(command(&self.launch))?;
        self.wait_until_ready()
    }

    /// Kills it (SIGKILL) and starts it again, with the same settings, accounts and ports.
    ///
    /// # Errors
    /// If it does not open its ports again.
    pub fn kill_and_restart(&mut self) -> Result<(), HarnessError> {
        self.process.kill();
        self.process = Process::spawn(command(&self.launch))?;
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<(), HarnessError> {
        let process = &mut self.process;
        let Ports { c2s, http, api } = self.launch.ports;
        for port in [c2s, http, api] {
            let addr = (Ipv4Addr::LOCALHOST, port).into();
            if !wait_for_port(addr, READY, || process.has_ended()) {
                let output = format!("{}{}", process.rest_of_stdout(), process.stderr());
                return Err(HarnessError::NotReady {
                    program: "ejabberd".to_owned(),
                    why: format!("nothing listens on port {port}"),
                    output,
                });
            }
        }
        Ok(())
    }
}

/// Returns the command that `ejabberdctl foreground` runs, without distribution.
fn command(launch: &Launch) -> Command {
    let directory = launch.root.inside(launch.directory.path());
    let at = |name: &str| directory.join(name);
    let mut command = launch.root.program("erl", launch.directory.path());
    command
        .env("EJABBERD_CONFIG_PATH", at("ejabberd.yml"))
        .env("EJABBERD_LOG_PATH", at("ejabberd.log"))
        .env("CONTRIB_MODULES_PATH", at("contrib"))
        .env("ERL_CRASH_DUMP", at("crash.dump"))
        // Two schedulers that do not spin: many nodes run beside each other.
        .args(["+S", "2:2", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"])
        .args(["-noinput", "-mnesia", "dir"])
        .arg(format!("\"{}\"", at("data").display()))
        .args(["-s", "ejabberd"]);
    command
}
