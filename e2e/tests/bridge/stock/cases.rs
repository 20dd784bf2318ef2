//! What is compared, and which differences are meant.

use serde_json::{Value, json};
use vestibule_e2e::Version;

/// A difference that is meant.
pub(super) struct Meant {
    /// Where it is one version's alone.
    pub(super) version: Option<Version>,
    /// What the names of its cases contain.
    pub(super) case: &'static str,
    /// What the paths of its values contain.
    pub(super) path: &'static str,
    pub(super) why: &'static str,
}

const fn meant(case: &'static str, path: &'static str, why: &'static str) -> Meant {
    Meant { version: None, case, path, why }
}

pub(super) const MEANT: [Meant; 9] = [
    meant("", "/landing_page", "Vestibule has a page for each invite, where no other module has one"),
    meant(
        "account",
        "/1/values/0/additional_data/note",
        "a note is for those who manage invites; `get` is asked by guests",
    ),
    meant(
        "group",
        "/1/values/0/additional_data/note",
        "a note is for those who manage invites; `get` is asked by guests",
    ),
    meant("reset by its data", "/jid", "a reset names its account, however it was made"),
    meant("reset by its data", "/uri", "a reset names its account, however it was made"),
    meant("group", "/reusable", "false and nothing mean the same"),
    meant(
        "account of a name that is taken",
        "/",
        "nobody could use it: refused with a reason when it is made",
    ),
    meant("for nobody", "/", "nobody could use it: refused with a reason when it is made"),
    Meant {
        version: Some(Version::V012),
        case: "contact alone",
        path: "/2/values",
        why: "0.12's own `get` raises an error for a contact's invite without registration",
    },
];

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) steps: Value,
}

#[allow(clippy::needless_pass_by_value, reason = "so that cases read as calls")]
pub(super) fn step(call: &str, args: Value, label: &str) -> Value {
    json!({ "call": call, "args": args, "as": label })
}

pub(super) fn of(label: &str) -> Value {
    json!({ "token": label })
}

pub(super) fn roles(version: Version) -> Value {
    match version {
        Version::V012 => json!({ "prosody:member": true }),
        Version::V13 => json!(["prosody:member", "prosody:guest"]),
    }
}

/// What everybody asks of an invite.
pub(super) fn looked_at(label: &str) -> [Value; 2] {
    [step("get", json!([of(label)]), ""), step("get_account_invite_info", json!([of(label)]), "")]
}

#[allow(clippy::too_many_lines, reason = "a table")]
pub(super) fn cases(version: Version) -> Vec<Case> {
    let functions = [
        "create_account",
        "create_account_reset",
        "create_contact",
        "create_group",
        "pending_account_invites",
        "get_account_invite_info",
        "delete_account_invite",
        "get",
        "use",
    ];
    let data = json!({ "source": "a@b/c", "groups": ["x", "y"], "roles": roles(version), "note": "a note",
        "custom": { "n": 1, "list": ["p", "q"] }, "email": "a@b" });
    let case = |name, steps: Vec<Value>| Case { name, steps: Value::Array(steps) };
    let with = |first: Vec<Value>, label: &str| [first, looked_at(label).to_vec()].concat();
    vec![
        case("parameters", functions.map(|name| json!({ "nparams": name })).to_vec()),
        case("account", with(vec![step("create_account", json!([null]), "a"), json!({ "list": true })], "a")),
        case("account with data", with(vec![step("create_account", json!([null, data, 600]), "b")], "b")),
        case(
            "account with nothing in its lists",
            with(vec![step("create_account", json!([null, { "groups": [], "roles": [] }]), "c")], "c"),
        ),
        case(
            "account of a name",
            with(vec![step("create_account", json!(["juliet", { "note": "n" }]), "d")], "d"),
        ),
        case("reset", with(vec![step("create_account_reset", json!(["romeo", 600]), "e")], "e")),
        case("reset for a day", with(vec![step("create_account_reset", json!(["mercutio"]), "f")], "f")),
        case(
            "reset by its data",
            with(vec![step("create_account", json!([null, { "allow_reset": "benvolio" }]), "g")], "g"),
        ),
        case(
            "contact alone",
            vec![
                step("create_contact", json!(["romeo", false, null, 600]), "h"),
                step("get", json!([of("h")]), ""),
                step("get", json!([of("h"), "romeo"]), ""),
                step("get", json!([of("h"), "nurse"]), ""),
                step("get_account_invite_info", json!([of("h")]), ""),
            ],
        ),
        case(
            "contact who registers",
            with(
                vec![
                    step("create_contact", json!(["romeo", true, { "source": "romeo@localhost" }]), "i"),
                    step("get", json!([of("i"), "romeo"]), ""),
                    step("get", json!([of("i"), "nurse"]), ""),
                ],
                "i",
            ),
        ),
        case("group", with(vec![step("create_group", json!([["x", "y"], { "note": "n" }]), "j")], "j")),
        case(
            "group for many",
            with(
                vec![
                    step("create_group", json!([["x"], null, 600]), "k"),
                    step("use", json!([of("k")]), ""),
                    step("use", json!([of("k")]), ""),
                ],
                "k",
            ),
        ),
        case(
            "used",
            with(vec![step("create_account", json!([null]), "l"), step("use", json!([of("l")]), "")], "l"),
        ),
        case(
            "deleted",
            with(
                vec![
                    step("create_account", json!([null]), "m"),
                    step("delete_account_invite", json!([of("m")]), ""),
                    step("delete_account_invite", json!([of("m")]), ""),
                ],
                "m",
            ),
        ),
        case(
            "unknown",
            vec![
                step("get", json!([null]), ""),
                step("get", json!(["nonsense"]), ""),
                step("get", json!(["nonsense", "romeo"]), ""),
                step("get_account_invite_info", json!([null]), ""),
                step("get_account_invite_info", json!(["nonsense"]), ""),
                step("delete_account_invite", json!([null]), ""),
                step("delete_account_invite", json!(["nonsense"]), ""),
                step("use", json!(["nonsense"]), ""),
            ],
        ),
        case("account of a name that is taken", vec![step("create_account", json!(["romeo"]), "p")]),
        case("reset for nobody", vec![step("create_account_reset", json!(["ghost"]), "q")]),
        case("contact for nobody", vec![step("create_contact", json!(["ghost", true]), "r")]),
        case(
            "changed by handlers",
            with(
                vec![
                    json!({ "handlers": { "groups": ["default"], "roles": roles(version), "page": "https://page.example/x",
                "field": "more" } }),
                    step("create_contact", json!(["romeo", true, { "source": "s" }]), "n"),
                    step("create_account", json!([null, null, 600]), "o"),
                    json!({ "handlers": {} }),
                    step("get_account_invite_info", json!([of("o")]), ""),
                ],
                "n",
            ),
        ),
    ]
}
