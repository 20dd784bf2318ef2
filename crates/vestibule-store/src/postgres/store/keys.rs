use async_trait::async_trait;
use vestibule_core::{AuthContext, KeyId, KeyRecord, KeyStore, NewKeyRecord, Principal, Scopes, StoreError};

use crate::{
    postgres::{
        PostgresStore,
        transactions::authorization::{authorize_and_charge, begin_read, begin_write, check_authorization},
    },
    verbs::keys,
};

#[async_trait]
impl KeyStore for PostgresStore {
    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let insert = async move {
            let caller = authorize_and_charge(&engine, &by, keys::SCOPE).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = keys::insert(&tx, &caller, &key).await;
            tx.end(outcome).await
        };
        self.run(insert).await
    }

    async fn insert_key_if_missing(
        &self,
        by: &Principal,
        key: NewKeyRecord,
    ) -> Result<(KeyRecord, bool), StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let insert = async move {
            let caller = authorize_and_charge(&engine, &by, keys::SCOPE).await?;
            // The lock of the host is held from here on.
            let tx = begin_write(&engine, &caller).await?;
            let outcome = keys::insert_if_missing(&tx, &caller, &key).await;
            tx.end(outcome).await
        };
        self.run(insert).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, keys::SCOPE).await?;
            let outcome = keys::list(&tx, &caller).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        let (engine, by, id) = (self.engine(), by.clone(), id.clone());
        let delete = async move {
            let caller = authorize_and_charge(&engine, &by, keys::SCOPE).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = keys::delete(&tx, &caller, &id).await;
            for id in &tx.end(outcome).await? {
                engine.key_cache.forget_key(id);
            }
            Ok(())
        };
        self.run(delete).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        self.run(check_authorization(self.engine(), by.clone(), scopes)).await
    }
}
