//! What a database contains, as JSON that does not depend on the types of a version.

use serde_json::{Value, json};
use vestibule_core::{
    Event, EventQuery, Invite, InviteQuery, InviterName, KeyId, KeyRecord, LanguageTag, Message, Principal,
    Redemption, Timestamp, Username,
};

use crate::suite::test_store::TestStore;

/// Everything that is listed to the operator of a host.
pub(super) async fn listed(test: &TestStore, by: &Principal) -> Value {
    let query = InviteQuery { limit: 1_000, ..InviteQuery::default() };
    let found = test.store.invites(by, query).await.unwrap().items;
    let mut invites = Vec::new();
    for invite in &found {
        let (_, redemptions) = test.details(by, invite.id).await;
        let mut shown = invite_text(invite);
        shown["redemptions"] = redemptions.iter().map(redemption_text).collect();
        invites.push(shown);
    }
    let keys: Value = test.store.keys(by).await.unwrap().iter().map(key_text).collect();
    let events = test.store.events(by, EventQuery { after: 0, limit: 1_000 }).await.unwrap().items;
    let events: Value = events.iter().map(event_text).collect();
    json!({ "invites": invites, "keys": keys, "events": events })
}

fn invite_text(invite: &Invite) -> Value {
    let mut text = json!({
        "id": invite.id.to_string(),
        "host": invite.host.as_str(),
        "kind": invite.kind.as_str(),
        "username": invite.username.as_ref().map(Username::as_str),
        "inviter": invite.inviter.as_ref().map(Username::as_str),
        "groups": invite.groups,
        "roles": invite.roles,
        "max_uses": invite.max_uses,
        "uses": invite.uses,
        "created_at": invite.created_at.as_millis(),
        "expires_at": invite.expires_at.as_millis(),
        "revoked_at": invite.revoked_at.map(Timestamp::as_millis),
        "used_at": invite.used_at.map(Timestamp::as_millis),
        "source": invite.source.as_str(),
        "note": invite.note,
        "data": invite.data,
    });
    // The contents of versions without these fields do not name them.
    let said = [
        ("message", invite.message.as_ref().map(Message::as_str)),
        ("inviter_name", invite.inviter_name.as_ref().map(InviterName::as_str)),
        ("language", invite.language.as_ref().map(LanguageTag::as_str)),
    ];
    for (name, value) in said {
        if let Some(value) = value {
            text[name] = value.into();
        }
    }
    if let Some(at) = invite.renewal_requested_at {
        text["renewal_requested_at"] = at.as_millis().into();
    }
    text
}

fn redemption_text(redemption: &Redemption) -> Value {
    json!({
        "claim": redemption.claim.to_string(),
        "username": redemption.username.as_ref().map(Username::as_str),
        "jid": redemption.jid.as_str(),
        "via": redemption.via.as_str(),
        "at": redemption.at.as_millis(),
        "over_use": redemption.over_use,
    })
}

fn key_text(key: &KeyRecord) -> Value {
    json!({
        "id": key.id.as_str(),
        "name": key.name,
        "scopes": key.scopes.to_string(),
        "created_at": key.created_at.as_millis(),
        "expires_at": key.expires_at.map(Timestamp::as_millis),
        "rate": key.rate.map(|rate| rate.to_string()),
        "last_used_at": key.last_used_at.map(Timestamp::as_millis),
        "parent": key.parent.as_ref().map(KeyId::as_str),
    })
}

fn event_text(event: &Event) -> Value {
    json!({
        "seq": event.seq,
        "at": event.at.as_millis(),
        "source": event.source.as_str(),
        "action": event.action.as_str(),
        "subject": event.subject,
        "detail": event.detail,
    })
}
