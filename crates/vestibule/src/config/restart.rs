//! Settings that a running service cannot change.

use secrecy::ExposeSecret;

use super::Settings;

impl Settings {
    /// The names of the settings in which `new` differs from these and that only a restart applies.
    pub(crate) fn changes_that_need_a_restart(&self, new: &Self) -> Vec<&'static str> {
        let password = |settings: &Self| {
            settings.database_password.as_ref().map(|password| password.expose_secret().to_owned())
        };
        // The database contains the password.
        let has_new_password = password(self) != password(new);
        let (http, new_http, limits, new_limits) = (&self.http, &new.http, &self.limits, &new.limits);
        [
            ("listen", self.listen != new.listen),
            ("data_dir", self.data_dir != new.data_dir),
            ("database", self.database != new.database && !has_new_password),
            ("database_password_file", has_new_password),
            ("database_connections", self.database_connections != new.database_connections),
            ("seal_key_file", self.seal_key_file != new.seal_key_file),
            ("log", self.log != new.log),
            ("keep_invites", self.keep_invites != new.keep_invites),
            ("keep_events", self.keep_events != new.keep_events),
            ("keep_members", self.keep_members != new.keep_members),
            ("max_connections", limits.connections != new_limits.connections),
            (
                "max_connections_per_address",
                limits.connections_per_address != new_limits.connections_per_address,
            ),
            ("idle_timeout", limits.idle_timeout != new_limits.idle_timeout),
            ("head_timeout", limits.head_timeout != new_limits.head_timeout),
            ("body_timeout", limits.body_timeout != new_limits.body_timeout),
            ("request_timeout", limits.request_timeout != new_limits.request_timeout),
            ("answer_timeout", limits.answer_timeout != new_limits.answer_timeout),
            ("min_bytes_per_second", limits.min_bytes_per_second != new_limits.min_bytes_per_second),
            ("trusted_proxies", http.trusted_proxies != new_http.trusted_proxies),
            ("client_address", http.client_address != new_http.client_address),
            ("guess_rate", http.guess_rate != new_http.guess_rate),
            ("metrics_from", http.metrics_from != new_http.metrics_from),
            ("trace_context_from", http.trace_context_from != new_http.trace_context_from),
            ("otlp_endpoint", http.otlp_endpoint != new_http.otlp_endpoint),
        ]
        .into_iter()
        .filter_map(|(name, has_changed)| has_changed.then_some(name))
        .collect()
    }
}
