//! Requests to create invites.

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};
use vestibule_core::{Draft, InviterName, Kind, LanguageTag, Message};

use super::super::{body::Body, enum_schemas, fields::FieldReader, problem::Problem};

/// Maximum number of invites in a batch.
pub(super) const MAX_BATCH: u32 = 10_000;

/// A new invite. All fields are optional; by default, anyone with the link can create one account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewInvite)]
pub(crate) struct CreateInviteRequest {
    /// Kind of the invite. Defaults to `account`.
    #[schema(schema_with = enum_schemas::new_kind)]
    kind: Option<String>,
    /// The only username that can redeem the invite, reserved from now on. For `password-reset`, the account.
    #[schema(min_length = 1, max_length = 1023, example = "ann")]
    username: Option<String>,
    /// Username of the inviting member, who becomes a contact if the kind includes one.
    #[schema(min_length = 1, max_length = 1023, example = "bob")]
    inviter: Option<String>,
    /// Roles of the inviter on the XMPP server, which select its limits; not stored. Scope `redeem`, because only that
    /// server knows them.
    #[schema(max_items = 64)]
    inviter_roles: Option<Vec<String>>,
    /// Groups that the new account joins.
    #[schema(max_items = 64)]
    groups: Option<Vec<String>>,
    /// Roles that the new account gets.
    #[schema(max_items = 64)]
    roles: Option<Vec<String>>,
    /// Maximum number of redemptions; `null` means no limit. Defaults to 1.
    #[schema(minimum = 1)]
    max_uses: Option<u32>,
    /// Lifetime: a number and one of `s`, `m`, `h`, `d`, `w`, such as `7d`; at most ten years. Defaults to the setting
    /// of the host.
    #[schema(pattern = "^[0-9]+[smhdw]$", example = "7d")]
    expires_in: Option<String>,
    /// Expiry, instead of `expires_in`.
    #[schema(format = DateTime, example = "2027-01-31T12:00:00Z")]
    expires_at: Option<String>,
    /// A note for people; at most 2,000 bytes.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// An arbitrary object for programs, stored unchanged; at most 16,384 bytes.
    #[schema(value_type = Option<Object>)]
    data: Option<Map<String, Value>>,
    /// A word to the invited person, in plain text: one line of at most 140 characters (code points). Line breaks become
    /// spaces. An empty text is none, here and in the next two fields.
    #[schema(max_length = 140, example = "See you on Sunday!")]
    message: Option<String>,
    /// Display name of the inviter, with or without a username in `inviter`; not for `password-reset`. At most 64 characters
    /// (code points), and no address or link. It is shown, but proves nothing: any key can choose it.
    #[schema(max_length = 64, example = "Juliet Capulet")]
    inviter_name: Option<String>,
    /// Language of the pages for a visitor without a preference, such as the preview of the link: a BCP 47 tag.
    #[schema(max_length = 35, example = "pt-BR")]
    language: Option<String>,
}

impl Default for CreateInviteRequest {
    fn default() -> Self {
        Self {
            kind: None,
            username: None,
            inviter: None,
            inviter_roles: None,
            groups: None,
            roles: None,
            max_uses: Some(1),
            expires_in: None,
            expires_at: None,
            note: None,
            data: None,
            message: None,
            inviter_name: None,
            language: None,
        }
    }
}

impl CreateInviteRequest {
    /// Parses the fields to a draft. The domain checks its rules later.
    pub(super) fn draft(self) -> Result<Draft, Problem> {
        let mut fields = FieldReader::default();
        let kind = match self.kind.as_deref() {
            None => Some(Kind::Account),
            Some(name) => fields.value_or_error("kind", name.parse::<Kind>()),
        };
        let draft = Draft {
            kind: kind.unwrap_or(Kind::Account),
            username: fields.username("username", self.username.as_deref()),
            inviter: fields.username("inviter", self.inviter.as_deref()),
            inviter_roles: self.inviter_roles.unwrap_or_default(),
            groups: self.groups.unwrap_or_default(),
            roles: self.roles.unwrap_or_default(),
            max_uses: self.max_uses,
            expiry: fields.expiry(self.expires_in.as_deref(), self.expires_at.as_deref()),
            note: self.note,
            data: self.data,
            message: fields.blank_is_none("message", self.message.as_deref(), Message::parse),
            inviter_name: fields.blank_is_none(
                "inviter_name",
                self.inviter_name.as_deref(),
                InviterName::parse,
            ),
            language: fields.blank_is_none("language", self.language.as_deref(), LanguageTag::parse),
        };
        fields.also(draft.validate());
        fields.finish()?;
        Ok(draft)
    }
}

/// A batch of identical invites.
pub(crate) struct CreateBatchRequest {
    pub(super) count: u32,
    pub(super) invite: CreateInviteRequest,
}

#[derive(Deserialize)]
struct Count {
    count: u32,
}

impl CreateBatchRequest {
    /// Parses `count`, and the remaining fields as an invite.
    pub(super) fn read(mut body: Body) -> Result<Self, Problem> {
        let count = body.0.remove("count").map(|count| ("count".to_owned(), count));
        let Count { count } = Body(count.into_iter().collect()).read()?;
        if !(1..=MAX_BATCH).contains(&count) {
            return Err(Problem::field("count", format!("expected a whole number from 1 to {MAX_BATCH}")));
        }
        Ok(Self { count, invite: body.read()? })
    }
}

/// The schema of an invite, and `count`.
impl PartialSchema for CreateBatchRequest {
    fn schema() -> RefOr<Schema> {
        let mut schema = CreateInviteRequest::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let count = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .maximum(Some(f64::from(MAX_BATCH)))
                .description(Some("Number of invites."))
                .build();
            object.properties.insert("count".to_owned(), count.into());
            object.required.push("count".to_owned());
        }
        schema
    }
}

impl ToSchema for CreateBatchRequest {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewBatch".into()
    }
}
