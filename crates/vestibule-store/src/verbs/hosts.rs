//! Hosts and settings.

use vestibule_core::Setting;

use super::rows::HostRows;

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
