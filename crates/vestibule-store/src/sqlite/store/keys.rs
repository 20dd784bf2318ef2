use async_trait::async_trait;
use vestibule_core::{AuthContext, KeyId, KeyRecord, KeyStore, NewKeyRecord, Principal, Scopes, StoreError};

use crate::{
    sqlite::{
        SqliteStore,
        authorization::{authorize, authorize_and_charge},
    },
    verbs::{keys, run_ready},
};

#[async_trait]
impl KeyStore for SqliteStore {
    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        let by = by.clone();
        let insert = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, keys::SCOPE)?;
            run_ready(keys::insert(tx, &caller, &key))
        });
        insert.await
    }

    async fn insert_key_if_missing(
        &self,
        by: &Principal,
        key: NewKeyRecord,
    ) -> Result<(KeyRecord, bool), StoreError> {
        let by = by.clone();
        let insert = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, keys::SCOPE)?;
            run_ready(keys::insert_if_missing(tx, &caller, &key))
        });
        insert.await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, keys::SCOPE)?;
            run_ready(keys::list(tx, &caller))
        });
        list.await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        let (by, id) = (by.clone(), id.clone());
        let delete = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, keys::SCOPE)?;
            run_ready(keys::delete(tx, &caller, &id))
        });
        delete.await.map(drop)
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        let by = by.clone();
        self.lookups.run(move |tx| Ok(authorize(tx, &by, scopes)?.auth)).await
    }
}
