use async_trait::async_trait;
use vestibule_core::{Host, HostStore, Principal, Scopes, Setting, StoreError};

use crate::{
    postgres::{
        PostgresStore,
        transactions::{
            authorization::{authorize, begin_write},
            host_lookup,
            transaction::Transaction,
        },
    },
    verbs::{hosts, rows::HostRows},
};

#[async_trait]
impl HostStore for PostgresStore {
    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        let (engine, host) = (self.engine(), host.clone());
        let add = async move {
            if host_lookup::host_number(&engine, &host).await?.is_some() {
                return Ok(());
            }
            let tx = Transaction::write(&engine, &[]).await?;
            let outcome = tx.insert_host(&host).await;
            tx.end(outcome).await
        };
        self.run(add).await
    }

    async fn remove_host(&self, by: &Principal) -> Result<(), StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let remove = async move {
            let caller = authorize(&engine, &by, Scopes::from_iter([])).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = hosts::remove(&tx, &caller).await;
            tx.end(outcome).await
        };
        self.run(remove).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        let engine = self.engine();
        self.run(async move { host_lookup::read_hosts(&engine).await }).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        let engine = self.engine();
        let read = async move {
            let tx = Transaction::statements(&engine).await?;
            let outcome = tx.setting(setting).await;
            tx.end(outcome).await
        };
        self.run(read).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        let (engine, value) = (self.engine(), value.to_owned());
        let write = async move {
            let tx = Transaction::write(&engine, &[]).await?;
            let outcome = tx.set_setting(setting, &value).await;
            tx.end(outcome).await
        };
        self.run(write).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        // This also works if the database cannot be written.
        if let Some(stored) = self.setting(setting).await? {
            return Ok(stored);
        }
        let (engine, value) = (self.engine(), value.to_owned());
        let write = async move {
            let tx = Transaction::write(&engine, &[]).await?;
            let outcome = hosts::set_setting_if_absent(&tx, setting, &value).await;
            tx.end(outcome).await
        };
        self.run(write).await
    }
}
