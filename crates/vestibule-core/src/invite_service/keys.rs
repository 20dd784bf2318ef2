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
    /// Maximum length of a name in bytes.
    pub const MAX_NAME_BYTES: usize = 200;

    /// Checks the rules that do not depend on stored data.
    pub fn validate(&self) -> Result<(), Refusal> {
        let is_odd = |name: &String| name.len() > Self::MAX_NAME_BYTES || name.contains(char::is_control);
        if self.name.as_ref().is_some_and(is_odd) {
            let message = format!("at most {} bytes, without control characters", Self::MAX_NAME_BYTES);
            return Err(Refusal::field("name", message));
        }
        Ok(())
    }
}

impl InviteService {
    /// Creates a key. Its secret cannot be read again.
    pub async fn create_key(&self, by: &Principal, key: NewKey) -> Result<(KeyRecord, ApiKey), StoreError> {
        let (record, text) = self.draw_key(key)?;
        Ok((self.store.insert_key(by, record).await?, text))
    }

    /// Creates a key, unless the host has a key with this name: that one, without its text.
    pub async fn create_key_if_missing(
        &self,
        by: &Principal,
        key: NewKey,
    ) -> Result<(KeyRecord, Option<ApiKey>), StoreError> {
        let (record, text) = self.draw_key(key)?;
        let (record, is_new) = self.store.insert_key_if_missing(by, record).await?;
        Ok((record, is_new.then_some(text)))
    }

    fn draw_key(&self, key: NewKey) -> Result<(NewKeyRecord, ApiKey), StoreError> {
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
        Ok((record, text))
    }

    /// Deletes a key.
    pub async fn delete_key(&self, by: &Principal, id: &str) -> Result<(), StoreError> {
        let id = KeyId::parse(id).map_err(|_| Refusal::NotFound("key"))?;
        self.store.delete_key(by, &id).await
    }
}
