//! The pages of the handbook and the files that they include.

use std::fs;

use super::{read, source};

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = read("docs/SUMMARY.md");
    for entry in fs::read_dir(source("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|kind| kind == "md") && name != "SUMMARY.md" {
            assert!(summary.contains(&format!("]({name})")), "docs/SUMMARY.md lacks {name}");
        }
    }
}

#[test]
fn every_proxy_file_is_on_the_page() {
    let page = read("docs/proxies.md");
    for entry in fs::read_dir(source("docs/proxies")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(page.contains(&format!("{{{{#include proxies/{name}}}}}")), "docs/proxies.md lacks {name}");
    }
}

/// Debian has no Traefik, so nothing here runs it.
#[test]
fn the_files_for_traefik_are_well_formed() {
    let start: toml::Table = read("docs/proxies/traefik.toml").parse().unwrap();
    let routes: toml::Table = read("docs/proxies/traefik-vestibule.toml").parse().unwrap();
    let route = &routes["http"]["routers"]["vestibule"];
    for entry_point in route["entryPoints"].as_array().unwrap() {
        assert!(start["entryPoints"].get(entry_point.as_str().unwrap()).is_some(), "{entry_point}");
    }
    let resolver = route["tls"]["certResolver"].as_str().unwrap();
    assert!(start["certificatesResolvers"].get(resolver).is_some(), "{resolver}");
    for middleware in route["middlewares"].as_array().unwrap() {
        assert!(routes["http"]["middlewares"].get(middleware.as_str().unwrap()).is_some(), "{middleware}");
    }
    let service = &routes["http"]["services"][route["service"].as_str().unwrap()]["loadBalancer"];
    assert_eq!(service["servers"][0]["url"].as_str(), Some("http://127.0.0.1:8280"));
    // The same paths as in the other files.
    let paths = "^/+(invite|invites_page|register|invites_api)(/|$)";
    let rule = route["rule"].as_str().unwrap();
    for (what, text) in [
        ("Traefik", rule.to_owned()),
        ("nginx", read("docs/proxies/nginx.conf")),
        ("HAProxy", read("docs/proxies/haproxy.cfg")),
    ] {
        assert!(text.contains(paths), "{what}: {text}");
    }
    for directory in ["static", "preview"] {
        assert!(rule.contains(&format!("PathPrefix(`/{directory}/`)")), "{rule}");
    }
}
