//! Backup and restore with PostgreSQL's own tools.

use tempfile::TempDir;
use vestibule_e2e::http::Client;

use crate::{
    common::{HOST, fails},
    test_server::{TestServer, node},
};

#[test]
fn a_dump_is_restored_as_the_handbook_says() {
    let mut test_server = TestServer::new(1);
    let place = TempDir::new().unwrap();
    let file = place.path().join("backup.dump");
    let link = test_server.minted(0);
    let revoked = test_server.minted(0);
    test_server.server.dump_archive("invites", &file).unwrap();

    let cli = |args: &[&str]| test_server.nodes[0].cli(args).unwrap();
    assert!(cli(&["invites", "revoke", HOST, &revoked]).success());
    let id = test_server.key.split('/').next().unwrap();
    assert!(cli(&["keys", "delete", HOST, id]).success());
    let newer = cli(&["invites", "create", HOST]).text().to_owned();
    assert_eq!(test_server.mint(0).status, 403);

    // The commands for a file say what to do here, and change nothing.
    for args in [["backup", "x.db"], ["restore", "x.db"]] {
        fails(
            &cli(&args),
            &["PostgreSQL server", "pg_dump --format custom", "pg_restore --clean", "seal key"],
        );
    }

    // Over the same database, without a service.
    test_server.nodes[0].terminate().unwrap();
    test_server.server.restore_archive(&file, "invites").unwrap();
    test_server.nodes[0].restart().unwrap();
    test_server.all_open(&[link.clone(), revoked.clone()]);
    assert_eq!(test_server.client.open(&test_server.nodes[0].url(), &newer).unwrap().status, 404);
    assert_eq!(test_server.mint(0).status, 201, "the deleted key is valid again");

    // Into a new database, as on a new server, with the same seal key.
    let url = test_server.server.create_database("moved").unwrap();
    test_server.server.restore_archive(&file, "moved").unwrap();
    let moved = node(&test_server.directory, &url, 7);
    let client = Client::new();
    for link in [&link, &revoked] {
        assert_eq!(client.open(&moved.url(), link).unwrap().status, 200);
    }
    assert_eq!(client.mint(&moved.url(), &test_server.key).unwrap().status, 201);
    assert_eq!(moved.cli(&["invites", "count", HOST]).unwrap().text(), "3");
}
