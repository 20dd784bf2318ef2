use serde_json::json;
use vestibule_core::{PresentedKey, Scopes, SecretHash, hex};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const T: &str = "-QXbC3d4E5f6_7h8J9kLmN-_";

fn host() -> Host {
    Host::parse("a.example").unwrap()
}

/// A token of Prosody's form, different for each letter.
fn token(letter: char) -> String {
    T.replace('Q', &letter.to_string())
}

fn account(changes: &Value) -> Value {
    let mut record = json!({
        "type": "register", "jid": "a.example", "token": T, "allow_registration": true,
        "uri": "xmpp:a.example?register;preauth=x", "created_at": 1_799_000_000, "expires": 1_801_000_000,
    });
    for (name, value) in changes.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

fn converted(records: Records) -> Conversion {
    convert(records, &host(), NOW)
}

fn one(changes: &Value) -> ForeignInvite {
    let records = Records { invites: vec![(T.to_owned(), account(changes))], ..Records::default() };
    let mut conversion = converted(records);
    assert_eq!(conversion.rejected, []);
    conversion.invites.pop().unwrap().record
}

fn reason(changes: &Value) -> String {
    let records = Records { invites: vec![(T.to_owned(), account(changes))], ..Records::default() };
    let conversion = converted(records);
    assert!(conversion.invites.is_empty());
    let [Rejected { record, reason }] = &conversion.rejected[..] else { panic!("{conversion:?}") };
    assert!(record.to_string().contains("invite"), "{record}");
    reason.clone()
}

#[test]
fn each_kind_of_invite_is_converted_with_its_properties() {
    let plain = one(&json!({}));
    assert_eq!((plain.draft.kind, plain.draft.max_uses), (Kind::Account, Some(1)));
    assert_eq!(plain.token.expose(), T);
    assert_eq!(plain.created_at, Timestamp::from_millis(1_799_000_000_000));
    assert_eq!(plain.expires_at, Timestamp::from_millis(1_801_000_000_000));
    assert_eq!(plain.source.as_str(), "import");
    assert_eq!(plain.draft.data, None);

    let bound = one(&json!({"jid": "Lena@a.example"}));
    assert_eq!(bound.draft.username.unwrap().as_str(), "lena");

    let group = one(&json!({"reusable": true, "additional_data": {
        "groups": ["class", "choir"], "roles": ["prosody:member"], "note": "7b", "source": "api/token/x", "x": 1.5,
    }}));
    assert_eq!(group.draft.groups, ["class", "choir"]);
    assert_eq!(group.draft.roles, ["prosody:member"]);
    assert_eq!((group.draft.max_uses, group.draft.note.as_deref()), (None, Some("7b")));
    assert_eq!(group.source.as_str(), "api/token/x");
    assert_eq!(group.draft.data.unwrap(), *json!({"x": 1.5}).as_object().unwrap());

    let reset = one(&json!({"jid": "tom@a.example", "additional_data": {"allow_reset": "tom", "roles": {}}}));
    assert_eq!(reset.draft.kind, Kind::PasswordReset);
    assert_eq!(reset.draft.username.unwrap().as_str(), "tom");

    let contact = one(&json!({"type": "roster", "jid": "anna@a.example"}));
    assert_eq!(contact.draft.kind, Kind::AccountAndContact);
    assert_eq!((contact.draft.inviter.unwrap().as_str(), contact.draft.username), ("anna", None));
}

#[test]
fn roles_and_groups_are_lists_sets_or_single_names() {
    for (given, expected) in [
        (json!(["b", "a"]), &["b", "a"][..]),
        (json!({"b": true, "a": true, "c": false}), &["a", "b"]),
        (json!({}), &[]),
        (json!("a"), &["a"]),
    ] {
        let draft = one(&json!({"additional_data": {"roles": given, "groups": given}})).draft;
        assert_eq!(draft.roles, expected, "{given}");
        assert_eq!(draft.groups, expected, "{given}");
    }
}

#[test]
fn what_is_not_understood_is_rejected_with_the_reason() {
    for (changes, expected) in [
        (json!({"jid": "b.example"}), "it is for \"b.example\", not for a.example"),
        (json!({"jid": "ann@b.example"}), "it is not an address at a.example"),
        (json!({"jid": null}), "it has no address"),
        (json!({"expires": "soon"}), "it has no expiry"),
        (json!({"type": "other"}), "its type is neither"),
        (json!({"type": "roster"}), "it has no inviter"),
        (json!({"additional_data": "x"}), "its additional data is not a table"),
        (json!({"additional_data": {"groups": {"a": 1}}}), "its groups are not names"),
        (json!({"additional_data": {"roles": [1]}}), "its roles are not names"),
        (json!({"additional_data": {"allow_reset": true}}), "whose password it resets is not a name"),
        (json!({"additional_data": {"groups": ["a\nb"]}}), "groups: each must have"),
        (json!({"additional_data": {"x": "x".repeat(20_000)}}), "data: at most"),
    ] {
        let reason = reason(&changes);
        assert!(reason.contains(expected), "{reason}");
    }
    let malformed =
        Records { invites: vec![("short".to_owned(), account(&json!({})))], ..Records::default() };
    let rejected = converted(malformed).rejected.remove(0);
    assert_eq!(rejected.record.to_string(), "account invite, created 2027-01-03T18:13:20Z");
    assert!(rejected.reason.starts_with("its token has not the form"), "{}", rejected.reason);
}

#[test]
fn contacts_are_converted_once_and_expired_invites_are_counted() {
    let records = Records {
        invites: vec![
            (token('1'), account(&json!({"type": "roster", "jid": "anna@a.example"}))),
            (token('2'), account(&json!({"expires": 1_799_999_999}))),
        ],
        contacts: vec![
            ("anna".to_owned(), token('1'), json!(1_801_000_000)),
            ("anna".to_owned(), token('3'), json!(1_801_000_000.25)),
            ("anna".to_owned(), token('4'), json!(17)),
            ("a b".to_owned(), token('5'), json!(1_801_000_000)),
        ],
        ..Records::default()
    };
    let conversion = converted(records);
    let kinds: Vec<_> = conversion.invites.iter().map(|invite| invite.record.draft.kind).collect();
    assert_eq!(kinds, [Kind::AccountAndContact, Kind::Contact]);
    assert_eq!((conversion.expired, conversion.rejected.len()), (2, 1));
}

#[test]
fn the_newest_invite_for_a_username_stays() {
    let bound = |created: u32| account(&json!({"jid": "lena@a.example", "created_at": created}));
    let records = Records {
        invites: vec![
            (token('1'), bound(10)),
            (token('2'), bound(30)),
            (token('3'), bound(30)),
            (token('4'), bound(20)),
        ],
        ..Records::default()
    };
    let conversion = converted(records);
    assert_eq!(conversion.invites.len(), 1);
    assert_eq!(conversion.invites[0].record.token.expose(), token('2'));
    assert_eq!(conversion.rejected.len(), 3);
    assert!(conversion.rejected[0].reason.contains("reserves the username lena"));
}

#[test]
fn an_expiry_beyond_ten_years_is_limited() {
    // The last two are infinite in Lua.
    for expires in ["9000000000", "1e13", "1e300", "1e9999"] {
        let expires: Value = serde_json::from_str(expires).unwrap();
        let contacts = vec![("anna".to_owned(), token('1'), expires.clone())];
        let invites = vec![(T.to_owned(), account(&json!({ "expires": expires })))];
        let conversion = converted(Records { invites, contacts, ..Records::default() });
        let times: Vec<_> = conversion.invites.iter().map(|invite| invite.record.expires_at).collect();
        assert_eq!(times, [NOW.plus(MAX_EXPIRY); 2], "{expires}");
        assert_eq!(
            conversion.notes,
            ["2 invites with an expiry more than ten years away: it is now ten years"]
        );
    }
    let one = Records { contacts: vec![("anna".to_owned(), token('1'), json!(1e13))], ..Records::default() };
    assert!(converted(one).notes[0].starts_with("1 invite with"));
    assert!(one_with("expires", &json!(-5)).invites.is_empty(), "it expired before 1970");
    // A creation in the future is none.
    assert_eq!(one_with("created_at", &json!(1e300)).invites[0].record.created_at, NOW);
}

fn one_with(field: &str, value: &Value) -> Conversion {
    let record = account(&json!({ field: value }));
    let conversion = converted(Records { invites: vec![(T.to_owned(), record)], ..Records::default() });
    assert_eq!(conversion.rejected, []);
    conversion
}

#[test]
fn an_odd_label_is_cleaned_and_reported() {
    let note = |note: &str| one_with("additional_data", &json!({ "note": note }));
    let long = format!("{}ü and more", "x".repeat(1_999));
    for (before, after) in [("a\0b\n\0", "a b"), (long.as_str(), &long[..1_999])] {
        let conversion = note(before);
        assert_eq!(conversion.invites[0].record.draft.note.as_deref(), Some(after));
        let expected =
            "the note of 1 invite was changed, because Vestibule stores at most 2000 bytes, without NUL";
        assert_eq!(conversion.notes, [expected]);
    }
    assert!(note("two\nlines").notes.is_empty());

    let long = format!("{}ü", "x".repeat(199));
    let cases = [
        ("Por\ntal \u{7}", Some("Por tal")),
        (long.as_str(), Some(&long[..199])),
        ("\n", None),
        ("Portal", Some("Portal")),
    ];
    for (before, after) in cases {
        let keys = vec![("k1".to_owned(), json!({ "token": "s", "name": before }))];
        let conversion = converted(Records { keys, ..Records::default() });
        assert_eq!(conversion.keys[0].record.name.as_deref(), after);
        assert_eq!(conversion.notes.len(), usize::from(after != Some(before)), "{:?}", conversion.notes);
    }
}

#[test]
fn keys_keep_their_secret() {
    let secret = "s".repeat(36);
    let hash = hex::encode(SecretHash::of(&secret).as_bytes());
    let records = Records {
        keys: vec![
            (
                "plain".to_owned(),
                json!({"id": "plain", "token": secret, "name": "Portal", "created_at": 5,
                "allowed_methods": {"GET": true, "POST": true}}),
            ),
            ("hashed".to_owned(), json!({"sha256": hash, "allowed_methods": {"GET": true}})),
            ("none".to_owned(), json!({"name": "x"})),
            ("bad".to_owned(), json!({"sha256": "ff"})),
            ("a b".to_owned(), json!({"token": "x"})),
        ],
        ..Records::default()
    };
    let conversion = converted(records);
    for Named { record: key, .. } in &conversion.keys {
        let presented = PresentedKey::parse(&format!("{}/{secret}", key.id)).unwrap();
        assert_eq!((presented.secret, key.scopes), (key.secret, Scopes::default()));
    }
    assert_eq!(conversion.keys[0].record.name.as_deref(), Some("Portal"));
    assert_eq!(
        conversion.notes,
        ["key hashed was limited to some HTTP methods; it now works with GET and POST"]
    );
    let rejected: Vec<_> = conversion.rejected.iter().map(|rejected| rejected.record.to_string()).collect();
    assert_eq!(rejected, ["key \"x\" (none)", "key bad", "key with a malformed id"]);
    assert!(!format!("{conversion:?}").contains(&secret));
}
