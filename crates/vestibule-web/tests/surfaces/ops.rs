//! `/healthz` and `/readyz`, for health checks.

use std::time::Duration;

use super::test_server::TestServer;

#[tokio::test]
async fn a_working_service_is_healthy_and_ready() {
    let server = TestServer::open().await;
    for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n"), ("/readyz", "ready\n")] {
        let answer = server.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, text), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(server.send("POST", path, &[]).await.status.as_u16(), 405, "{path}");
        server.advance(Duration::from_secs(2));
    }
}

#[tokio::test]
async fn health_does_not_depend_on_the_store() {
    let server = TestServer::open().await;
    server.break_randomness(true);
    assert_eq!(server.get("/healthz").await.status.as_u16(), 200);
}
