//! Hosts and settings.

use vestibule_core::{Refusal, Setting};

use super::rows::HostRows;
use crate::caller::Caller;

/// Removes the caller's host, which must have neither keys nor pending invites.
pub(crate) async fn remove<T: HostRows>(tx: &T, caller: &Caller) -> Result<(), T::Error> {
    if tx.remove_host(caller).await? {
        return Ok(());
    }
    Err(Refusal::field("host", "it has keys or pending invites; delete and revoke them first").into())
}

/// Writes a setting that has no value yet; returns its value.
pub(crate) async fn set_setting_if_absent<T: HostRows>(
    tx: &T,
    setting: Setting,
    value: &str,
) -> Result<String, T::Error> {
    if let Some(stored) = tx.setting(setting).await? {
        return Ok(stored);
    }
    tx.insert_setting(setting, value).await?;
    Ok(tx.setting(setting).await?.unwrap_or_else(|| value.to_owned()))
}
