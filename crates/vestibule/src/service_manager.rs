//! Notifies the service manager (systemd, `Type=notify`) of the state of the service, as in `sd_notify(3)`.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::{
        linux::net::SocketAddrExt,
        unix::{
            ffi::OsStrExt,
            net::{SocketAddr, UnixDatagram},
        },
    },
};

/// The variable with the address of the socket.
const VARIABLE: &str = "NOTIFY_SOCKET";

/// The service manager that started this process, if it wants to be notified.
#[derive(Debug)]
pub(crate) struct ServiceManager {
    address: Option<OsString>,
}

impl ServiceManager {
    /// The service manager named in the environment.
    pub(crate) fn of_environment() -> Self {
        Self { address: std::env::var_os(VARIABLE).filter(|address| !address.is_empty()) }
    }

    /// Whether there is one.
    pub(crate) fn is_present(&self) -> bool {
        self.address.is_some()
    }

    /// The service answers requests. `status` is one line for `systemctl status`.
    pub(crate) fn ready(&self, status: &str) {
        self.notify(&format!("READY=1\nSTATUS={}", one_line(status)));
    }

    /// The service reloads its configuration; [`ServiceManager::ready`] ends this.
    pub(crate) fn reloading(&self) {
        self.notify("RELOADING=1\nSTATUS=reloading the configuration");
    }

    /// The service stops.
    pub(crate) fn stopping(&self) {
        self.notify("STOPPING=1\nSTATUS=stopping");
    }

    fn notify(&self, message: &str) {
        let Some(address) = &self.address else { return };
        if let Err(error) = send(address, message.as_bytes()) {
            tracing::warn!(%error, "the service manager could not be notified at the address in {VARIABLE}");
        }
    }
}

/// Sends a datagram to the socket at a path, or in the abstract namespace if the address begins with `@`.
fn send(address: &OsStr, message: &[u8]) -> io::Result<()> {
    let bytes = address.as_bytes();
    let address = match bytes.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(address)?,
    };
    UnixDatagram::unbound()?.send_to_addr(message, &address).map(drop)
}

/// Assignments end at a line break, so a text with one could contain another assignment.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(socket: &UnixDatagram) -> String {
        let mut message = [0; 256];
        let length = socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).into_owned()
    }

    #[test]
    fn states_arrive_at_a_path_and_at_an_abstract_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("notify");
        let name = format!("vestibule-test-{}", std::process::id());
        let abstract_name = SocketAddr::from_abstract_name(&name).unwrap();
        for (address, socket) in [
            (path.clone().into_os_string(), UnixDatagram::bind(&path).unwrap()),
            (format!("@{name}").into(), UnixDatagram::bind_addr(&abstract_name).unwrap()),
        ] {
            let manager = ServiceManager { address: Some(address) };
            manager.ready("up\nMAINPID=1");
            assert_eq!(received(&socket), "READY=1\nSTATUS=up MAINPID=1");
            manager.reloading();
            assert!(received(&socket).starts_with("RELOADING=1\n"));
            manager.stopping();
            assert!(received(&socket).starts_with("STOPPING=1\n"));
        }
    }

    #[test]
    fn a_missing_socket_is_no_error() {
        ServiceManager { address: None }.ready("up");
        ServiceManager { address: Some("/nonexistent/socket".into()) }.ready("up");
    }
}
