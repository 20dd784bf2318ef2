//! What a form carries along so that it may be sent although the invite expires while it is filled in.
//!
//! XEP-0445 section 4 has an app check the token once, before its user chooses a name; expiry is of no account from
//! then on. A form is opened where an app checks, so it carries an admission of that moment, which is good for an hour.

use vestibule_core::{PreauthToken, TokenRefusal};

use crate::pages::invite_context::InviteContext;

/// The admission of the moment when a form was opened; the text of the hidden field.
#[derive(Clone, Debug, Default)]
pub(super) struct FormGrant(String);

impl FormGrant {
    /// A grant for a form that is opened now. Without randomness there is none: then the form is good until the
    /// invite expires.
    pub(super) fn of_now(ctx: &InviteContext<'_>) -> Self {
        let grant = ctx.state.invite_service.form_grant(&ctx.invite).inspect_err(|error| {
            tracing::warn!(%error, "a form cannot be made to outlive its invite");
        });
        Self(grant.unwrap_or_default())
    }

    /// The grant that a form was sent with; none where it is not good any more, or never was.
    pub(super) fn form_data(ctx: &InviteContext<'_>, text: &str) -> Option<Self> {
        let admission = ctx.state.invite_service.read_admission(ctx.invite.id, text)?;
        (admission.at < ctx.invite.expires_at).then(|| Self(text.to_owned()))
    }

    /// The text of the hidden field.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is presented to the XMPP server.
    pub(super) fn preauth(&self, ctx: &InviteContext<'_>) -> PreauthToken {
        match self.0.as_str() {
            "" => (&ctx.token).into(),
            grant => PreauthToken::with_grant(&ctx.token, grant),
        }
    }
}

/// Why a form cannot be sent with this invite; `None` where it can, or where it may turn out to have been sent before.
pub(super) fn refusal(why: Option<TokenRefusal>, grant: Option<&FormGrant>) -> Option<TokenRefusal> {
    why.filter(|why| match why {
        // Somebody who has come in with it may send the form again.
        TokenRefusal::Used | TokenRefusal::Busy { .. } => false,
        TokenRefusal::Expired => grant.is_none(),
        TokenRefusal::Unknown | TokenRefusal::Revoked | TokenRefusal::TooManyAttempts { .. } => true,
    })
}
