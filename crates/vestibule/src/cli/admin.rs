//! The options of `admin`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Print a link that logs a browser in to the console, once, within 15 minutes.
    #[command(after_help = "Example:
  vestibule admin login-link example.com --for ann

Whoever opens the link can do everything on this host. The log-in ends after 12 hours, or after 30 minutes without use.")]
    LoginLink {
        /// The host [default: the only one].
        host: Option<String>,
        /// The person who logs in, for the audit log.
        #[arg(long = "for", value_name = "NAME", default_value = "operator")]
        name: String,
    },
}
