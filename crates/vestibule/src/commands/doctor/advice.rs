//! Advice that several checks give.

use vestibule_core::Host;

/// The command that creates a key for the bridge.
pub(super) fn create_key(host: &Host) -> String {
    format!("`vestibule keys create {host} Prosody --scope bridge`")
}

/// The command that creates a key for the bridge, and where the key belongs.
pub(super) fn how_to_create_key(host: &Host) -> String {
    format!("{}, as vestibule_key of VirtualHost \"{host}\"", create_key(host))
}
