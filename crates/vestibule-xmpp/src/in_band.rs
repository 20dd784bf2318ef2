//! The in-band registrar.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::timeout;
use tracing::Instrument;
use vestibule_core::{
    Host, Password, PasswordCheck, PreauthToken, Registrar, RegistrarError, RegistrationRequest, Username,
};

use crate::{
    exchange_span, fields,
    limits::Limits,
    login::try_login,
    operator_warnings::{FailureLog, OperatorWarnings},
    redact::without_secrets,
    refusal,
    reply::Reply,
    request::{PREAUTH_ID, REGISTER_ID, Request},
    resolver::Resolver,
    route::Route,
    servers::Servers,
    stream::Stream,
    stream_error::StreamError,
    survey::{Survey, survey_route},
};

/// Timeout for the required fields after a refusal.
const EXPLANATION: Duration = Duration::from_secs(1);

/// Creates accounts as an app would: presents the token (XEP-0445), then registers in-band (XEP-0077). This requires
/// no privileges on the XMPP server, and all its rules apply.
///
/// The server spends the use of the invite; with the bridge it claims and completes with this service.
#[derive(Debug, Default)]
pub struct InBand {
    routes: HashMap<Host, Route>,
    elsewhere: Route,
    resolver: Resolver,
    limits: Limits,
    operator_warnings: OperatorWarnings,
    failure_log: FailureLog,
}

impl InBand {
    /// Creates a registrar with routes for some hosts. For other hosts it uses DNS, requires encryption, and trusts
    /// the system's certificate authorities.
    pub fn new(routes: HashMap<Host, Route>) -> Self {
        Self { routes, ..Self::default() }
    }

    /// Replaces the timeouts.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Replaces the name servers of `/etc/resolv.conf`.
    #[must_use]
    pub fn with_name_servers(self, servers: Vec<SocketAddr>) -> Self {
        Self { resolver: Resolver::of(servers), ..self }
    }

    /// Surveys the XMPP server of a host, including its answer to `token`, which must not be redeemable. Nothing is
    /// registered.
    pub async fn survey(&self, host: &Host, token: Option<&PreauthToken>) -> Result<Survey, StreamError> {
        survey_route(self.route(host), host, token, &self.resolver, &self.limits).await
    }

    fn route(&self, host: &Host) -> &Route {
        self.routes.get(host).unwrap_or(&self.elsewhere)
    }

    /// One registration on its own connection, since a server may close a stream on a second token. `register_sent` is set
    /// before the registration request is sent. Until then, a server that does not answer is skipped; presenting a
    /// token has no effect.
    async fn attempt(
        &self,
        servers: &mut Servers<'_>,
        request: &Request,
        register_sent: &AtomicBool,
    ) -> Result<(), RegisterError> {
        let (mut stream, features, reply) = loop {
            let (mut stream, features) = servers.open().await?;
            if features.need_tls() {
                stream.end().await;
                return Err(RegisterError::Answer(RegistrarError::EncryptionUnavailable));
            }
            // Not checked against the features: servers differ in when they offer registration, and the answer
            // decides.
            match show(&mut stream, &request.preauth).await {
                Ok(reply) => break (stream, features, reply),
                Err(error) => servers.failed(error),
            }
        };
        if let Reply::Refused(error) = reply {
            stream.end().await;
            return Err(RegisterError::Answer(refusal::of_token(&error, features.encrypted)));
        }
        register_sent.store(true, Ordering::Relaxed);
        let registering = async {
            stream.send(&request.register).await?;
            stream.reply(REGISTER_ID).await
        };
        let reply = exchange_span::within(exchange_span::step("XMPP register"), registering).await?;
        let missing = match &reply {
            Reply::Refused(error) if refusal::may_miss_fields(error) => missing_fields(&mut stream).await,
            _ => Vec::new(),
        };
        stream.end().await;
        match reply {
            Reply::Done => Ok(()),
            Reply::Refused(_) if !missing.is_empty() => {
                Err(RegisterError::Answer(RegistrarError::RequiresField(missing.join(", "))))
            }
            Reply::Refused(error) => Err(RegisterError::Answer(refusal::of_registration(&error))),
        }
    }

    async fn register_with_retry(
        &self,
        registration: &RegistrationRequest,
        register_sent: &AtomicBool,
    ) -> Result<(), RegistrarError> {
        let (request, host) = (Request::prepare(registration)?, &registration.host);
        let servers = Servers::find(self.route(host), host, &self.resolver, &self.limits).await;
        let mut servers = servers.map_err(|error| unavailable(&error))?;
        match self.attempt(&mut servers, &request, register_sent).await {
            Ok(()) => Ok(()),
            Err(RegisterError::Answer(error)) => Err(error),
            Err(RegisterError::Stream(error)) if !register_sent.load(Ordering::Relaxed) => {
                Err(unavailable(&error))
            }
            Err(RegisterError::Stream(error)) => {
                servers.again();
                self.resolve_lost_answer(registration, &mut servers, &request, register_sent, &error).await
            }
        }
    }

    /// Determines whether the account exists after a lost answer.
    ///
    /// Repeats the request once. If nothing was created before, it is created now. If it is refused, a login with
    /// name and password shows whether the first request succeeded. If not, a refusal that would have applied to the
    /// first request too is the answer. A refused token is inconclusive, since the first request may still hold the
    /// use.
    async fn resolve_lost_answer(
        &self,
        registration: &RegistrationRequest,
        servers: &mut Servers<'_>,
        request: &Request,
        register_sent: &AtomicBool,
        error: &StreamError,
    ) -> Result<(), RegistrarError> {
        let Err(again) = self.attempt(servers, request, register_sent).await else {
            return Ok(());
        };
        servers.again();
        let RegistrationRequest { username, password, .. } = registration;
        let log_in = try_login(servers, username, password).await.unwrap_or(PasswordCheck::Undetermined);
        match (log_in, again) {
            (PasswordCheck::Accepted, _) => Ok(()),
            (PasswordCheck::Rejected, RegisterError::Answer(error)) if is_conclusive(&error) => Err(error),
            _ => Err(RegistrarError::Unknown(error.to_string())),
        }
    }

    /// Tries to log in; inconclusive if there is no answer.
    async fn try_login(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        let Ok(mut servers) = Servers::find(self.route(host), host, &self.resolver, &self.limits).await
        else {
            return PasswordCheck::Undetermined;
        };
        try_login(&mut servers, username, password).await.unwrap_or(PasswordCheck::Undetermined)
    }

    /// Logs problems that the operator has to fix. The invitee sees fewer details.
    fn log(&self, host: &Host, outcome: &Result<(), RegistrarError>) {
        match outcome {
            Ok(()) => self.operator_warnings.resolve(host),
            Err(error @ (RegistrarError::Unavailable(_) | RegistrarError::Unknown(_))) => {
                self.failure_log.failed(host, error);
            }
            Err(RegistrarError::RequiresField(fields)) => self.operator_warnings.warn(
                host,
                format!(
                    "registration in the browser fails: the XMPP server requires more than a username and a \
                     password ({fields}); remove these from its required fields (in Prosody: \
                     additional_registration_fields), or let people register with apps alone"
                ),
            ),
            Err(RegistrarError::EncryptionUnavailable) => self.operator_warnings.warn(
                host,
                format!(
                    "registration in the browser fails: the XMPP server and tls in [hosts.\"{host}\".xmpp] do not \
                     agree on encryption; with tls = \"none\", and a server that requires encryption, set tls = \
                     \"starttls\"; with tls = \"starttls\", and a server that offers none, give it a certificate \
                     for {host}"
                ),
            ),
            Err(_) => {}
        }
    }
}

async fn show(stream: &mut Stream, preauth: &str) -> Result<Reply, StreamError> {
    let presenting = async {
        stream.send(preauth).await?;
        stream.reply(PREAUTH_ID).await
    };
    exchange_span::within(exchange_span::step("XMPP preauth"), presenting).await
}

/// The required fields, requested after a refusal, which names them at best in its text.
async fn missing_fields(stream: &mut Stream) -> Vec<String> {
    timeout(EXPLANATION, fields::required(stream)).await.ok().and_then(Result::ok).unwrap_or_default()
}

/// No usable server was reached. Nothing was sent.
fn unavailable(error: &StreamError) -> RegistrarError {
    if error.lacks_encryption() {
        RegistrarError::EncryptionUnavailable
    } else {
        RegistrarError::Unavailable(error.to_string())
    }
}

/// Whether a refusal of the second request determines the outcome of the first.
fn is_conclusive(error: &RegistrarError) -> bool {
    match error {
        RegistrarError::UsernameTaken
        | RegistrarError::UsernameNotAllowed(_)
        | RegistrarError::PasswordNotAllowed(_)
        | RegistrarError::RequiresField(_)
        | RegistrarError::EncryptionUnavailable
        | RegistrarError::NotBridged
        | RegistrarError::NotPermitted(_)
        | RegistrarError::Refused(_) => true,
        RegistrarError::TokenRefused
        | RegistrarError::Busy
        | RegistrarError::Unavailable(_)
        | RegistrarError::Unknown(_) => false,
    }
}

/// The failure of an attempt, with or without an answer.
enum RegisterError {
    Answer(RegistrarError),
    Stream(StreamError),
}

impl From<StreamError> for RegisterError {
    fn from(error: StreamError) -> Self {
        Self::Stream(error)
    }
}

#[async_trait]
impl Registrar for InBand {
    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let register_sent = AtomicBool::new(false);
        let span = exchange_span::registration(&registration.host);
        let registering = self.register_with_retry(registration, &register_sent).instrument(span.clone());
        let outcome = timeout(self.limits.total, registering).await.unwrap_or_else(|_| {
            let late = StreamError::Silent.to_string();
            Err(if register_sent.load(Ordering::Relaxed) {
                RegistrarError::Unknown(late)
            } else {
                RegistrarError::Unavailable(late)
            })
        });
        exchange_span::record_registration(&span, &outcome);
        let outcome = outcome.map_err(|error| without_secrets(error, registration));
        self.log(&registration.host, &outcome);
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        let trying = self.try_login(host, username, password);
        timeout(self.limits.total, trying).await.unwrap_or(PasswordCheck::Undetermined)
    }
}
