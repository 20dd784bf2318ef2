//! Administration of an XMPP server by ad-hoc commands (XEP-0050, XEP-0133), with the account of an administrator.

mod command;
mod survey;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::timeout;
use vestibule_core::{
    Accounts, AccountsError, Capabilities, Host, Password, PasswordCheck, Randomness, Username,
};

use crate::{
    limits::Limits,
    login::{authenticate, try_login},
    ns,
    probe_name::unused_username,
    redact::without_password,
    reply::Reply,
    resolver::Resolver,
    route::Route,
    servers::Servers,
    stream::Stream,
    stream_error::StreamError,
};
use command::{Command, refusal};

pub use survey::AdminSurvey;

/// The id of the request for a resource.
const BIND_ID: &str = "vestibule-4";

/// Total timeout of one command. A registration needs up to four, within the lease of its claim.
const TOTAL: Duration = Duration::from_secs(12);

/// Administers the accounts of a host as one of its administrators.
///
/// Works on servers with the commands of XEP-0133, such as Prosody (`mod_admin_adhoc`) and ejabberd (`mod_configure`).
/// They have no command for contacts and groups.
pub struct AdminCommands {
    route: Route,
    host: Host,
    admin: Username,
    password: Arc<Password>,
    resolver: Resolver,
    limits: Limits,
    randomness: Arc<dyn Randomness>,
}

impl fmt::Debug for AdminCommands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminCommands").field("admin", &self.admin).finish_non_exhaustive()
    }
}

impl AdminCommands {
    /// Uses this account of an administrator on the same host.
    pub fn new(
        route: Route,
        host: Host,
        admin: Username,
        password: Arc<Password>,
        randomness: Arc<dyn Randomness>,
    ) -> Self {
        let limits = Limits { total: TOTAL, reach: TOTAL / 2, answer: TOTAL / 3, ..Limits::default() };
        Self { route, host, admin, password, resolver: Resolver::default(), limits, randomness }
    }

    /// Logs in and binds a resource (RFC 6120 section 7). Nothing is changed.
    async fn log_in(&self) -> Result<Stream, AccountsError> {
        let servers = Servers::find(&self.route, &self.host, &self.resolver, &self.limits).await;
        let (mut stream, features) = servers
            .map_err(|error| unavailable(&error))?
            .open()
            .await
            .map_err(|error| unavailable(&error))?;
        let address = self.admin.at(&self.host);
        match authenticate(&mut stream, &features, &self.admin, &self.password)
            .await
            .map_err(|error| unavailable(&error))?
        {
            PasswordCheck::Accepted => {}
            PasswordCheck::Rejected => {
                return Err(AccountsError::NotPermitted(format!("{address} has another password")));
            }
            PasswordCheck::Undetermined => {
                let text = format!("it does not let {address} log in with a password (SASL PLAIN)");
                return Err(AccountsError::NotPermitted(text));
            }
        }
        let mut stream = stream.restarted().await.map_err(|error| unavailable(&error))?;
        let bind = format!("<iq type='set' id='{BIND_ID}'><bind xmlns='{}'/></iq>", ns::BIND);
        stream.send(&bind).await.map_err(|error| unavailable(&error))?;
        // Its answer comes from the account, or from nowhere.
        let bound = stream.wait_for(|stanza| stanza.attr("id") == Some(BIND_ID)).await;
        match Reply::of(&bound.map_err(|error| unavailable(&error))?) {
            Reply::Done => Ok(stream),
            Reply::Refused(error) => Err(AccountsError::Unavailable(refusal::reason(&error))),
        }
    }

    /// Runs one command on a connection of its own.
    async fn run(&self, command: &Command<'_>) -> Result<(), AccountsError> {
        // Until the form is submitted, nothing can have changed.
        let is_submitted = AtomicBool::new(false);
        let running = async {
            let mut stream = self.log_in().await?;
            let outcome = command.run(&mut stream, &is_submitted).await;
            stream.end().await;
            outcome
        };
        let late = || {
            let late = StreamError::Silent.to_string();
            let sent = is_submitted.load(Ordering::Relaxed);
            Err(if sent { AccountsError::Unknown(late) } else { AccountsError::Unavailable(late) })
        };
        timeout(self.limits.total, running).await.unwrap_or_else(|_| late())
    }

    /// Runs a command about one account.
    async fn run_for(
        &self,
        name: &str,
        field: &str,
        username: &Username,
        more: &[(&str, &str)],
    ) -> Result<(), AccountsError> {
        let address = username.at(&self.host).to_string();
        let fields = [&[(field, address.as_str())][..], more].concat();
        self.run(&Command { name, fields: &fields }).await
    }

    /// Whether the server has statistics of an account.
    async fn has_statistics(&self, username: &Username) -> Result<bool, AccountsError> {
        match self.run_for("user-stats", "accountjid", username, &[]).await {
            Ok(()) => Ok(true),
            Err(AccountsError::NotFound) => Ok(false),
            Err(AccountsError::Unknown(text)) => Err(AccountsError::Unavailable(text)),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Accounts for AdminCommands {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: true,
            set_password: true,
            disable: true,
            enable: true,
            delete: true,
            ..Capabilities::NONE
        }
    }

    /// ejabberd has statistics of every username, which tells nothing.
    async fn exists(&self, _: &Host, username: &Username) -> Result<bool, AccountsError> {
        if !self.has_statistics(username).await? {
            return Ok(false);
        }
        let nobody = unused_username(&*self.randomness)?;
        if self.has_statistics(&nobody).await? {
            return Err(AccountsError::Unsupported("it does not tell whether an account exists".to_owned()));
        }
        Ok(true)
    }

    async fn create(&self, _: &Host, username: &Username, password: &Password) -> Result<(), AccountsError> {
        let passwords = [("password", password.expose()), ("password-verify", password.expose())];
        let created = self.run_for("add-user", "accountjid", username, &passwords).await;
        created.map_err(|error| without_password(error, password))
    }

    async fn set_password(
        &self,
        _: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError> {
        let passwords = [("password", password.expose())];
        let changed = self.run_for("change-user-password", "accountjid", username, &passwords).await;
        changed.map_err(|error| without_password(error, password))
    }

    /// Logs in as the account.
    async fn check_password(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        let checking = async {
            let mut servers = Servers::find(&self.route, host, &self.resolver, &self.limits).await?;
            try_login(&mut servers, username, password).await
        };
        let checked = timeout(self.limits.total, checking).await;
        checked.ok().and_then(Result::ok).unwrap_or(PasswordCheck::Undetermined)
    }

    async fn befriend(&self, _: &Host, _: &Username, _: &Username) -> Result<(), AccountsError> {
        Err(AccountsError::Unsupported("XEP-0133 has no command for contacts".to_owned()))
    }

    async fn add_to_group(&self, _: &Host, _: &Username, _: &str) -> Result<(), AccountsError> {
        Err(AccountsError::Unsupported("XEP-0133 has no command for groups".to_owned()))
    }

    async fn disable(&self, _: &Host, username: &Username) -> Result<(), AccountsError> {
        self.run_for("disable-user", "accountjids", username, &[]).await
    }

    async fn enable(&self, _: &Host, username: &Username) -> Result<(), AccountsError> {
        self.run_for("reenable-user", "accountjids", username, &[]).await
    }

    async fn delete(&self, _: &Host, username: &Username) -> Result<(), AccountsError> {
        match self.run_for("delete-user", "accountjids", username, &[]).await {
            Err(AccountsError::NotFound) => Ok(()),
            outcome => outcome,
        }
    }
}

fn unavailable(error: &StreamError) -> AccountsError {
    AccountsError::Unavailable(error.to_string())
}
