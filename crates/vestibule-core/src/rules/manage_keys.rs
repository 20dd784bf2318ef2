//! Rules for keys that manage keys.

use crate::{Expiry, FieldError, KeyRecord, Rate, Refusal, Scopes, Timestamp};

/// Maximum number of keys of a host.
pub const MAX_KEYS: u32 = 1_000;

/// Whether `actor` may delete `other`: only keys without scopes that it lacks.
pub fn may_delete_key(actor: &KeyRecord, other: &KeyRecord) -> Result<(), Refusal> {
    actor.scopes.first_missing(other.scopes).map_or(Ok(()), |scope| Err(Refusal::Forbidden(scope)))
}

/// The expiry of a key created at `now`.
pub fn key_expires_at(expiry: Expiry, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    match expiry {
        Expiry::Policy => Ok(None),
        Expiry::In(span) => Ok(Some(now.plus(span))),
        Expiry::At(at) if at <= now => Err(Refusal::field(expiry.field(), "must be in the future")),
        Expiry::At(at) => Ok(Some(at)),
    }
}

/// Whether `maker` may create a key with these properties at `now`: no more scopes, no longer lifetime and no higher
/// rate than its own.
pub fn may_create_key(
    maker: &KeyRecord,
    scopes: Scopes,
    expiry: Expiry,
    rate: Option<Rate>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let expires_at = key_expires_at(expiry, now)?;
    let mut errors = Vec::new();
    if !maker.scopes.covers(scopes) {
        errors.push(FieldError::new("scopes", "a key cannot create a key with more scopes than its own"));
    }
    if maker.expires_at.is_some_and(|end| expires_at.is_none_or(|at| at > end)) {
        errors.push(FieldError::new(expiry.field(), "a key cannot create a key that expires later"));
    }
    if maker.rate.is_some_and(|limit| rate.is_none_or(|rate| rate.is_faster_than(limit))) {
        errors.push(FieldError::new("rate", "a key cannot create a key with a higher rate than its own"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiKey, Host, Scope, random::tests::Counter};

    #[test]
    fn a_key_cannot_delete_a_more_powerful_one() {
        let text = ApiKey::draw(&Counter::default()).unwrap();
        let key = |scopes| KeyRecord {
            id: text.id.clone(),
            host: Host::parse("example.com").unwrap(),
            name: None,
            scopes,
            created_at: Timestamp::from_millis(0),
            expires_at: None,
            rate: None,
            last_used_at: None,
            parent: None,
            secret: text.hash(),
        };
        let manager = key([Scope::KeysManage, Scope::Redeem].into_iter().collect());
        assert_eq!(may_delete_key(&manager, &key(Scope::Redeem.into())), Ok(()));
        assert_eq!(
            may_delete_key(&manager, &key(Scopes::ALL)),
            Err(Refusal::Forbidden(Scope::InvitesCreate))
        );
        assert_eq!(may_delete_key(&key(Scopes::ALL), &manager), Ok(()));
    }

    #[test]
    fn a_key_cannot_create_a_more_powerful_one() {
        let text = ApiKey::draw(&Counter::default()).unwrap();
        let now = Timestamp::from_millis(1_800_000_000_000);
        let moment = |after| Timestamp::from_millis(now.as_millis() + after);
        let (end, later) = (Expiry::At(moment(2)), Expiry::At(moment(3)));
        let rate = |text: &str| text.parse::<Rate>().ok();
        let maker = KeyRecord {
            id: text.id.clone(),
            host: Host::parse("example.com").unwrap(),
            name: None,
            scopes: [Scope::KeysManage, Scope::Redeem].into_iter().collect(),
            created_at: now,
            expires_at: Some(moment(2)),
            rate: rate("60/min"),
            last_used_at: None,
            parent: None,
            secret: text.hash(),
        };
        let redeem: Scopes = [Scope::Redeem].into_iter().collect();
        assert_eq!(may_create_key(&maker, redeem, end, rate("1/s"), now), Ok(()));
        let fields = |scopes, expiry, rate| match may_create_key(&maker, scopes, expiry, rate, now) {
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            _ => Vec::new(),
        };
        assert_eq!(fields(Scopes::ALL, end, rate("60/min")), ["scopes"]);
        assert_eq!(fields(redeem, later, rate("60/min")), ["expires_at"]);
        assert_eq!(fields(redeem, Expiry::Policy, rate("2/s")), ["expires_in", "rate"]);
        assert_eq!(fields(redeem, end, rate("61/h")), ["rate"], "a larger burst");
        assert_eq!(fields(redeem, end, None), ["rate"]);
    }
}
