//! Receipts of forms.

use std::time::Duration;

use crate::{InviteId, Timestamp, Username};

/// The time for which a browser can open the page after its form.
pub const RECEIPT_LIFETIME: Duration = Duration::from_hours(1);

/// Proof for a browser that its form has created an account or set a password.
///
/// The browser keeps it as opaque text, sealed with the key of this installation. It contains no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormReceipt {
    /// The redeemed invite.
    pub invite: InviteId,
    /// Time of the success.
    pub at: Timestamp,
    /// The account.
    pub username: Username,
    /// The form, as its page called it.
    pub form: String,
    /// The id of the app that the visitor chose.
    pub client_app: Option<String>,
}

impl FormReceipt {
    /// The content to seal. The separator occurs in no part: control characters are not allowed in usernames.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.invite.to_bytes().to_vec();
        bytes.extend(self.at.as_millis().to_be_bytes());
        let app = self.client_app.as_deref().unwrap_or_default();
        bytes.extend([self.username.as_str(), &self.form, app].join("\n").bytes());
        bytes
    }

    /// Reads the content of a sealed receipt.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (invite, rest) = bytes.split_first_chunk::<16>()?;
        let (at, text) = rest.split_first_chunk::<8>()?;
        let mut parts = std::str::from_utf8(text).ok()?.splitn(3, '\n');
        let (username, form, app) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            invite: InviteId::from_bytes(*invite),
            at: Timestamp::from_millis(i64::from_be_bytes(*at)),
            username: Username::parse(username).ok()?,
            form: form.to_owned(),
            client_app: Some(app.to_owned()).filter(|app| !app.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_receipt_is_read_back(
            millis: i64,
            form in "[A-Za-z0-9_-]{0,22}",
            app in proptest::option::of("[a-z0-9-]{1,20}"),
        ) {
            let receipt = FormReceipt {
                invite: InviteId::from_bytes([7; 16]),
                at: Timestamp::from_millis(millis),
                username: Username::parse("jürgen").unwrap(),
                form,
                client_app: app,
            };
            prop_assert_eq!(FormReceipt::from_bytes(&receipt.to_bytes()), Some(receipt));
        }

        #[test]
        fn other_bytes_are_rejected_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = FormReceipt::from_bytes(&bytes);
        }
    }
}
