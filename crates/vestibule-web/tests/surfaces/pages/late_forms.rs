//! Forms that were opened before their invite expired, and are sent afterwards.

use std::time::Duration;

use vestibule_core::{Draft, InviteChanges, Kind};

use super::{
    forms::{GOOD, assert_welcome, send},
    parts::{assert_says, page_of, words},
};
use crate::surfaces::bench::{Answer, Bench, WEEK, name};

/// The grant in the form of a page.
fn grant(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("name=\"grant\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn register(bench: &Bench, page: &str, grant: &str, username: &str, password: &str) -> Answer {
    let fields = [("grant", grant), ("username", username), ("password", password)];
    send(bench, &format!("{page}/register"), &fields).await
}

#[tokio::test]
async fn a_form_may_be_sent_within_an_hour_after_it_was_opened() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft { max_uses: Some(9), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    let before = WEEK.checked_sub(Duration::from_mins(1)).unwrap();
    bench.advance(before);
    let opened = grant(&bench.get(&format!("{page}/register?lang=en")).await);
    assert!(opened.len() > 40, "{opened}");
    bench.advance(Duration::from_mins(30));
    for rest in ["", "/register", "/qr.svg"] {
        assert_eq!(bench.get(&format!("{page}{rest}")).await.status.as_u16(), 404, "{rest}");
    }
    // Mistakes do not cost it.
    let answer = register(&bench, &page, &opened, "juliet", "short").await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (422, opened.clone()));
    bench.registrar.has_account("romeo", GOOD);
    let answer = register(&bench, &page, &opened, "romeo", GOOD).await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (409, opened.clone()), "{}", words(&answer.body));
    bench.advance(Duration::from_mins(29));
    assert_welcome(&register(&bench, &page, &opened, "juliet", GOOD).await, "juliet@example.com");
    // A second time, and too late for another.
    assert_welcome(&register(&bench, &page, &opened, "juliet", GOOD).await, "juliet@example.com");
    bench.advance(Duration::from_mins(1));
    let answer = register(&bench, &page, &opened, "nurse", GOOD).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_says(&answer, &["Invitation expired"]);
}

#[tokio::test]
async fn only_a_grant_of_this_invite_and_of_this_service_helps() {
    let bench = Bench::open().await;
    let (one, other) = (bench.mint(Draft::default()).await, bench.mint(Draft::default()).await);
    let (page, other) = (page_of(&one.token), page_of(&other.token));
    bench.advance(WEEK.checked_sub(Duration::from_mins(1)).unwrap());
    let foreign = grant(&bench.get(&format!("{other}/register")).await);
    let own = grant(&bench.get(&format!("{page}/register")).await);
    bench.advance(Duration::from_mins(2));
    let forged = own.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
    let long = "x".repeat(10_000);
    for bad in ["", "x", "~", "<script>", foreign.as_str(), forged.as_str(), long.as_str()] {
        let answer = register(&bench, &page, bad, "juliet", GOOD).await;
        assert_eq!(answer.status.as_u16(), 404, "{bad}");
        assert_says(&answer, &["Invitation expired"]);
    }
    // A grant revives nothing that was taken back.
    bench
        .invite_service
        .store()
        .edit_invite(&bench.operator, one.invite.id, InviteChanges::revoke())
        .await
        .unwrap();
    let answer = register(&bench, &page, &own, "juliet", GOOD).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_says(&answer, &["Invitation withdrawn"]);
    assert_eq!(bench.registrar.registered(), []);
}

#[tokio::test]
async fn a_form_without_a_grant_is_good_as_long_as_its_invite() {
    let bench = Bench::open().await;
    let page = page_of(&bench.mint(Draft::default()).await.token);
    bench.break_randomness(true);
    let form = bench.get(&format!("{page}/register")).await;
    assert_eq!((form.status.as_u16(), grant(&form).as_str()), (200, ""));
    bench.break_randomness(false);
    assert_welcome(&register(&bench, &page, "", "juliet", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn a_new_password_may_be_set_late_as_well() {
    let bench = Bench::open().await;
    bench.registrar.has_account("carol", "the old password");
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("carol")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&bench.mint(draft).await.token));
    bench.advance(WEEK.checked_sub(Duration::from_mins(1)).unwrap());
    let opened = grant(&bench.get(&page).await);
    bench.advance(Duration::from_mins(30));
    assert_eq!(send(&bench, &page, &[("password", GOOD)]).await.status.as_u16(), 404);
    let answer = send(&bench, &page, &[("grant", &opened), ("password", "short")]).await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (422, opened.clone()));
    let answer = send(&bench, &page, &[("grant", &opened), ("password", GOOD)]).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer.body));
    assert_eq!(bench.registrar.registered(), [("carol".to_owned(), GOOD.to_owned())]);
}
