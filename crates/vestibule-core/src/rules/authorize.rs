//! Verification of keys.

use crate::{KeyRecord, PresentedKey, Refusal, Scopes, Timestamp};

/// Verifies a presented key against the stored one, if any. Each of the `needed` scopes is required.
///
/// Unknown, wrong and expired keys get the same answer, so that it does not reveal which ids exist.
pub fn authorize(
    found: Option<&KeyRecord>,
    presented: &PresentedKey,
    needed: impl Into<Scopes>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let key = found.filter(|key| key.secret == presented.secret).ok_or(Refusal::Unauthorized)?;
    if key.expires_at.is_some_and(|end| end <= now) {
        return Err(Refusal::Unauthorized);
    }
    key.scopes.first_missing(needed.into()).map_or(Ok(()), |scope| Err(Refusal::Forbidden(scope)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiKey, Host, Scope, random::tests::Counter};

    #[test]
    fn a_valid_secret_before_expiry_with_the_scope_is_required() {
        let randomness = Counter::default();
        let (text, other) = (ApiKey::draw(&randomness).unwrap(), ApiKey::draw(&randomness).unwrap());
        let now = Timestamp::from_millis(1_800_000_000_000);
        let record = KeyRecord {
            id: text.id.clone(),
            host: Host::parse("example.com").unwrap(),
            name: None,
            scopes: Scopes::default(),
            created_at: now,
            expires_at: Some(Timestamp::from_millis(now.as_millis() + 1)),
            rate: None,
            last_used_at: None,
            parent: None,
            secret: text.hash(),
        };
        let good = PresentedKey { id: text.id.clone(), secret: text.hash() };
        let wrong = PresentedKey { id: text.id.clone(), secret: other.hash() };
        let decide = |found, key, scope: Scope, at| authorize(found, key, scope, Timestamp::from_millis(at));
        let millis = now.as_millis();
        assert_eq!(decide(Some(&record), &good, Scope::InvitesCreate, millis), Ok(()));
        assert_eq!(
            decide(Some(&record), &good, Scope::Redeem, millis),
            Err(Refusal::Forbidden(Scope::Redeem))
        );
        assert_eq!(decide(Some(&record), &wrong, Scope::InvitesCreate, millis), Err(Refusal::Unauthorized));
        assert_eq!(decide(None, &good, Scope::InvitesCreate, millis), Err(Refusal::Unauthorized));
        assert_eq!(
            decide(Some(&record), &good, Scope::InvitesCreate, millis + 1),
            Err(Refusal::Unauthorized)
        );
    }
}
