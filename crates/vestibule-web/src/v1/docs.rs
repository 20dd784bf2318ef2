//! The API documentation as a page, rendered on the server so that it needs no script.

use serde::Serialize;
use serde_json::Value;

use crate::problem_type::ProblemType;

/// Everything on the page.
#[derive(Serialize)]
pub(super) struct DocsPage {
    version: String,
    about: Vec<String>,
    groups: Vec<OperationGroup>,
    schemas: Vec<SchemaSection>,
    problems: Vec<ProblemRow>,
}

/// Operations that belong together.
#[derive(Serialize)]
struct OperationGroup {
    name: String,
    about: String,
    operations: Vec<OperationSection>,
}

#[derive(Serialize)]
struct OperationSection {
    id: String,
    method: String,
    path: String,
    title: String,
    about: String,
    params: Vec<FieldRow>,
    body: Option<TypeName>,
    answers: Vec<ResponseRow>,
}

#[derive(Serialize)]
struct ResponseRow {
    status: String,
    about: String,
    body: Option<TypeName>,
}

/// A named schema.
#[derive(Serialize)]
struct SchemaSection {
    name: String,
    about: String,
    fields: Vec<FieldRow>,
}

#[derive(Serialize)]
struct FieldRow {
    name: String,
    place: String,
    kind: TypeName,
    required: bool,
    about: String,
}

/// The type of a value, with the name of a schema that has its own section.
#[derive(Serialize)]
struct TypeName {
    words: String,
    schema: Option<String>,
}

#[derive(Serialize)]
struct ProblemRow {
    uri: String,
    status: u16,
    title: &'static str,
}

impl DocsPage {
    /// Reads a description.
    pub(super) fn read(description: &Value) -> Self {
        let group = |tag: &Value| OperationGroup {
            name: text(tag, "name"),
            about: text(tag, "description"),
            operations: operations(description, &text(tag, "name")),
        };
        Self {
            version: text(&description["info"], "version"),
            about: text(&description["info"], "description").split("\n\n").map(str::to_owned).collect(),
            groups: description["tags"].as_array().into_iter().flatten().map(group).collect(),
            schemas: entries(&description["components"]["schemas"]).map(shape).collect(),
            problems: ProblemType::ALL
                .iter()
                .map(|kind| ProblemRow { uri: kind.uri(), status: kind.status.as_u16(), title: kind.title })
                .collect(),
        }
    }
}

fn operations(description: &Value, tag: &str) -> Vec<OperationSection> {
    let mut found = Vec::new();
    for (path, item) in entries(&description["paths"]) {
        for (method, operation) in entries(item) {
            if operation["tags"][0] == tag {
                found.push(read_operation(path, method, operation));
            }
        }
    }
    found
}

fn read_operation(path: &str, method: &str, operation: &Value) -> OperationSection {
    let param = |param: &Value| FieldRow {
        name: text(param, "name"),
        place: text(param, "in"),
        kind: kind(&param["schema"]),
        required: param["required"] == true,
        about: Some(text(param, "description"))
            .filter(|about| !about.is_empty())
            .unwrap_or_else(|| text(&param["schema"], "description")),
    };
    let answer = |(status, answer): (&String, &Value)| ResponseRow {
        status: status.clone(),
        about: match answer["$ref"].as_str() {
            Some(reference) => format!("`{}`", last(reference)),
            None => text(answer, "description"),
        },
        body: body(answer).filter(|_| status.starts_with('2')),
    };
    OperationSection {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        title: text(operation, "summary"),
        about: text(operation, "description"),
        params: operation["parameters"].as_array().into_iter().flatten().map(param).collect(),
        body: body(&operation["requestBody"]),
        answers: entries(&operation["responses"]).map(answer).collect(),
    }
}

fn body(of: &Value) -> Option<TypeName> {
    of["content"]["application/json"].get("schema").map(kind)
}

fn shape((name, schema): (&String, &Value)) -> SchemaSection {
    let mut fields = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten().chain([schema]) {
        if part.get("$ref").is_some() {
            let about = "All fields.".to_owned();
            fields.push(FieldRow {
                name: String::new(),
                place: String::new(),
                kind: kind(part),
                required: true,
                about,
            });
        }
        let required =
            |name: &str| part["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        fields.extend(entries(&part["properties"]).map(|(name, property)| FieldRow {
            name: name.clone(),
            place: String::new(),
            kind: kind(property),
            required: required(name),
            about: text(property, "description"),
        }));
    }
    let mut about = text(schema, "description");
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<_> = names.iter().filter_map(Value::as_str).map(|name| format!("`{name}`")).collect();
        about = format!("{about} One of {}.", names.join(", "));
    }
    SchemaSection { name: name.clone(), about, fields }
}

/// Describes the values that a schema allows.
fn kind(schema: &Value) -> TypeName {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = last(reference).to_owned();
        return TypeName { words: name.clone(), schema: Some(name) };
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choices: Vec<_> = choices.iter().map(kind).collect();
        let words = choices.iter().map(|choice| choice.words.as_str()).collect::<Vec<_>>().join(" or ");
        return TypeName { words, schema: choices.into_iter().find_map(|choice| choice.schema) };
    }
    if schema["type"] == "array" {
        let of = kind(&schema["items"]);
        return TypeName { words: format!("list of {}", of.words), schema: of.schema };
    }
    let mut words = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Value::String(name) => name.clone(),
        _ => "anything".to_owned(),
    };
    if let Some(names) = schema["enum"].as_array() {
        words = names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    }
    if schema["format"] == "date-time" {
        words = words.replace("string", "time");
    }
    TypeName { words, schema: None }
}

/// The last segment of a reference: the name of the schema.
fn last(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
