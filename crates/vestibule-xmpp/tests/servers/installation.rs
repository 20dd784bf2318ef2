//! A Vestibule, a Prosody with the bridge and encryption, and a registrar.

use std::{collections::HashMap, net::SocketAddr};

use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use vestibule_core::{Host, Password, Registrar, RegistrarError, RegistrationRequest, Token, Username};
use vestibule_e2e::{Certificate, ProsodyBuilder, Version, xmpp::Login};
use vestibule_xmpp::{Encryption, InBand, Route, TrustAnchors};

use crate::{
    common::HOST,
    test_server::{Invite, TestServer},
};

pub(crate) struct Installation {
    pub(crate) test_server: TestServer,
    pub(crate) certificate: Certificate,
    runtime: Runtime,
}

impl Installation {
    pub(crate) fn new(version: Version) -> Self {
        Self::with(version, &Certificate::new(HOST, false).unwrap(), |builder| builder)
    }

    /// With this certificate and more settings of Prosody.
    pub(crate) fn with(
        version: Version,
        certificate: &Certificate,
        more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder,
    ) -> Self {
        let test_server = TestServer::with(version, |builder| more(builder.encrypted(certificate)));
        Self { test_server, certificate: certificate.clone(), runtime: runtime() }
    }

    /// An installation without encryption.
    pub(crate) fn open(version: Version) -> Self {
        let certificate = Certificate::new(HOST, false).unwrap();
        Self { test_server: TestServer::new(version), certificate, runtime: runtime() }
    }

    pub(crate) fn mint(&self, wishes: &Value) -> Invite {
        self.test_server.mint(wishes)
    }

    pub(crate) fn bound(&self, username: &str) -> Invite {
        self.mint(&json!({ "username": username }))
    }

    /// Registers over STARTTLS, trusting the certificate as an authority.
    pub(crate) fn register(
        &self,
        invite: &Invite,
        username: &str,
        password: &str,
    ) -> Result<(), RegistrarError> {
        let trust = TrustAnchors::authorities(self.certificate.pem.as_bytes()).unwrap();
        let route = route_to(self.test_server.prosody.c2s_addr(), Encryption::StartTls, trust);
        self.register_on(route, invite, username, password)
    }

    pub(crate) fn register_on(
        &self,
        route: Route,
        invite: &Invite,
        username: &str,
        password: &str,
    ) -> Result<(), RegistrarError> {
        let registration = RegistrationRequest {
            host: host(),
            token: (&Token::parse(&invite.token).unwrap()).into(),
            username: Username::parse(username).unwrap(),
            password: Password::parse(password).unwrap(),
        };
        let registrar = InBand::new(HashMap::from([(host(), route)]));
        self.runtime.block_on(registrar.register(&registration))
    }

    /// Logs in with a third-party client, over STARTTLS.
    pub(crate) fn can_log_in(&self, username: &str, password: &str) -> bool {
        let file = self.test_server.prosody.certificate_file().unwrap();
        let login = Login {
            addr: self.test_server.prosody.c2s_addr(),
            jid: &format!("{username}@{HOST}"),
            password,
            ca_file: Some(&file),
        };
        login.run("login", &json!({})).unwrap()["welcome"] == true
    }

    /// Asserts that the invite is unused.
    pub(crate) fn assert_unused(&self, invite: &Invite) {
        let now = self.test_server.show(invite);
        assert_eq!((&now["state"], &now["uses"]), (&json!("pending"), &json!(0)), "{now}");
    }
}

pub(crate) fn route_to(address: SocketAddr, encryption: Encryption, trust: TrustAnchors) -> Route {
    Route::new(Some(&address.to_string()), encryption, trust).unwrap()
}

pub(crate) fn host() -> Host {
    Host::parse(HOST).unwrap()
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
