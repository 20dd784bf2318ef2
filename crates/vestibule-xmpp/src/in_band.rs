//! Accounts by in-band registration.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use tokio::time::timeout;
use vestibule_core::{Application, Host, LogIn, Password, Registrar, RegistrarError, Username};

use crate::{
    features::Features,
    limits::Limits,
    login::try_login,
    look::look_along,
    names::Names,
    redact::without_secrets,
    refusal,
    reply::Reply,
    request::{PREAUTH_ID, REGISTER_ID, Request},
    route::Route,
    stream::Stream,
    trouble::Trouble,
};

/// Makes accounts as an app would: with the token (XEP-0445), then by in-band registration (XEP-0077). The XMPP server
/// needs to give us no rights for that, and all its own rules hold.
///
/// The server sees to the use of the invite; over the bridge that means that it claims and completes with us.
#[derive(Debug, Default)]
pub struct InBand {
    routes: HashMap<Host, Route>,
    elsewhere: Route,
    names: Names,
    limits: Limits,
}

impl InBand {
    /// Knows the ways to some hosts. To any other, DNS tells the way, encryption is demanded and the machine's
    /// authorities are trusted.
    pub fn new(routes: HashMap<Host, Route>) -> Self {
        Self { routes, ..Self::default() }
    }

    /// With other limits of time.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// With other name servers than those of `/etc/resolv.conf`.
    #[must_use]
    pub fn with_name_servers(self, servers: Vec<SocketAddr>) -> Self {
        Self { names: Names::of(servers), ..self }
    }

    /// What the XMPP server of a host offers to somebody who has not logged in. Nothing is registered.
    pub async fn look(&self, host: &Host) -> Result<Features, Trouble> {
        look_along(self.route(host), host, &self.names, &self.limits).await
    }

    fn route(&self, host: &Host) -> &Route {
        self.routes.get(host).unwrap_or(&self.elsewhere)
    }

    /// One registration on a connection of its own: a server may close a stream on which a second token is shown.
    /// `sent` is set before the request that decides leaves.
    async fn attempt(
        &self,
        application: &Application,
        request: &Request,
        sent: &AtomicBool,
    ) -> Result<(), Failure> {
        let route = self.route(&application.host);
        let (mut stream, _) = Stream::begin(route, &application.host, &self.names, &self.limits).await?;
        // Whatever the features say: servers differ in when they offer registration, and the answer decides.
        stream.send(&request.preauth).await?;
        if let Reply::Refused(error) = stream.reply(PREAUTH_ID).await? {
            stream.end().await;
            return Err(Failure::Answer(refusal::of_token(&error)));
        }
        sent.store(true, Ordering::Relaxed);
        stream.send(&request.register).await?;
        let reply = stream.reply(REGISTER_ID).await?;
        stream.end().await;
        match reply {
            Reply::Done => Ok(()),
            Reply::Refused(error) => Err(Failure::Answer(refusal::of_registration(&error))),
        }
    }

    async fn settle(&self, application: &Application, sent: &AtomicBool) -> Result<(), RegistrarError> {
        let request = Request::prepare(application)?;
        match self.attempt(application, &request, sent).await {
            Ok(()) => Ok(()),
            Err(Failure::Answer(error)) => Err(error),
            Err(Failure::Trouble(trouble)) if !sent.load(Ordering::Relaxed) => {
                Err(RegistrarError::Unavailable(trouble.to_string()))
            }
            Err(Failure::Trouble(trouble)) => self.find_out(application, &request, sent, &trouble).await,
        }
    }

    /// The request was sent, and no answer came: is the account there?
    ///
    /// The same is asked once more. If nothing had been made, it is made now. If it is refused, name and password
    /// are tried: where they fit, the first request had done it. Where they do not, a refusal that would have met the
    /// first request just as well is the answer. A refused token is no such thing: the first request may hold its
    /// use at this moment.
    async fn find_out(
        &self,
        application: &Application,
        request: &Request,
        sent: &AtomicBool,
        trouble: &Trouble,
    ) -> Result<(), RegistrarError> {
        let Err(again) = self.attempt(application, request, sent).await else {
            return Ok(());
        };
        let Application { host, username, password, .. } = application;
        match (self.try_login(host, username, password).await, again) {
            (LogIn::Accepted, _) => Ok(()),
            (LogIn::Rejected, Failure::Answer(error)) if settles(&error) => Err(error),
            _ => Err(RegistrarError::Unknown(trouble.to_string())),
        }
    }

    /// Tries name and password; where no answer comes, that is undetermined.
    async fn try_login(&self, host: &Host, username: &Username, password: &Password) -> LogIn {
        let credentials = (host, username, password);
        let outcome = try_login(self.route(host), credentials, &self.names, &self.limits).await;
        outcome.unwrap_or(LogIn::Undetermined)
    }
}

/// Whether a refusal of the second request says what became of the first.
fn settles(error: &RegistrarError) -> bool {
    match error {
        RegistrarError::UsernameTaken
        | RegistrarError::UsernameNotAllowed(_)
        | RegistrarError::PasswordNotAllowed(_)
        | RegistrarError::RequiresField(_)
        | RegistrarError::EncryptionUnavailable
        | RegistrarError::NotBridged
        | RegistrarError::Refused(_) => true,
        RegistrarError::TokenRefused
        | RegistrarError::Busy
        | RegistrarError::Unavailable(_)
        | RegistrarError::Unknown(_) => false,
    }
}

/// How an attempt fails: with an answer, or without one.
enum Failure {
    Answer(RegistrarError),
    Trouble(Trouble),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

#[async_trait]
impl Registrar for InBand {
    async fn register(&self, application: &Application) -> Result<(), RegistrarError> {
        let sent = AtomicBool::new(false);
        let outcome =
            timeout(self.limits.total, self.settle(application, &sent)).await.unwrap_or_else(|_| {
                let late = Trouble::Silent.to_string();
                Err(if sent.load(Ordering::Relaxed) {
                    RegistrarError::Unknown(late)
                } else {
                    RegistrarError::Unavailable(late)
                })
            });
        let outcome = outcome.map_err(|error| without_secrets(error, application));
        if let Err(error @ (RegistrarError::Unavailable(_) | RegistrarError::Unknown(_))) = &outcome {
            // What the operator has to mend; an invitee is told less.
            tracing::warn!(host = %application.host, "{error}");
        }
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> LogIn {
        let trying = self.try_login(host, username, password);
        timeout(self.limits.total, trying).await.unwrap_or(LogIn::Undetermined)
    }
}
