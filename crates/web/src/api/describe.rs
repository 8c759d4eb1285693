//! The interface as it describes itself: OpenAPI 3.1 for programs, a page for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::http::Method;
use reference::Catalogue;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::operation::{Kind, Operation, Param, SchemaOf, Takes};

/// Where descriptions of values stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// Why a call was not answered.
#[derive(Serialize, JsonSchema)]
struct Problem {
    /// What is wrong and what to do, as a sentence.
    error: String,
    /// The same for programs.
    key: String,
}

/// The whole interface as an OpenAPI 3.1 document in the language of `texts`.
pub fn openapi(texts: &Catalogue) -> Value {
    let (mut gives, mut takes) = (generator(true), generator(false));
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in super::operations() {
        let method = operation.route.method.as_str().to_lowercase();
        let described = described(&operation, texts, &mut gives, &mut takes);
        paths.entry(operation.route.path).or_default().insert(method, described);
    }
    gives.subschema_for::<Problem>();
    let mut schemas = gives.take_definitions(true);
    schemas.extend(takes.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mimawari",
            "version": env!("CARGO_PKG_VERSION"),
            "description": texts.text("web.api.about"),
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

/// A generator of what is given (`gives`), where every key is always there, or of what is taken.
fn generator(gives: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    let mut settings = if gives { settings.for_serialize() } else { settings.for_deserialize() };
    settings.definitions_path = SCHEMAS.into();
    settings.meta_schema = None;
    settings.into_generator()
}

fn described(
    operation: &Operation,
    texts: &Catalogue,
    gives: &mut SchemaGenerator,
    takes: &mut SchemaGenerator,
) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "summary": texts.text(&format!("web.api.op.{}", operation.id)),
        "tags": [tag(operation.route.path)],
        "x-permission": operation.permission.key(),
        "parameters": parameters(operation, texts),
        "responses": responses(operation, texts, gives),
    });
    let body = match operation.takes {
        Takes::Nothing => None,
        Takes::Json(schema) => Some(json!({ "application/json": { "schema": schema(takes) } })),
        Takes::Files => Some(files()),
    };
    if let (Some(content), Some(object)) = (body, described.as_object_mut()) {
        object.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    described
}

/// The first word of the path after the version.
fn tag(path: &str) -> &str {
    path.split('/').nth(3).unwrap_or_default()
}

fn parameters(operation: &Operation, texts: &Catalogue) -> Vec<Value> {
    let in_path = names_in(operation.route.path).map(|name| {
        json!({
            "name": name, "in": "path", "required": true,
            "description": texts.text(&format!("web.api.param.{name}")),
            "schema": { "type": "string" },
        })
    });
    let in_query = operation.params.iter().map(|param| {
        json!({
            "name": param.name, "in": "query", "required": param.required,
            "description": texts.text(&format!("web.api.param.{}", param.name)),
            "schema": schema_of(param),
        })
    });
    in_path.chain(in_query).collect()
}

/// The names in braces.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn schema_of(param: &Param) -> Value {
    match param.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Number(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Moment => json!({ "type": "string", "format": "date-time" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words() }),
    }
}

fn responses(operation: &Operation, texts: &Catalogue, gives: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let given: SchemaOf = operation.gives;
    let done = json!({
        "description": texts.text("web.api.done"),
        "content": json_of(given(gives).to_value()),
    });
    responses.insert("200".to_owned(), done);
    if operation.route.method == Method::GET {
        let unchanged = json!({ "description": texts.text("web.api.unchanged") });
        responses.insert("304".to_owned(), unchanged);
    }
    let problem = json!({
        "description": texts.text("web.api.refused"),
        "content": json_of(json!({ "$ref": format!("#{SCHEMAS}/Problem") })),
    });
    responses.insert("default".to_owned(), problem);
    Value::Object(responses)
}

/// Files: as parts, or one as the body itself.
fn files() -> Value {
    let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    json!({
        "multipart/form-data": { "schema": {
            "type": "object",
            "properties": {
                "file": { "type": "array", "items": file },
                "mapping": { "type": "string" },
            },
        } },
        "application/octet-stream": { "schema": file },
    })
}

/// An operation as the page of the desk lists it.
pub(crate) struct Readable {
    pub(crate) method: String,
    pub(crate) path: &'static str,
    pub(crate) summary: String,
    pub(crate) permission: &'static str,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) body: Option<&'static str>,
    /// The keys of the answer.
    pub(crate) keys: Vec<String>,
}

/// Every operation, for people.
pub(crate) fn readable(texts: &Catalogue) -> Vec<Readable> {
    let document = openapi(texts);
    super::operations()
        .into_iter()
        .map(|operation| {
            let method = operation.route.method.as_str().to_owned();
            let described = &document["paths"][operation.route.path][method.to_lowercase()];
            let given = &described["responses"]["200"]["content"]["application/json"]["schema"];
            let names = names_in(operation.route.path);
            let names = names.chain(operation.params.iter().map(|param| param.name));
            let about = |name| (name, texts.text(&format!("web.api.param.{name}")).into_owned());
            Readable {
                method,
                path: operation.route.path,
                summary: texts.text(&format!("web.api.op.{}", operation.id)).into_owned(),
                permission: operation.permission.key(),
                params: names.map(about).collect(),
                body: match operation.takes {
                    Takes::Nothing => None,
                    Takes::Json(_) => Some("application/json"),
                    Takes::Files => Some("multipart/form-data"),
                },
                keys: keys(&document, given),
            }
        })
        .collect()
}

/// The keys of what a schema describes, those of lists with `[]`.
fn keys(document: &Value, schema: &Value) -> Vec<String> {
    let named = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    let schema = named.and_then(|path| document.pointer(path)).unwrap_or(schema);
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(key, value)| match value["type"].as_str() {
            Some("array") => format!("{key}[]"),
            _ => key.clone(),
        })
        .collect()
}

/// The page `docs/api/README.md`.
pub fn markdown(texts: &Catalogue) -> String {
    let mut page = format!(
        "{}\n\n# {}\n\n{}\n\n{}\n\n```sh\ncurl -H \"Authorization: Bearer $TOKEN\" 'http://127.0.0.1:8080/api/v1/devices?search=ct&limit=10'\ncurl -H \"Authorization: Bearer $TOKEN\" -F file=@ledger.xlsx 'http://127.0.0.1:8080/api/v1/imports?dry_run=true'\ncurl -H \"Authorization: Bearer $TOKEN\" --data-binary @arp.txt 'http://127.0.0.1:8080/api/v1/imports?name=arp.txt'\n```\n\n",
        "<!-- Written by `cargo xtask generate` from the program itself. Do not edit by hand. -->",
        texts.text("web.api.title"),
        texts.text("web.api.about"),
        texts.text("web.api.how"),
    );
    let headings = ["operation", "asks", "parameters", "answer"]
        .map(|key| texts.text(&format!("web.api.head.{key}")).into_owned());
    let _ = writeln!(page, "| {} |\n|---|---|---|---|", headings.join(" | "));
    for operation in readable(texts) {
        let params: Vec<String> =
            operation.params.iter().map(|(name, _)| format!("`{name}`")).collect();
        let body = operation.body.map(|media| format!(" ({media})")).unwrap_or_default();
        let _ = writeln!(
            page,
            "| `{} {}`<br>{} | {} | {}{body} | {} |",
            operation.method,
            operation.path,
            operation.summary,
            texts.text(&format!("permission.{}", operation.permission)),
            params.join(", "),
            // A document whose form somebody else laid down has no keys of ours.
            match operation.keys.as_slice() {
                [] => "JSON".to_owned(),
                keys => format!("`{}`", keys.join(", ")),
            },
        );
    }
    let _ = writeln!(page, "\n{}\n", texts.text("web.api.statuses"));
    let mut about: BTreeMap<&str, String> = BTreeMap::new();
    about.extend(readable(texts).into_iter().flat_map(|operation| operation.params));
    for (name, sentence) in about {
        let _ = writeln!(page, "- `{name}`: {sentence}");
    }
    page
}
