//! The OpenAPI document, as far as it uses JSON Schema: whether an answer is one that it describes, and no more than that.

use std::sync::LazyLock;

use serde_json::Value;

pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../src/inspector/openapi.json")).unwrap());

/// The path template of the document that `path` is an instance of.
pub(crate) fn template(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &&String| {
        let wanted: Vec<&str> = template.split('/').collect();
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(w, p)| w == p || w.starts_with('{'))
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // A path without parameters goes before one with.
    let mut found: Vec<&String> = paths.keys().filter(fits).collect();
    found.sort_by_key(|template| template.matches('{').count());
    found.first().map(|template| template.as_str())
}

/// What is wrong with an answer by the document; nothing if it is described.
pub(crate) fn objection(method: &str, path: &str, status: u16, body: Option<&Value>) -> Option<String> {
    let template = template(path)?;
    let operation = &DOCUMENT["paths"][template][method.to_lowercase()];
    if operation.is_null() {
        return Some(format!("{method} {template} is not in the document"));
    }
    let described = &operation["responses"][status.to_string()];
    if described.is_null() {
        return Some(format!("{method} {template}: {status} is not in the document"));
    }
    let schema = &described["content"]["application/json"]["schema"];
    match (body, schema.is_null()) {
        (Some(body), false) => broken(schema, body, "").map(|what| format!("{method} {template} {status}{what}")),
        (None, true) => None,
        (Some(_), true) => Some(format!("{method} {template} {status}: a body where none is described")),
        (None, false) => Some(format!("{method} {template} {status}: no body")),
    }
}

/// What is wrong with the data of an event by the document; nothing if it is described.
pub(crate) fn objection_to_event(name: &str, data: &Value) -> Option<String> {
    let schema = match name {
        "exchange" => "Summary",
        "sale" => "Sale",
        _ => return None,
    };
    broken(&DOCUMENT["components"]["schemas"][schema], data, "").map(|what| format!("event {name}{what}"))
}

/// Where and how `value` breaks `schema`.
fn broken(schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        let referred = &DOCUMENT["components"]["schemas"][name];
        assert!(!referred.is_null(), "no schema {name}");
        return broken(referred, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let objections: Vec<String> = any.iter().map_while(|schema| broken(schema, value, at)).collect();
        return (objections.len() == any.len()).then(|| objections.join(" or "));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        return Some(format!("{at}: {value} is none of {known:?}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&kind) {
        return Some(format!("{at}: {kind}, not {types:?}"));
    }
    match value {
        Value::Array(items) => {
            let item = |(place, item)| broken(&schema["items"], item, &format!("{at}/{place}"));
            items.iter().enumerate().find_map(item)
        }
        Value::Object(members) => {
            let needed = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            if let Some(missing) = needed.into_iter().find(|name| !members.contains_key(*name)) {
                return Some(format!("{at}: no {missing}"));
            }
            members
                .iter()
                .find_map(|(name, value)| match schema["properties"].get(name) {
                    Some(schema) => broken(schema, value, &format!("{at}/{name}")),
                    None if schema["additionalProperties"] == false => Some(format!("{at}: {name} is not described")),
                    None => None,
                })
        }
        _ => None,
    }
}

#[test]
fn an_answer_that_is_not_described_is_noticed() {
    let state = |change: fn(&mut Value)| {
        let mut state = serde_json::json!({
            "version": "1", "run": "a", "gateway_url": "x", "merchant_url": "y", "has_gateway": true, "endpoint_id": "1",
            "control_key": "00", "faults_on": true, "security_codes": [{"code": "123", "outcome": "approved"}],
        });
        change(&mut state);
        objection("GET", "/api/state", 200, Some(&state))
    };
    assert_eq!(state(|_| {}), None);
    assert!(state(|state| state["more"] = 1.into()).is_some());
    assert!(state(|state| state["faults_on"] = "yes".into()).is_some());
    assert!(state(|state| state["security_codes"][0]["code"] = 123.into()).is_some());
    assert!(objection("GET", "/api/state", 500, None).is_some());
    assert!(objection("PUT", "/api/state", 200, None).is_some());
    assert_eq!(template("/api/sales/abc/again"), Some("/api/sales/{invoice_id}/again"));
}
