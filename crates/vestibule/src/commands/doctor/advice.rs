//! Advice that several checks give.

use vestibule_core::Host;

/// The command that creates a key for the bridge.
pub(super) fn make_key(host: &Host) -> String {
    format!(
        "`vestibule keys create {host} Prosody --scope bridge`, as vestibule_key of VirtualHost \"{host}\""
    )
}
