//! The stanzas of a registration.

use vestibule_core::{Host, MAX_PASSWORD_BYTES, PreauthToken, RegistrarError, RegistrationRequest};
use zeroize::Zeroizing;

use crate::{ns, xml::escape};

/// The id of the stanza with the token. A connection is used for one registration, so fixed ids suffice.
pub(crate) const PREAUTH_ID: &str = "vestibule-1";

/// The id of the stanza with username and password.
pub(crate) const REGISTER_ID: &str = "vestibule-2";

/// The stanzas of one registration, zeroized on drop.
pub(crate) struct Request {
    pub(crate) preauth: Zeroizing<String>,
    pub(crate) register: Zeroizing<String>,
}

impl Request {
    /// Builds the stanzas; rejects characters that XML does not allow.
    pub(crate) fn prepare(registration: &RegistrationRequest) -> Result<Self, RegistrarError> {
        const INVALID_CHARACTER: &str = "it contains a character that XMPP cannot transmit";
        let host = &registration.host;
        let preauth = preauth(host, &registration.token).ok_or(RegistrarError::TokenRefused)?;
        let username = escape(registration.username.as_str())
            .map_err(|_| RegistrarError::UsernameNotAllowed(INVALID_CHARACTER.to_owned()))?;
        let password = registration.password.expose();
        if password.len() > MAX_PASSWORD_BYTES {
            return Err(RegistrarError::PasswordNotAllowed("it is too long".to_owned()));
        }
        let password =
            escape(password).map_err(|_| RegistrarError::PasswordNotAllowed(INVALID_CHARACTER.to_owned()))?;
        Ok(Self {
            preauth,
            register: joined(&[
                &format!(
                    "<iq type='set' id='{REGISTER_ID}' to='{host}'><query xmlns='{}'><username>",
                    ns::REGISTER
                ),
                &username,
                "</username><password>",
                &password,
                "</password></query></iq>",
            ]),
        })
    }
}

/// The stanza that presents a token. `None` if XML does not allow its characters.
pub(crate) fn preauth(host: &Host, token: &PreauthToken) -> Option<Zeroizing<String>> {
    let begin =
        format!("<iq type='set' id='{PREAUTH_ID}' to='{host}'><preauth xmlns='{}' token='", ns::PREAUTH);
    Some(joined(&[&begin, &*escape(token.expose()).ok()?, "'/></iq>"]))
}

/// Concatenates the parts with the full capacity from the start, so that growing leaves no copy behind.
pub(crate) fn joined(parts: &[&str]) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        whole.push_str(part);
    }
    whole
}
