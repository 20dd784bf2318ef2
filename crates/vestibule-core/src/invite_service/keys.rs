//! Creating and deleting keys.

use super::InviteService;
use crate::{ApiKey, Expiry, KeyId, KeyRecord, NewKeyRecord, Principal, Rate, Refusal, Scopes, StoreError};

/// The requested properties of a new key.
#[derive(Clone, Debug, Default)]
pub struct NewKey {
    /// Display name.
    pub name: Option<String>,
    /// Scopes.
    pub scopes: Scopes,
    /// Expiry.
    pub expiry: Expiry,
    /// Rate limit.
    pub rate: Option<Rate>,
}

impl NewKey {
    /// Checks the rules that do not depend on stored data.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.name.as_ref().is_some_and(|name| name.len() > 200 || name.chars().any(char::is_control)) {
            return Err(Refusal::field("name", "at most 200 bytes, without control characters"));
        }
        Ok(())
    }
}

impl InviteService {
    /// Creates a key. Its secret cannot be read again.
    pub async fn create_key(&self, by: &Principal, key: NewKey) -> Result<(KeyRecord, ApiKey), StoreError> {
        key.validate()?;
        let text = ApiKey::draw(&*self.randomness)?;
        let record = NewKeyRecord {
            id: text.id.clone(),
            secret: text.hash(),
            name: key.name.filter(|name| !name.is_empty()),
            scopes: key.scopes,
            expiry: key.expiry,
            rate: key.rate,
        };
        Ok((self.store.insert_key(by, record).await?, text))
    }

    /// Deletes a key.
    pub async fn delete_key(&self, by: &Principal, id: &str) -> Result<(), StoreError> {
        let id = KeyId::parse(id).map_err(|_| Refusal::NotFound("key"))?;
        self.store.delete_key(by, &id).await
    }
}
