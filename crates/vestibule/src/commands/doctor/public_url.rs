//! Whether the public URL leads to this service.
//!
//! The page of an unknown invite is requested through the public URL, with a challenge that only this service can
//! answer: a web server that does not pass `/invite/` on, and one that passes it to another service, are told apart.

use std::io;

use ureq::{Error, http::Uri};
use vestibule_core::{CHALLENGE_LEN, Host, InviteService, Randomness, hex};
use vestibule_web::Links;

use super::{
    client::{Answer, Client, reason},
    installation::{is_local, is_loopback},
    report::Report,
};
use crate::{bootstrap, config::Settings, system::SystemRandomness};

const CHECK: &str = "public URL";

/// Runs these checks. `base` is the URL of the service; `is_running` means that it has proven its identity.
pub(super) async fn check(
    settings: &Settings,
    invite_service: &InviteService,
    base: &str,
    host: &Host,
    is_running: bool,
    report: &mut Report,
) {
    let links = match bootstrap::remembered_links(settings, invite_service).await {
        Ok(links) => links,
        Err(error) => return report.fail(CHECK, error.to_string(), "correct this setting"),
    };
    if !is_set(settings, invite_service, &links, host).await {
        let what = "not set: links begin with the listen address";
        return report.warn(CHECK, what, remedy(host));
    }
    let url = links.base_of(host);
    if is_loopback(url) && !is_local(host.as_str()) {
        let what = format!("links begin with {url}, which only this machine can open");
        return report.warn(CHECK, what, remedy(host));
    }
    if !is_running {
        return report.warn(CHECK, format!("links begin with {url}; skipped"), "fix the service first");
    }
    let mut challenge = [0; CHALLENGE_LEN];
    let drawn = SystemRandomness::default().fill(&mut challenge).is_ok();
    let (true, Ok(token)) = (drawn, invite_service.draw_probe()) else {
        return report.fail(CHECK, "no random numbers", "look in the system's log");
    };
    let client = Client::new(url.to_owned());
    let header = ("vestibule-challenge", hex::encode(&challenge));
    let path = format!("/invite/{}", token.expose());
    let proof = hex::encode(&invite_service.prove(challenge));
    match client.get_with(&path, Some((header.0, &header.1))).await {
        Ok(answer) => match pages(&answer, &proof, url, base) {
            Ok(()) => styles(&answer, &links, host, base, report).await,
            Err((what, remedy)) => report.fail(CHECK, what, remedy),
        },
        Err(Error::Timeout(_)) => report.warn(
            CHECK,
            format!("{url} cannot be opened from this machine (no answer)"),
            "open it from elsewhere, for example a phone; if it works there, the network does not let this machine \
             reach its own public address",
        ),
        Err(error) => {
            let (what, remedy) = unreachable(&error, url, host);
            report.fail(CHECK, what, remedy);
        }
    }
}

fn remedy(host: &Host) -> String {
    format!("`serve --public-url https://{host}`, or public_url in the configuration file")
}

/// Whether the links of the host begin with a configured URL.
async fn is_set(settings: &Settings, invite_service: &InviteService, links: &Links, host: &Host) -> bool {
    settings.public_url.is_some()
        || links.host_bases().any(|(name, _)| name == host.as_str())
        || bootstrap::remembered_url(invite_service).await.is_ok_and(|url| url.is_some())
}

/// Whether the service itself answered.
fn pages(answer: &Answer, proof: &str, url: &str, base: &str) -> Result<(), (String, String)> {
    let given = answer.headers.get("vestibule-proof").and_then(|value| value.to_str().ok());
    let pass_on = format!("pass /invite/ and /static/ on to {base}, as in docs/proxies.md");
    match (given, answer.status) {
        (Some(given), _) if given == proof => Ok(()),
        (Some(_), _) => {
            Err((format!("{url}/invite/ leads to another Vestibule than the one at {base}"), pass_on))
        }
        (None, 300..=399) => {
            let to = answer.headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or("?");
            let to = to.split("/invite/").next().unwrap_or(to);
            Err((
                format!("{url}/invite/ is redirected to {to} (status {})", answer.status),
                "set public_url to the URL after the redirect".to_owned(),
            ))
        }
        (None, 502..=504) => Err((
            format!("the web server at {url} cannot reach Vestibule (status {})", answer.status),
            format!("it must pass /invite/ on to {base}"),
        )),
        (None, status) => Err((
            format!(
                "the web server at {url} does not pass /invite/ to Vestibule, but answers it itself (status {status})"
            ),
            pass_on,
        )),
    }
}

/// Whether the style sheet of the page can be loaded too.
async fn styles(answer: &Answer, links: &Links, host: &Host, base: &str, report: &mut Report) {
    let url = links.base_of(host);
    let Some(path) = style_sheet(&answer.text) else {
        return report.warn(CHECK, format!("the page at {url} has no style sheet"), "check the templates");
    };
    let origin = &url[..url.len() - links.path().len()];
    match Client::new(origin.to_owned()).get(path).await {
        Ok(sheet) if sheet.status == 200 && is_css(&sheet) => {
            let note = if links.is_external(host) { "; invites link to an external page" } else { "" };
            report.ok(CHECK, format!("links begin with {url}, which leads to this service{note}"));
        }
        Ok(sheet) => report.fail(
            CHECK,
            format!("the web server at {url} does not pass /static/ to Vestibule (status {})", sheet.status),
            format!("pass /invite/ and /static/ on to {base}, as in docs/proxies.md"),
        ),
        Err(error) => report.fail(CHECK, format!("{url}/static/: {error}"), "look in the web server's log"),
    }
}

/// The path of the style sheet in a page.
fn style_sheet(page: &str) -> Option<&str> {
    let link = page.split("<link").find(|part| part.contains("stylesheet"))?;
    link.split_once("href=\"")?.1.split_once('"').map(|(path, _)| path)
}

fn is_css(answer: &Answer) -> bool {
    let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/css"))
}

/// Why there was no answer, and what to do.
fn unreachable(error: &Error, url: &str, host: &Host) -> (String, String) {
    let name = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    match error {
        Error::HostNotFound => (
            format!("links begin with {url}, but the name {name} has no address in DNS"),
            format!("add it to DNS, or correct the URL: {}", remedy(host)),
        ),
        Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => (
            format!("{url} has no trusted certificate ({error})"),
            format!("give the web server a certificate for {name}"),
        ),
        error => (
            format!("nothing answers at {url} ({})", reason(error)),
            format!("start the web server, or correct the URL: {}", remedy(host)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderMap;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer { status, text: String::new(), headers: map, clocks: None }
    }

    #[test]
    fn the_answer_at_the_public_url_is_classified() {
        let said = |status, headers: &[(&'static str, &str)]| {
            let answer = answer(status, headers);
            pages(&answer, "aa", "https://a.example", "http://127.0.0.1:8280").map_err(|(what, remedy)| {
                assert!(!remedy.is_empty());
                what
            })
        };
        assert_eq!(said(404, &[("vestibule-proof", "aa")]), Ok(()));
        for (status, headers, expected) in [
            (404, &[("vestibule-proof", "bb")][..], "leads to another Vestibule"),
            (
                301,
                &[("location", "https://b.example/invite/x")][..],
                "redirected to https://b.example (status 301)",
            ),
            (502, &[][..], "cannot reach Vestibule (status 502)"),
            (404, &[][..], "does not pass /invite/ to Vestibule"),
            (200, &[][..], "answers it itself (status 200)"),
        ] {
            let what = said(status, headers).unwrap_err();
            assert!(what.contains(expected), "{what}");
        }
    }

    #[test]
    fn the_style_sheet_of_a_page_is_found() {
        let page = "<link rel=\"icon\" href=\"/x\"><link rel=\"stylesheet\" href=\"/join/static/a.css\">";
        assert_eq!(style_sheet(page), Some("/join/static/a.css"));
        assert_eq!(style_sheet("<p>no page</p>"), None);
    }
}
