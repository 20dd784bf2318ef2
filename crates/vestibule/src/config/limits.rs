//! Limits for clients.

use std::time::Duration;

use vestibule_core::parse_duration;
use vestibule_web::Limits;

use super::{ConfigError, faults::Faults, file::File};

/// Minimum timeout: timeouts are checked about once a second.
const MIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Takes the limits from the file.
pub(super) fn gather(file: &File, faults: &mut Faults) -> Limits {
    let default = Limits::default();
    let connections = count("max_connections", file.max_connections, default.connections, faults);
    let share = Limits::default_share(connections);
    let connections_per_address =
        count("max_connections_per_address", file.max_connections_per_address, share, faults);
    let mut time = |setting: &str, text: Option<&String>, default: Duration| {
        let Some(text) = text else { return default };
        let time = parse_duration(text).ok().filter(|time| *time >= MIN_TIMEOUT).ok_or_else(|| {
            ConfigError::value(setting, "expected a duration of at least one second, for example 10s")
        });
        faults.keep_or(time, default)
    };
    Limits {
        connections,
        connections_per_address,
        idle_timeout: time("idle_timeout", file.idle_timeout.as_ref(), default.idle_timeout),
        head_timeout: time("head_timeout", file.head_timeout.as_ref(), default.head_timeout),
        body_timeout: time("body_timeout", file.body_timeout.as_ref(), default.body_timeout),
        request_timeout: time("request_timeout", file.request_timeout.as_ref(), default.request_timeout),
        answer_timeout: time("answer_timeout", file.answer_timeout.as_ref(), default.answer_timeout),
        min_bytes_per_second: file.min_bytes_per_second.unwrap_or(default.min_bytes_per_second),
        ..default
    }
}

fn count(setting: &str, given: Option<usize>, default: usize, faults: &mut Faults) -> usize {
    match given {
        Some(0) => {
            faults.note(ConfigError::value(setting, "expected at least 1"));
            default
        }
        given => given.unwrap_or(default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Limits, String> {
        let mut faults = Faults::default();
        let limits = gather(&File::parse(text).unwrap().0, &mut faults);
        faults.end(limits).map_err(|faults| faults[0].to_string())
    }

    #[test]
    fn the_share_of_an_address_follows_the_connections() {
        for (text, connections, share) in [
            ("", 4096, 512),
            ("max_connections = 64", 64, 16),
            ("max_connections = 8", 8, 8),
            ("max_connections = 64\nmax_connections_per_address = 3", 64, 3),
        ] {
            let limits = read(text).unwrap();
            assert_eq!((limits.connections, limits.connections_per_address), (connections, share), "{text}");
        }
    }

    #[test]
    fn timeouts_are_durations() {
        let limits =
            read("body_timeout = \"20s\"\nrequest_timeout = \"2m\"\nmin_bytes_per_second = 0").unwrap();
        assert_eq!(limits.body_timeout, Duration::from_secs(20));
        assert_eq!(limits.request_timeout, Duration::from_mins(2));
        assert_eq!(limits.min_bytes_per_second, 0);
        assert_eq!(limits.head_timeout, Duration::from_secs(10));
        for (text, setting) in [
            ("head_timeout = \"0s\"", "head_timeout"),
            ("idle_timeout = \"soon\"", "idle_timeout"),
            ("max_connections = 0", "max_connections"),
            ("max_connections_per_address = 0", "max_connections_per_address"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(&format!("{setting}: expected")), "{error}");
        }
    }
}
