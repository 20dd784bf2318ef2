//! The servers, and the ways in which Vestibule administers them.

use vestibule_e2e::{Ejabberd, EjabberdVersion, Prosody, Version};

use crate::common::HOST;

/// The rights that the handbook recommends.
pub(crate) const RIGHTS: &str =
    "register, check_account, check_password, change_password, add_rosteritem, srg_user_add, status";
/// The password of the administrator, and of the account for the API.
pub(crate) const SECRET: &str = "teapot-47-orchid";

/// A server, and the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the API, with the rights of the address.
    Api(EjabberdVersion),
    /// By the commands of an administrator.
    EjabberdAdmin(EjabberdVersion),
    /// By the commands of an administrator.
    ProsodyAdmin(Version),
}

impl Way {
    /// Whether the inviter becomes a contact, and the account joins groups.
    pub(crate) fn adds_contacts(self) -> bool {
        matches!(self, Self::Api(_))
    }

    /// Starts the server, with the account of the administrator.
    pub(crate) fn start(self) -> Server {
        let server = match self {
            Self::Api(version) | Self::EjabberdAdmin(version) => {
                let builder = Ejabberd::builder().administered(version);
                let builder = builder.api_rights("{ip: 127.0.0.1/32}", RIGHTS);
                // As the handbook says; by default, 23.01 logs passwords of API calls.
                let builder = builder.config("hide_sensitive_log_data: true");
                Server::Ejabberd(Box::new(builder.start().unwrap()))
            }
            Self::ProsodyAdmin(version) => {
                let builder = Prosody::builder().version(version).module("admin_adhoc").module("version");
                let builder = builder.config(&format!("admins = {{ \"admin@{HOST}\" }}"));
                Server::Prosody(Box::new(builder.start().unwrap()))
            }
        };
        server.add_account("admin", SECRET);
        server
    }
}

pub(crate) enum Server {
    Ejabberd(Box<Ejabberd>),
    Prosody(Box<Prosody>),
}

impl Server {
    pub(crate) fn c2s_addr(&self) -> std::net::SocketAddr {
        match self {
            Self::Ejabberd(ejabberd) => ejabberd.c2s_addr(),
            Self::Prosody(prosody) => prosody.c2s_addr(),
        }
    }

    pub(crate) fn ejabberd(&self) -> &Ejabberd {
        match self {
            Self::Ejabberd(ejabberd) => ejabberd,
            Self::Prosody(_) => panic!("it is Prosody"),
        }
    }

    pub(crate) fn add_account(&self, username: &str, password: &str) {
        match self {
            Self::Ejabberd(ejabberd) => ejabberd.add_account(username, password).unwrap(),
            Self::Prosody(prosody) => prosody.add_account(username, password).unwrap(),
        }
    }

    /// The usernames, without that of the administrator.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let mut names = match self {
            Self::Ejabberd(ejabberd) => ejabberd.accounts().unwrap(),
            // Files are named by escaped usernames.
            Self::Prosody(prosody) => {
                prosody.accounts().iter().map(|name| name.replace("%c3%bc", "ü")).collect()
            }
        };
        names.retain(|name| name != "admin");
        names.sort();
        names
    }

    pub(crate) fn stop(&mut self) {
        match self {
            Self::Ejabberd(ejabberd) => ejabberd.stop().map(drop).unwrap(),
            Self::Prosody(prosody) => prosody.stop().map(drop).unwrap(),
        }
    }

    pub(crate) fn restart(&mut self) {
        match self {
            Self::Ejabberd(ejabberd) => ejabberd.restart().unwrap(),
            Self::Prosody(prosody) => prosody.restart().unwrap(),
        }
    }
}

/// Creates a test for each way.
macro_rules! on_every_way {
    ($($test:ident),+ $(,)?) => {
        on_every_way!(@ api_of_ejabberd_2301, Api(vestibule_e2e::EjabberdVersion::V2301), [$($test)+]);
        on_every_way!(@ api_of_ejabberd, Api(vestibule_e2e::EjabberdVersion::Newest), [$($test)+]);
        on_every_way!(@ admin_of_ejabberd_2301, EjabberdAdmin(vestibule_e2e::EjabberdVersion::V2301), [$($test)+]);
        on_every_way!(@ admin_of_ejabberd, EjabberdAdmin(vestibule_e2e::EjabberdVersion::Newest), [$($test)+]);
        on_every_way!(@ admin_of_prosody_012, ProsodyAdmin(vestibule_e2e::Version::V012), [$($test)+]);
        on_every_way!(@ admin_of_prosody_13, ProsodyAdmin(vestibule_e2e::Version::V13), [$($test)+]);
    };
    (@ $module:ident, $way:ident($version:expr), [$($test:ident)+]) => {
        mod $module {
            $(#[test]
            fn $test() {
                super::$test(crate::way::Way::$way($version));
            })+
        }
    };
}

/// Creates a test for each version of ejabberd, by its API.
macro_rules! on_every_api {
    ($($test:ident),+ $(,)?) => {
        mod api_of_ejabberd_2301 {
            $(#[test]
            fn $test() {
                super::$test(crate::way::Way::Api(vestibule_e2e::EjabberdVersion::V2301));
            })+
        }
        mod api_of_ejabberd {
            $(#[test]
            fn $test() {
                super::$test(crate::way::Way::Api(vestibule_e2e::EjabberdVersion::Newest));
            })+
        }
    };
}

pub(crate) use {on_every_api, on_every_way};
