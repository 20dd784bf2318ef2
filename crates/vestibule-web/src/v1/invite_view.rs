//! An invite as JSON.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use vestibule_core::{Invite, InviteService, MintedInvite, Timestamp, Token, rules, xmpp_uri};

use super::enum_schemas;
use crate::Links;

/// An invite as in the API and in `--json`. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Invite)]
pub struct InviteView {
    /// Public id.
    pub id: String,
    /// The host.
    pub host: String,
    /// Kind of the invite.
    #[schema(schema_with = enum_schemas::kind)]
    pub kind: &'static str,
    /// Secret token; `null` for keys without `invites:manage`, and if the seal key cannot decrypt it.
    #[schema(required)]
    pub token: Option<String>,
    /// Link for the invited person.
    #[schema(required)]
    pub url: Option<String>,
    /// The `xmpp:` URI for apps.
    #[schema(required)]
    pub uri: Option<String>,
    /// The only username that can redeem the invite.
    #[schema(required)]
    pub username: Option<String>,
    /// Username of the inviting member.
    #[schema(required)]
    pub inviter: Option<String>,
    /// Groups that the new account joins.
    pub groups: Vec<String>,
    /// Roles that the new account gets.
    pub roles: Vec<String>,
    /// Maximum number of redemptions; `null` means no limit.
    #[schema(required)]
    pub max_uses: Option<u32>,
    /// Number of redemptions.
    pub uses: u32,
    /// `pending`, `used`, `expired` or `revoked`.
    #[schema(schema_with = enum_schemas::state)]
    pub state: &'static str,
    /// Time of creation.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Expiry.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Time of revocation.
    #[schema(required, format = DateTime)]
    pub revoked_at: Option<String>,
    /// Time of the last request for a renewal; `null` without one, and once the invite is renewed or revoked.
    #[schema(required, format = DateTime)]
    pub renewal_requested_at: Option<String>,
    /// Creator: `api/token/ID` for a key, `cli`, `service`.
    pub source: String,
    /// A note for people.
    #[schema(required)]
    pub note: Option<String>,
    /// An arbitrary object, stored unchanged.
    #[schema(required, value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
    /// A word to the invited person, in plain text.
    #[schema(required)]
    pub message: Option<String>,
    /// Display name of the inviter, chosen by the creator of the invite; it proves nothing.
    #[schema(required)]
    pub inviter_name: Option<String>,
    /// Language of the pages for a visitor without a preference, in canonical case.
    #[schema(required)]
    pub language: Option<String>,
}

impl InviteView {
    /// A stored invite in its current state, with its links if the seal key decrypts the token.
    pub fn stored(invite: Invite, invite_service: &InviteService, links: &Links) -> Self {
        let token = invite_service.unseal_token(&invite).ok();
        Self::new(invite, token.as_ref(), links, invite_service.now())
    }

    /// An invite in its state at creation, so that a repeated request gets the same response.
    pub(super) fn minted(minted: MintedInvite, links: &Links) -> Self {
        let now = minted.invite.created_at;
        Self::new(minted.invite, Some(&minted.token), links, now)
    }

    /// An invite in its state at `now`.
    pub fn new(invite: Invite, token: Option<&Token>, links: &Links, now: Timestamp) -> Self {
        Self {
            id: invite.id.to_string(),
            host: invite.host.to_string(),
            kind: invite.kind.as_str(),
            token: token.map(|token| token.expose().to_owned()),
            url: token.map(|token| links.link(&invite, token)),
            uri: token.map(|token| xmpp_uri(&invite, token)),
            state: rules::state(&invite, now).as_str(),
            username: invite.username.map(|name| name.to_string()),
            inviter: invite.inviter.map(|name| name.to_string()),
            groups: invite.groups,
            roles: invite.roles,
            max_uses: invite.max_uses,
            uses: invite.uses,
            created_at: invite.created_at.to_string(),
            expires_at: invite.expires_at.to_string(),
            revoked_at: invite.revoked_at.map(|at| at.to_string()),
            renewal_requested_at: invite.renewal_requested_at.map(|at| at.to_string()),
            source: invite.source.to_string(),
            note: invite.note,
            data: invite.data,
            message: invite.message.map(|message| message.to_string()),
            inviter_name: invite.inviter_name.map(|name| name.to_string()),
            language: invite.language.map(|language| language.to_string()),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A sample for tests.
    pub(crate) fn sample() -> InviteView {
        let text = |text: &str| Some(text.to_owned());
        InviteView {
            id: "ID".to_owned(),
            host: "a.example".to_owned(),
            kind: "account",
            token: text("T"),
            url: text("https://a.example/invite/T"),
            uri: text("xmpp:a.example?register;preauth=T"),
            username: None,
            inviter: None,
            groups: Vec::new(),
            roles: Vec::new(),
            max_uses: Some(1),
            uses: 0,
            state: "pending",
            created_at: "2027-01-08T08:00:00Z".to_owned(),
            expires_at: "2027-01-15T08:00:00Z".to_owned(),
            revoked_at: None,
            renewal_requested_at: None,
            source: "cli".to_owned(),
            note: None,
            data: None,
            message: None,
            inviter_name: None,
            language: None,
        }
    }
}
