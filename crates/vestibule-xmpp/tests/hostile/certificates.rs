//! Certificates, made for one test.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    version::{TLS12, TLS13},
};

/// A certificate that signed itself.
pub(crate) struct Made {
    pub(crate) pem: String,
    der: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Made {
    /// For this name; `ca` says whether it calls itself an authority.
    pub(crate) fn of(name: &str, ca: bool) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = if ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().clone(), key: key.serialize_der() }
    }

    /// As `openssl x509 -fingerprint -sha256` prints it.
    pub(crate) fn fingerprint(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
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
        versions: &[&'static tokio_rustls::rustls::SupportedProtocolVersion],
        protocols: &[Vec<u8>],
    ) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key.clone()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.to_vec();
        Arc::new(config)
    }
}
