//! A redemption as JSON.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::Redemption;

/// A redemption of an invite, as in the API and in `--json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Redemption)]
pub struct RedemptionView {
    /// The id of the claim.
    pub claim: String,
    /// The claimed username; `null` for a contact invite.
    #[schema(required)]
    pub username: Option<String>,
    /// The bare JID that redeemed the invite.
    pub jid: String,
    /// The channel: `ibr`, `web` and so on.
    pub via: String,
    /// Time of the redemption, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whether the redemption exceeded `max_uses`.
    pub over_use: bool,
}

impl From<&Redemption> for RedemptionView {
    fn from(redemption: &Redemption) -> Self {
        Self {
            claim: redemption.claim.to_string(),
            username: redemption.username.as_ref().map(ToString::to_string),
            jid: redemption.jid.to_string(),
            via: redemption.via.as_str().to_owned(),
            at: redemption.at.to_string(),
            over_use: redemption.over_use,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use vestibule_core::{ClaimId, Host, Timestamp, Username, Via};

    #[test]
    fn all_fields_are_serialized() {
        let username = Username::parse("juliet").unwrap();
        let redemption = Redemption {
            claim: ClaimId::from_bytes([0; 16]),
            jid: username.at(&Host::parse("a.example").unwrap()),
            username: Some(username),
            via: Via::parse("ibr").unwrap(),
            at: Timestamp::from_millis(1_800_000_000_000),
            over_use: false,
        };
        let expected = json!({
            "claim": "00000000000000000000000000",
            "username": "juliet",
            "jid": "juliet@a.example",
            "via": "ibr",
            "at": "2027-01-15T08:00:00Z",
            "over_use": false,
        });
        assert_eq!(json!(RedemptionView::from(&redemption)), expected);
        let contact = RedemptionView::from(&Redemption { username: None, ..redemption });
        assert_eq!(json!(contact)["username"], json!(null));
    }
}
