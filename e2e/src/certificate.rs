//! Certificates, made for one test.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use sha2::{Digest, Sha256};

use crate::HarnessError;

/// A certificate that signed itself, and its key.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate, as files have it.
    pub pem: String,
    /// The certificate, as TLS sends it.
    pub der: Vec<u8>,
    /// The key (PKCS #8), as files have it.
    pub key_pem: String,
    /// The key (PKCS #8).
    pub key_der: Vec<u8>,
}

impl Certificate {
    /// For a server of this name. `authority` says whether it calls itself an authority (`CA:TRUE`), as the ones do
    /// that Prosody's own tool makes.
    ///
    /// # Errors
    /// When the name is none.
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

    /// Its SHA-256, as `openssl x509 -noout -fingerprint -sha256` prints it.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}
