use async_trait::async_trait;
use vestibule_core::{Host, HostStore, Principal, Scopes, Setting, StoreError};

use crate::{
    sqlite::{SqliteStore, authorization::authorize},
    verbs::{hosts, rows::HostRows, run_ready},
};

#[async_trait]
impl HostStore for SqliteStore {
    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        let host = host.clone();
        self.writer.run(move |tx| run_ready(tx.insert_host(&host))).await
    }

    async fn remove_host(&self, by: &Principal) -> Result<(), StoreError> {
        let by = by.clone();
        let remove = self.writer.run(move |tx| {
            let caller = authorize(tx, &by, Scopes::from_iter([]))?;
            run_ready(hosts::remove(tx, &caller))
        });
        remove.await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.lookups.run(|tx| run_ready(tx.hosts())).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.lookups.run(move |tx| run_ready(tx.setting(setting))).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        let value = value.to_owned();
        self.writer.run(move |tx| run_ready(tx.set_setting(setting, &value))).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        let value = value.to_owned();
        self.writer.run(move |tx| run_ready(hosts::set_setting_if_absent(tx, setting, &value))).await
    }
}
