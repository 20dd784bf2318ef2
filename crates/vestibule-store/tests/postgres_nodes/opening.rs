//! Errors when a database is opened, and their messages.

use std::sync::Arc;

use private_postgres::{Server, USER};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use vestibule_core::{Clock, Policies, Store, Timestamp};
use vestibule_store::{Database, OpenError, Options, open};

use crate::suite::test_store::{SERVER, START, fresh_name, postgres_database};

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        START
    }
}

async fn try_open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    let database: Database = url.parse().unwrap();
    open(&database, Options::new(Arc::new(Still), Policies::default())).await
}

/// Returns the error of opening.
async fn open_error(url: &str) -> String {
    match try_open(url).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_create_one_schema() {
    let url = SERVER.create_database(&fresh_name()).unwrap();
    assert!(url.parse::<Database>().unwrap().is_missing().await);
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { try_open(&url).await.map(drop) })
        })
        .collect();
    for one in opening {
        one.await.unwrap().unwrap();
    }
    assert!(!url.parse::<Database>().unwrap().is_missing().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_schema_is_refused() {
    let name = fresh_name();
    let url = SERVER.create_database(&name).unwrap();
    SERVER.sql(&name, "CREATE TABLE prosody (host text, store text)").unwrap();
    assert!(open_error(&url).await.contains("is not a database of Vestibule"));
    let tables = SERVER.sql(&name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").unwrap();
    assert_eq!(tables, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused() {
    let name = fresh_name();
    let url = SERVER.create_database(&name).unwrap();
    try_open(&url).await.unwrap();
    SERVER.sql(&name, "UPDATE vestibule_schema SET version = 99").unwrap();
    let error = open_error(&url).await;
    assert!(error.contains("has schema version 99") && error.contains("newer version"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_privileges_name_the_grant_to_run() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap().replace(&format!("//{USER}@"), &format!("//{role}@"));
    SERVER.sql(&name, &format!("CREATE ROLE {role} LOGIN")).unwrap();
    let error = open_error(&url).await;
    assert!(error.contains("permission denied") && error.contains("GRANT CREATE"), "{error}");
    SERVER.sql(&name, &format!("GRANT CREATE, USAGE ON SCHEMA public TO {role}")).unwrap();
    try_open(&url).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoding_other_than_utf8_is_refused() {
    let name = fresh_name();
    let make =
        format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    SERVER.sql("postgres", &make).unwrap();
    assert!(open_error(&SERVER.url(&name)).await.contains("createdb --encoding UTF8"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_server_or_database_is_named() {
    let error = open_error("postgres://ann:s3cret@127.0.0.1:1/invites").await;
    assert!(error.starts_with("cannot open the database postgres://ann@127.0.0.1:1/invites: "), "{error}");
    let error = open_error(&SERVER.url("nowhere")).await;
    assert!(error.contains("createdb"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_are_durable_whatever_the_role_sets() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap().replace(&format!("//{USER}@"), &format!("//{role}@"));
    SERVER
        .sql(
            &name,
            &format!(
                "CREATE ROLE {role} LOGIN; ALTER DATABASE {name} OWNER TO {role};
                 ALTER ROLE {role} SET synchronous_commit = off;
                 ALTER ROLE {role} SET default_transaction_isolation = 'serializable'"
            ),
        )
        .unwrap();
    let store = try_open(&url).await.unwrap();
    // Records the settings of the writing transaction.
    let watch = "CREATE TABLE seen (how text, isolation text);
         CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
             INSERT INTO public.seen VALUES (current_setting('synchronous_commit'),
                                             current_setting('transaction_isolation')); RETURN NEW; END $$;
         CREATE TRIGGER see AFTER INSERT OR UPDATE ON settings FOR EACH ROW EXECUTE FUNCTION see()";
    SERVER.sql(&name, watch).unwrap();
    store.probe().await.unwrap();
    assert_eq!(SERVER.sql(&name, "SELECT * FROM seen").unwrap(), "on|read committed");
}

/// Returns a certificate for `localhost` and its authority as PEM: authority, certificate, key.
fn certificate() -> (String, String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let leaf =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority_pem, leaf.pem(), key.serialize_pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_an_untrusted_certificate_is_refused() {
    let (authority, certificate, key) = certificate();
    let files = [("server.crt", certificate.as_str()), ("server.key", key.as_str())];
    let server = Server::start_with(&["ssl=on", "fsync=off"], &files).unwrap();
    server.create_database("invites").unwrap();
    let place = tempfile::tempdir().unwrap();
    let roots = place.path().join("ca.pem");
    std::fs::write(&roots, authority).unwrap();
    let roots = roots.display();
    let url = |host: &str, rest: &str| format!("postgres://{USER}@{host}:{}/invites?{rest}", server.port());
    let good = url("localhost", &format!("sslmode=verify-full&sslrootcert={roots}"));
    let store = try_open(&good).await.unwrap();
    store.probe().await.unwrap();
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE application_name = 'vestibule'";
    assert_eq!(server.sql("invites", encrypted).unwrap(), "t");
    // Without the authority, and with a name that the certificate does not have.
    let error = open_error(&url("localhost", "sslmode=verify-full")).await;
    assert!(error.contains("invalid peer certificate"), "{error}");
    let error = open_error(&url("127.0.0.1", &format!("sslrootcert={roots}"))).await;
    assert!(error.contains("invalid peer certificate"), "{error}");
    let error = open_error(&url("localhost", "sslrootcert=/nowhere.pem")).await;
    assert!(error.contains("sslrootcert /nowhere.pem"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_when_tls_is_required() {
    let name = fresh_name();
    SERVER.create_database(&name).unwrap();
    let url = format!("postgres://{USER}@localhost:{}/{name}?sslmode=verify-full", SERVER.port());
    let error = open_error(&url).await;
    assert!(error.contains("does not support TLS") && error.contains("ssl = on"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_may_be_given_separately() {
    let (name, role) = (fresh_name(), fresh_name());
    // Its own server, because the authentication method is a setting of the whole server.
    let server = Server::start(&["fsync=off"]).unwrap();
    server.create_database(&name).unwrap();
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 's3cret'; ALTER DATABASE {name} OWNER TO {role}");
    server.sql(&name, &make).unwrap();
    let rules = format!("host all {role} 127.0.0.1/32 scram-sha-256\nlocal all all trust\n");
    server.write("pg_hba.conf", &rules).unwrap();
    server.sql(&name, "SELECT pg_reload_conf()").unwrap();
    let url = format!("postgres://{role}@127.0.0.1:{}/{name}", server.port());
    let error = open_error(&url).await;
    assert!(error.contains("--database-password-file"), "{error}");
    let open_with = async |password: &str| {
        let database = url.parse::<Database>().unwrap().with_password(password);
        open(&database, Options::new(Arc::new(Still), Policies::default())).await.map(drop)
    };
    let error = open_with("wr0ng").await.unwrap_err().to_string();
    assert!(error.contains("password authentication failed") && !error.contains("wr0ng"), "{error}");
    open_with("s3cret").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_reopens() {
    let database = postgres_database();
    for _ in 0..2 {
        let options = Options::new(Arc::new(Still), Policies::default());
        open(&database, options).await.unwrap().probe().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_long_migration_completes_and_other_nodes_wait() {
    let name = fresh_name();
    let url = SERVER.create_database(&name).unwrap();
    // Longer than the statement timeout of the service.
    let slow = "CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
             IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()
                        WHERE object_identity = 'public.vestibule_schema') THEN
                 PERFORM pg_sleep(6);
             END IF;
         END $$;
         CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION slow()";
    SERVER.sql(&name, slow).unwrap();
    let opening = (0..3).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { try_open(&url).await.map(drop) })
    });
    for one in opening.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_extensions_do_not_make_a_schema_foreign() {
    let name = fresh_name();
    let url = SERVER.create_database(&name).unwrap();
    SERVER.sql(&name, "CREATE EXTENSION pg_stat_statements").unwrap();
    try_open(&url).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_connect_privilege_names_the_grant_to_run() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap().replace(&format!("//{USER}@"), &format!("//{role}@"));
    SERVER
        .sql(&name, &format!("CREATE ROLE {role} LOGIN; REVOKE CONNECT ON DATABASE {name} FROM PUBLIC"))
        .unwrap();
    let error = open_error(&url).await;
    assert!(error.contains("GRANT CONNECT ON DATABASE"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_from_a_server_outranks_connection_refused() {
    let error =
        open_error(&format!("postgres://{USER}@127.0.0.1:{},127.0.0.1:1/nowhere", SERVER.port())).await;
    assert!(error.contains("createdb"), "{error}");
}

/// With a certificate as in PostgreSQL's manual: self-signed, an authority, and without a subject alternative name.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_verified_against_the_configured_root() {
    let own = || {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    };
    let (certificate, key) = own();
    let files = [("server.crt", certificate.as_str()), ("server.key", key.as_str())];
    let server = Server::start_with(&["ssl=on", "fsync=off"], &files).unwrap();
    server.create_database("invites").unwrap();
    let place = tempfile::tempdir().unwrap();
    let url = |name: &str, certificate: &str| {
        let file = place.path().join(name);
        std::fs::write(&file, certificate).unwrap();
        format!("postgres://{USER}@localhost:{}/invites?sslrootcert={}", server.port(), file.display())
    };
    try_open(&url("own.pem", &certificate)).await.unwrap().probe().await.unwrap();
    let error = open_error(&url("another.pem", &own().0)).await;
    assert!(error.contains("invalid peer certificate"), "{error}");
}
