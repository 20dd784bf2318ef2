//! Administration of ejabberd by its HTTP API (`mod_http_api`), for every version of it.

mod answer;
mod api_url;
mod client;
mod survey;

use async_trait::async_trait;
use secrecy::SecretString;
use vestibule_core::{Accounts, AccountsError, Capabilities, Host, Password, PasswordCheck, Username};

use crate::{redact::without_password, trust_anchors::TrustAnchors};
use answer::Answer;
use client::Client;

pub use api_url::{ApiUrl, ApiUrlError};
pub use survey::ApiSurvey;

/// The version of the commands. Every ejabberd has version 0 of these; later versions take other arguments.
const VERSION: u32 = 0;

/// The version since which an account can be banned and unbanned (ejabberd 24.06).
const BAN_VERSION: u32 = 2;

/// How this service proves to the API who it is.
#[derive(Clone, Debug)]
pub enum ApiCredentials {
    /// By its address: `api_permissions` of ejabberd name it.
    Address,
    /// By an account (HTTP Basic).
    Account {
        /// The address of the account, `user@host`.
        user: String,
        /// Its password.
        password: SecretString,
    },
    /// By an `OAuth` token of ejabberd.
    Token(SecretString),
}

/// Administers the accounts of the hosts of an ejabberd.
#[derive(Debug)]
pub struct EjabberdApi {
    client: Client,
}

impl EjabberdApi {
    /// Uses the API at this URL, which ends with the path of `mod_http_api`. `trust` verifies `https`.
    pub fn new(url: &ApiUrl, credentials: &ApiCredentials, trust: TrustAnchors) -> Self {
        Self { client: Client::new(url, credentials, trust) }
    }

    /// Calls a command that changes something.
    async fn change(
        &self,
        command: &'static str,
        version: u32,
        arguments: &[(&str, &str)],
    ) -> Result<Answer, AccountsError> {
        self.client.call(command, version, arguments).await
    }

    /// Calls a command that changes nothing: a lost answer is no answer.
    async fn read(&self, command: &'static str, arguments: &[(&str, &str)]) -> Result<Answer, AccountsError> {
        self.client.call(command, VERSION, arguments).await.map_err(|error| match error {
            AccountsError::Unknown(text) => AccountsError::Unavailable(text),
            error => error,
        })
    }
}

#[async_trait]
impl Accounts for EjabberdApi {
    /// Accounts can be disabled since ejabberd 24.06.
    fn capabilities(&self) -> Capabilities {
        let can_disable = !self.client.is_old();
        Capabilities { disable: can_disable, enable: can_disable, delete: true, ..Capabilities::BRIDGED }
    }

    async fn exists(&self, host: &Host, username: &Username) -> Result<bool, AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str())];
        let answer = self.read("check_account", &account).await;
        // Every ejabberd tells it, so what cannot do it is not ejabberd, or its API lacks `mod_admin_extra`.
        answer.and_then(|answer| answer.is_true()).map_err(|error| match error {
            AccountsError::Unsupported(text) => AccountsError::NotPermitted(text),
            error => error,
        })
    }

    async fn create(
        &self,
        host: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str()), ("password", password.expose())];
        let created = self.change("register", VERSION, &account).await;
        created.and_then(|answer| answer.registered()).map_err(|error| without_password(error, password))
    }

    async fn set_password(
        &self,
        host: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str()), ("newpass", password.expose())];
        let changed = self.change("change_password", VERSION, &account).await;
        changed.and_then(|answer| answer.done()).map_err(|error| without_password(error, password))
    }

    async fn check_password(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        let account = [("user", username.as_str()), ("host", host.as_str()), ("password", password.expose())];
        match self.read("check_password", &account).await.and_then(|answer| answer.is_true()) {
            Ok(true) => PasswordCheck::Accepted,
            Ok(false) => PasswordCheck::Rejected,
            Err(_) => PasswordCheck::Undetermined,
        }
    }

    async fn befriend(&self, host: &Host, one: &Username, other: &Username) -> Result<(), AccountsError> {
        for (owner, contact) in [(one, other), (other, one)] {
            let item = [
                ("localuser", owner.as_str()),
                ("localhost", host.as_str()),
                ("user", contact.as_str()),
                ("host", host.as_str()),
                ("nick", ""),
                ("group", ""),
                ("subs", "both"),
            ];
            self.change("add_rosteritem", VERSION, &item).await?.done()?;
        }
        Ok(())
    }

    /// Adds to a shared roster group, which must exist: ejabberd does not create it.
    async fn add_to_group(&self, host: &Host, username: &Username, group: &str) -> Result<(), AccountsError> {
        let (user, host) = (username.as_str(), host.as_str());
        let member = [("user", user), ("host", host), ("group", group), ("grouphost", host)];
        self.change("srg_user_add", VERSION, &member).await?.done()
    }

    async fn disable(&self, host: &Host, username: &Username) -> Result<(), AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str()), ("reason", "disabled")];
        self.change("ban_account", BAN_VERSION, &account).await?.done()
    }

    async fn enable(&self, host: &Host, username: &Username) -> Result<(), AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str())];
        self.change("unban_account", BAN_VERSION, &account).await?.done()
    }

    async fn delete(&self, host: &Host, username: &Username) -> Result<(), AccountsError> {
        let account = [("user", username.as_str()), ("host", host.as_str())];
        self.change("unregister", VERSION, &account).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// An API that gives the same answer to every request.
    async fn answering(status: u16, body: &str) -> EjabberdApi {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        EjabberdApi::new(
            &ApiUrl::parse(&url).unwrap(),
            &ApiCredentials::Address,
            TrustAnchors::system_roots(),
        )
    }

    #[tokio::test]
    async fn answers_that_are_not_of_ejabberd_prove_nothing() {
        let (host, bob) = (Host::parse("example.com").unwrap(), Username::parse("bob").unwrap());
        let password = Password::parse("lamp orchid 47 teapot").unwrap();
        for (status, body) in
            [(200, "<html>"), (200, "{}"), (404, r#"{"status":"error","code":44}"#), (404, "<html>")]
        {
            let exists = answering(status, body).await.exists(&host, &bob).await;
            // A registration without it would create accounts that nobody can find again.
            assert!(matches!(exists, Err(AccountsError::NotPermitted(_))), "{status} {body}: {exists:?}");
        }
        for body in ["<html>", "0", "{}"] {
            let created = answering(200, body).await.create(&host, &bob, &password).await;
            assert!(matches!(created, Err(AccountsError::Unknown(_))), "{body}: {created:?}");
        }
        assert_eq!(answering(200, r#""done""#).await.create(&host, &bob, &password).await, Ok(()));
    }
}
