//! Trust in one pinned certificate.

use std::str::FromStr;

use rustls::{
    DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use vestibule_core::hex;

/// The SHA-256 of a certificate in its DER form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    fn matches(&self, certificate: &[u8]) -> bool {
        bool::from(self.0.ct_eq(Sha256::digest(certificate).as_slice()))
    }
}

impl FromStr for Fingerprint {
    type Err = ();

    /// Parses 64 hexadecimal digits, with or without colons between the bytes.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = text.replace(':', "");
        let colons = text.len() != plain.len();
        if plain.len() != 64 || colons && text.len() != 95 {
            return Err(());
        }
        hex::decode(&plain).map(Self).ok_or(())
    }
}

/// Accepts the pinned certificate, or any if there is no pin. TLS still proves that the server has its private key.
#[derive(Debug)]
pub(crate) struct PinnedCertificate {
    fingerprint: Option<Fingerprint>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedCertificate {
    pub(crate) fn new(fingerprint: Option<Fingerprint>, algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { fingerprint, algorithms }
    }
}

impl ServerCertVerifier for PinnedCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.fingerprint.is_none_or(|fingerprint| fingerprint.matches(end_entity)) {
            return Ok(ServerCertVerified::assertion());
        }
        let sha256 = hex::encode(&Sha256::digest(end_entity));
        Err(Error::General(format!(
            "the server's certificate is not the pinned one; its SHA-256 is {sha256}"
        )))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_openssl_is_parsed() {
        let bytes = Sha256::digest(b"certificate");
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [hex.concat(), hex.concat().to_uppercase(), hex.join(":"), hex.join(":").to_uppercase()] {
            let read: Fingerprint = text.parse().unwrap();
            assert!(read.matches(b"certificate") && !read.matches(b"another"), "{text}");
        }
    }

    #[test]
    fn other_text_is_rejected() {
        let signs = "+1".repeat(32);
        let wide = "é".repeat(32);
        for text in
            ["", "ab", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &signs, &wide, &":".repeat(95)]
        {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }
}
