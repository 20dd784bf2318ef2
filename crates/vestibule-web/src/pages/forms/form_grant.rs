//! The grant in a form, with which it can be sent after the invite has expired.
//!
//! An app checks the token before its user chooses a name, and expiry does not matter after that (XEP-0445 section 4).
//! Opening a form corresponds to that check, so the form carries an admission of that time, valid for an hour.

use vestibule_core::{PreauthToken, TokenRefusal};

use crate::pages::invite_context::InviteContext;

/// The length of a form's name in its page.
const NAME_LEN: usize = 16;

/// The admission of the time when a form was opened: the value of its hidden field.
#[derive(Clone, Debug, Default)]
pub(super) struct FormGrant(String);

impl FormGrant {
    /// A grant for a form that is opened now. Without randomness it is empty, and the form can be sent until the invite
    /// expires.
    pub(super) fn new(ctx: &InviteContext) -> Self {
        let grant = ctx.state.invite_service.form_grant(&ctx.invite).inspect_err(|error| {
            tracing::warn!(%error, "a form cannot be made to outlive its invite");
        });
        Self(grant.unwrap_or_default())
    }

    /// Reads the grant of a submitted form; `None` if it is invalid or has expired.
    pub(super) fn read(ctx: &InviteContext, text: &str) -> Option<Self> {
        let admission = ctx.state.invite_service.read_admission(ctx.invite.id, text)?;
        (admission.at < ctx.invite.expires_at).then(|| Self(text.to_owned()))
    }

    /// The value of the hidden field.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The token for the XMPP server.
    pub(super) fn preauth(&self, ctx: &InviteContext) -> PreauthToken {
        match self.0.as_str() {
            "" => (&ctx.token).into(),
            grant => PreauthToken::with_grant(&ctx.token, grant),
        }
    }
}

/// The name of a form: the beginning of its grant, which is random. The script keeps the password under this name, so
/// that the page of the account shows that of this form, and no other.
pub(super) fn name_of(grant: &str) -> &str {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    grant.get(..NAME_LEN).filter(|name| name.bytes().all(is_legal)).unwrap_or_default()
}

/// Why a form cannot be sent with this invite; `None` if it can, or if it may have been sent before.
pub(super) fn refusal(reason: Option<TokenRefusal>, grant: Option<&FormGrant>) -> Option<TokenRefusal> {
    reason.filter(|reason| match reason {
        // The person who redeemed the invite may send the form again.
        TokenRefusal::Used | TokenRefusal::Busy { .. } => false,
        TokenRefusal::Expired => grant.is_none(),
        TokenRefusal::Unknown | TokenRefusal::Revoked | TokenRefusal::TooManyAttempts { .. } => true,
    })
}
