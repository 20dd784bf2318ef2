//! Certificates for tests.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use sha2::{Digest, Sha256};

use crate::HarnessError;

/// A self-signed certificate and its key.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate as PEM.
    pub pem: String,
    /// The certificate as DER.
    pub der: Vec<u8>,
    /// The key (PKCS #8) as PEM.
    pub key_pem: String,
    /// The key (PKCS #8) as DER.
    pub key_der: Vec<u8>,
}

impl Certificate {
    /// Creates a certificate for a server of this name. With `authority` it is marked as an authority (`CA:TRUE`), like
    /// those of Prosody's own tool.
    ///
    /// # Errors
    /// If the name is invalid.
    pub fn new(name: &str, authority: bool) -> Result<Self, HarnessError> {
        Self::make(name, authority).map_err(|error| HarnessError::NotReady {
            program: "rcgen".to_owned(),
            why: error.to_string(),
            output: String::new(),
        })
    }

    fn make(name: &str, authority: bool) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = if authority { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
        let made = params.self_signed(&key)?;
        Ok(Self {
            pem: made.pem(),
            der: made.der().to_vec(),
            key_pem: key.serialize_pem(),
            key_der: key.serialize_der(),
        })
    }

    /// Returns its SHA-256 fingerprint, in the format of `openssl x509 -noout -fingerprint -sha256`.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}
