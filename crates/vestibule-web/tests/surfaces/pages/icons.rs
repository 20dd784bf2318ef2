//! The icons of apps.

use std::fs;

use vestibule_core::Draft;
use vestibule_web::{CustomApp, SiteSettings};

use super::html::{assert_safe, page_of};
use crate::surfaces::test_server::TestServer;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/static/icons");

/// Pages contain them, so they must be small, and may not refer to anything by an id, which several apps could have.
#[test]
fn every_builtin_icon_is_small_and_has_a_licence() {
    let table = fs::read_to_string(format!("{DIRECTORY}/README.md")).unwrap();
    let files =
        fs::read_dir(DIRECTORY).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<_> = files.filter_map(|file| Some(file.strip_suffix(".svg")?.to_owned())).collect();
    assert!(names.len() >= 2, "{names:?}");
    for icon in names.iter().map(|name| format!("{name}.svg")) {
        let svg = fs::read_to_string(format!("{DIRECTORY}/{icon}")).unwrap();
        assert!(svg.len() <= 2048, "{icon}: {}", svg.len());
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "), "{icon}");
        for foreign in ["id=", "href", "url(", "script", "style"] {
            assert!(!svg.contains(foreign), "{icon}: {foreign}");
        }
        let licence = fs::read_to_string(format!("{DIRECTORY}/{icon}.license")).unwrap();
        assert!(licence.contains("SPDX-FileCopyrightText: "), "{icon}");
        let id = licence.split("SPDX-License-Identifier: ").nth(1).unwrap().trim();
        assert!(["BSD-2-Clause", "CC-BY-SA-4.0"].contains(&id), "{icon}: {id}");
        assert!(table.contains(&format!("| `{icon}` |")), "{icon}");
    }
}

#[tokio::test]
async fn an_app_shows_its_icon_the_operator_s_icon_or_a_letter() {
    let own = CustomApp {
        id: Some("conversations".to_owned()),
        icon: Some(("c.png".to_owned(), b"picture".to_vec())),
        ..CustomApp::default()
    };
    let server = TestServer::of_site(SiteSettings { apps: vec![own], ..SiteSettings::default() }).await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    for (app, expected) in [
        (
            "monal",
            "<svg class=\"mark\" width=\"40\" height=\"40\" aria-hidden=\"true\" viewBox=\"0 0 40 40\"><rect width=\"40\"",
        ),
        ("conversations", "<img class=\"mark\" src=\"data:image/png;base64,cGljdHVyZQ==\" alt=\"\""),
        ("gajim", ">G</text></svg>"),
    ] {
        let answer = server.get(&format!("{page}/apps/{app}")).await;
        assert_safe(&answer, app);
        assert!(answer.body.contains(expected), "{app}: {}", answer.body);
    }
}
