//! Trusted certificates.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::pinned_certificate::{Fingerprint, PinnedCertificate};

/// The trusted certificates of an XMPP server.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    /// The system's certificate authorities, loaded on first use.
    #[default]
    System,
    /// Only these authorities.
    Authorities(Arc<RootCertStore>),
    /// Only this certificate, regardless of its contents.
    PinnedCertificate(Fingerprint),
    /// Any certificate.
    Unchecked,
}

/// Invalid trust settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// No certificates in PEM format.
    #[error("it contains no certificate: expected PEM, with -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    /// Not the fingerprint of a certificate.
    #[error(
        "expected the SHA-256 of the certificate in 64 hexadecimal digits, as \
         `openssl x509 -noout -fingerprint -sha256 -in FILE` prints it"
    )]
    NoFingerprint,
}

impl TrustAnchors {
    /// The system's certificate authorities.
    pub fn system_roots() -> Self {
        Self::default()
    }

    /// Only the certificates in `pem`, instead of the system's. It may contain the server's own certificate, unless
    /// that is marked as an authority (`CA:TRUE`).
    pub fn authorities(pem: &[u8]) -> Result<Self, TrustError> {
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| TrustError::NoCertificate)?;
            store.add(certificate).map_err(|_| TrustError::NoCertificate)?;
        }
        if store.is_empty() {
            Err(TrustError::NoCertificate)
        } else {
            Ok(Self(Kind::Authorities(Arc::new(store))))
        }
    }

    /// The one certificate with this SHA-256 of its DER form, in hexadecimal digits with or without colons. Its
    /// names, validity and key usage are ignored.
    pub fn pinned(fingerprint: &str) -> Result<Self, TrustError> {
        fingerprint
            .parse()
            .map(|pinned| Self(Kind::PinnedCertificate(pinned)))
            .map_err(|()| TrustError::NoFingerprint)
    }

    /// Accepts any certificate. No secrets may be sent to such a server.
    pub(crate) fn unchecked() -> Self {
        Self(Kind::Unchecked)
    }

    /// The TLS configuration of a client.
    pub fn client_config(&self) -> Result<Arc<ClientConfig>, String> {
        self.config(None)
    }

    /// The TLS configuration; `protocol` is the ALPN protocol, if any.
    pub(crate) fn config(&self, protocol: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let mut config = match &self.0 {
            Kind::System => builder.with_root_certificates(system_roots()?).with_no_client_auth(),
            Kind::Authorities(store) => {
                builder.with_root_certificates(Arc::clone(store)).with_no_client_auth()
            }
            Kind::PinnedCertificate(fingerprint) => builder
                .dangerous()
                .with_custom_certificate_verifier(pinned(Some(*fingerprint), &provider))
                .with_no_client_auth(),
            Kind::Unchecked => builder
                .dangerous()
                .with_custom_certificate_verifier(pinned(None, &provider))
                .with_no_client_auth(),
        };
        config.alpn_protocols = protocol.map(<[u8]>::to_vec).into_iter().collect();
        // Each registration has its own connection, so sessions are not resumed.
        config.resumption = Resumption::disabled();
        Ok(Arc::new(config))
    }
}

fn pinned(fingerprint: Option<Fingerprint>, provider: &CryptoProvider) -> Arc<PinnedCertificate> {
    Arc::new(PinnedCertificate::new(fingerprint, provider.signature_verification_algorithms))
}

/// The system's authorities, read once; retried if there were none.
fn system_roots() -> Result<Arc<RootCertStore>, String> {
    static FOUND: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(store) = FOUND.get() {
        return Ok(Arc::clone(store));
    }
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return Err("the system has no certificate authorities (is the package ca-certificates installed?)"
            .to_owned());
    }
    Ok(Arc::clone(FOUND.get_or_init(|| Arc::new(store))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_e2e::Certificate;

    #[test]
    fn invalid_certificates_are_rejected() {
        for pem in ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert_eq!(
                TrustAnchors::authorities(pem.as_bytes()).unwrap_err(),
                TrustError::NoCertificate,
                "{pem}"
            );
        }
        let key = Certificate::new("a.example", false).unwrap().key_pem;
        assert_eq!(TrustAnchors::authorities(key.as_bytes()).unwrap_err(), TrustError::NoCertificate);
    }

    #[test]
    fn authorities_are_read_from_pem() {
        let made = Certificate::new("a.example", false).unwrap().pem;
        assert!(
            TrustAnchors::authorities(format!("words\n{made}{made}").as_bytes())
                .unwrap()
                .config(None)
                .is_ok()
        );
    }
}
