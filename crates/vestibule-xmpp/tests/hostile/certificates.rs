//! Servers with certificates that were made for one test.

use std::{ops::Deref, sync::Arc};

use tokio_rustls::rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::ring,
    pki_types::PrivateKeyDer,
    version::{TLS12, TLS13},
};
use vestibule_e2e::Certificate;

/// A certificate that signed itself.
pub(crate) struct Made(Certificate);

impl Deref for Made {
    type Target = Certificate;

    fn deref(&self) -> &Certificate {
        &self.0
    }
}

impl Made {
    /// For this name; `authority` says whether it calls itself one.
    pub(crate) fn of(name: &str, authority: bool) -> Self {
        Self(Certificate::new(name, authority).unwrap())
    }

    /// For a server that has it.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        self.server_of(&[&TLS12, &TLS13], &[])
    }

    /// For a server that speaks TLS 1.2 alone.
    pub(crate) fn old_server(&self) -> Arc<ServerConfig> {
        self.server_of(&[&TLS12], &[])
    }

    /// For a server that speaks only this protocol inside (ALPN).
    pub(crate) fn server_for(&self, protocol: &[u8]) -> Arc<ServerConfig> {
        self.server_of(&[&TLS12, &TLS13], &[protocol.to_vec()])
    }

    fn server_of(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[Vec<u8>],
    ) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key_der.clone()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone().into()], key)
            .unwrap();
        config.alpn_protocols = protocols.to_vec();
        Arc::new(config)
    }
}
