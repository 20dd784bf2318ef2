//! Servers with generated certificates.

use std::{ops::Deref, sync::Arc};

use tokio_rustls::rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::ring,
    pki_types::PrivateKeyDer,
    version::{TLS12, TLS13},
};
use vestibule_e2e::Certificate;

/// A self-signed certificate.
pub(crate) struct SelfSigned(Certificate);

impl Deref for SelfSigned {
    type Target = Certificate;

    fn deref(&self) -> &Certificate {
        &self.0
    }
}

impl SelfSigned {
    /// A certificate for this name. `authority` marks it as a certificate authority.
    pub(crate) fn of(name: &str, authority: bool) -> Self {
        Self(Certificate::new(name, authority).unwrap())
    }

    /// The configuration of a server with this certificate.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        self.server_of(&[&TLS12, &TLS13], &[])
    }

    /// The configuration of a server that supports only TLS 1.2.
    pub(crate) fn old_server(&self) -> Arc<ServerConfig> {
        self.server_of(&[&TLS12], &[])
    }

    /// The configuration of a server that offers only this ALPN protocol.
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
