//! What a key may make of other keys.

use crate::{FieldError, KeyRecord, Rate, Refusal, Scopes, Timestamp};

/// Decides whether `maker` may make a key with these properties: none that may do more than itself, live
/// longer, or be used faster.
pub fn may_make(
    maker: &KeyRecord,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
    rate: Option<Rate>,
) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    if !maker.scopes.covers(scopes) {
        errors.push(FieldError::new("scopes", "a key can make none that may do more than itself"));
    }
    if maker.expires_at.is_some_and(|end| expires_at.is_none_or(|at| at > end)) {
        errors.push(FieldError::new("expires_in", "a key can make none that lives longer than itself"));
    }
    if maker.rate.is_some_and(|limit| rate.is_none_or(|rate| rate.is_faster_than(limit))) {
        errors.push(FieldError::new("rate", "a key can make none that may be used faster than itself"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Host, KeyText, Scope, random::tests::Counter};

    #[test]
    fn nothing_beyond_the_maker() {
        let text = KeyText::draw(&Counter::default()).unwrap();
        let now = Timestamp::from_millis(1_800_000_000_000);
        let later = Timestamp::from_millis(now.as_millis() + 1);
        let rate = |text: &str| text.parse::<Rate>().ok();
        let maker = KeyRecord {
            id: text.id.clone(),
            host: Host::parse("example.com").unwrap(),
            name: None,
            scopes: [Scope::KeysManage, Scope::Redeem].into_iter().collect(),
            created_at: now,
            expires_at: Some(now),
            rate: rate("60/min"),
            last_used_at: None,
            secret: text.hash(),
        };
        let redeem: Scopes = [Scope::Redeem].into_iter().collect();
        assert_eq!(may_make(&maker, redeem, Some(now), rate("1/s")), Ok(()));
        let fields = |scopes, expires_at, rate| match may_make(&maker, scopes, expires_at, rate) {
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            _ => Vec::new(),
        };
        assert_eq!(fields(Scopes::ALL, Some(now), rate("60/min")), ["scopes"]);
        assert_eq!(fields(redeem, Some(later), rate("60/min")), ["expires_in"]);
        assert_eq!(fields(redeem, None, rate("2/s")), ["expires_in", "rate"]);
        assert_eq!(fields(redeem, Some(now), rate("61/h")), ["rate"], "a larger burst");
        assert_eq!(fields(redeem, Some(now), None), ["rate"]);
    }
}
