//! Checks of the service: reachability, readiness, version, and clock.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use vestibule_core::{CHALLENGE_LEN, InviteService, Randomness, Setting, Timestamp, hex};

use super::{client::Client, report::Report};
use crate::{
    bootstrap,
    cli::DoctorArgs,
    config::{DEFAULT_LISTEN, Settings},
    system::SystemRandomness,
};

/// A larger difference is worth a warning.
const CLOCK_SKEW_WARNING: Duration = Duration::from_secs(5);

/// A larger difference breaks claims, whose lease is one minute.
const CLOCK_SKEW_FAILURE: Duration = Duration::from_mins(1);

/// The URL of the service: the given one, else the configured listen address, else that of the last `serve`.
pub(super) async fn base(
    settings: &Settings,
    args: &DoctorArgs,
    invite_service: Option<&InviteService>,
) -> String {
    if let Some(url) = &args.url {
        return url.clone();
    }
    if let (None, Some(invite_service)) = (&settings.listen, invite_service)
        && let Ok(Some(url)) = invite_service.store().setting(Setting::ListenUrl).await
    {
        return url;
    }
    let listen = settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN);
    match listen.parse::<SocketAddr>() {
        Ok(address) => format!("http://{}", bootstrap::reachable(address)),
        Err(_) => format!("http://{listen}"),
    }
}

/// Runs these checks. Returns whether our service answers, on the database of `invite_service` if that was opened.
pub(super) async fn check(
    client: &Client,
    invite_service: Option<&InviteService>,
    report: &mut Report,
) -> bool {
    let base = client.base();
    let remedy = "start `vestibule serve`, or give its address with --url; vestibule_url in Prosody's \
                  configuration must be the same";
    let clocks = match client.get("/healthz").await {
        Err(error) => {
            report.fail("service", format!("nothing answers at {base} ({error})"), remedy);
            return false;
        }
        Ok(answer) if answer.status != 200 || answer.text != "ok\n" => {
            report.fail("service", format!("the server at {base} is not Vestibule"), remedy);
            return false;
        }
        Ok(answer) => answer.clocks,
    };
    report.ok("service", format!("answers at {base}"));
    match client.get("/readyz").await {
        Ok(answer) if answer.status == 200 => report.ok("ready", "it can write to its database"),
        Ok(_) => {
            let remedy = "free disk space or fix the permissions; its log says which";
            report.fail("ready", "it cannot write to its database", remedy);
        }
        Err(error) => report.fail("ready", error, "look in its log"),
    }
    let ours = version(client, report).await;
    clock(clocks, report);
    match invite_service {
        Some(invite_service) if ours => identity(client, invite_service, report).await,
        _ => ours,
    }
}

/// Whether the server has the same seal key as this installation, proved by a challenge.
async fn identity(client: &Client, invite_service: &InviteService, report: &mut Report) -> bool {
    let mut challenge = [0; CHALLENGE_LEN];
    if let Err(error) = SystemRandomness::default().fill(&mut challenge) {
        report.fail("database", error.to_string(), "look in the system's log");
        return false;
    }
    let answer = client.get(&format!("/.well-known/vestibule?challenge={}", hex::encode(&challenge))).await;
    let proof = answer.and_then(|answer| {
        let value: Value = serde_json::from_str(&answer.text).map_err(|error| error.to_string())?;
        value["proof"].as_str().map(str::to_owned).ok_or_else(|| format!("status {}", answer.status))
    });
    let remedy = "give the service's data directory with --data-dir, or its address with --url";
    match proof {
        Ok(proof) if proof == hex::encode(&invite_service.prove(challenge)) => {
            report.ok("database", "the service has proven that it uses this database");
            true
        }
        Ok(_) => {
            let what = format!(
                "the server at {} is another service: the service uses a different seal key",
                client.base()
            );
            report.fail("database", what, remedy);
            false
        }
        Err(error) => {
            let what =
                format!("the server at {} cannot prove that it uses this database ({error})", client.base());
            report.fail(
                "database",
                what,
                format!("restart it if it is an older version; otherwise {remedy}"),
            );
            false
        }
    }
}

/// Whether the server describes itself as Vestibule, and in which version.
async fn version(client: &Client, report: &mut Report) -> bool {
    let described = client.get("/openapi.json").await;
    let info = match described.map(|answer| serde_json::from_str::<Value>(&answer.text)) {
        Ok(Ok(mut value)) => value["info"].take(),
        _ => Value::Null,
    };
    let (Some("Vestibule"), Some(theirs)) = (info["title"].as_str(), info["version"].as_str()) else {
        let what = format!("the server at {} does not describe itself as Vestibule", client.base());
        report.fail("version", what, "give the service's own address with --url");
        return false;
    };
    let ours = env!("CARGO_PKG_VERSION");
    if theirs == ours {
        report.ok("version", format!("{ours}, same as this program"));
    } else {
        let what = format!("the service is {}, this program is {ours}", printable(theirs));
        report.warn("version", what, "restart the service, or use the same program");
    }
    true
}

/// Untrusted text, made safe for a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(32).collect()
}

fn clock(clocks: Option<(Timestamp, Timestamp)>, report: &mut Report) {
    let Some((theirs, ours)) = clocks else {
        let remedy = "connect to the service itself, not through a web server that drops its Date header";
        return report.warn("clock", "the service sends no Date header", remedy);
    };
    let apart = ours.since(theirs).max(theirs.since(ours));
    let remedy = "set both clocks (timedatectl, or wait for NTP)";
    let what = || format!("the service's clock and this one are {} seconds apart", apart.as_secs());
    if apart > CLOCK_SKEW_FAILURE {
        let what = format!("{}: claims, which live a minute, end too early or too late", what());
        report.fail("clock", what, remedy);
    } else if apart > CLOCK_SKEW_WARNING {
        report.warn("clock", what(), remedy);
    } else {
        report.ok("clock", "the service's clock and this one agree");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_a_little() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        for (apart, level) in
            [(0, "ok"), (5, "ok"), (6, "warn"), (60, "warn"), (61, "FAIL"), (86_400, "FAIL")]
        {
            let apart = Duration::from_secs(apart);
            for clocks in [(now, now.plus(apart)), (now.plus(apart), now)] {
                let mut report = Report::default();
                clock(Some(clocks), &mut report);
                assert!(report.last().starts_with(level), "{apart:?}: {}", report.last());
            }
        }
        let mut report = Report::default();
        clock(None, &mut report);
        assert!(report.last().starts_with("warn"));
    }

    #[test]
    fn what_others_send_cannot_write_on_the_terminal() {
        assert_eq!(printable("1.0\u{1b}[2J\r\nok"), "1.0[2Jok");
        assert_eq!(printable(&"9".repeat(100)).len(), 32);
    }
}
