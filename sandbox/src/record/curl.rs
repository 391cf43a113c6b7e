//! A request as a `curl` command. What is not kept of it becomes a variable of the shell, to be set first.

use serde_json::{Map, Value};

use super::redact;

/// Around a variable's name, until the text around it has been quoted. Nothing that JSON would escape.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// The command for a request whose body, if it has one, is redacted already.
pub(crate) fn command(method: &str, url: &str, content_type: Option<&str>, json: Option<&Value>, body: &str) -> String {
    let mut command = format!("curl --cacert ca.pem --request {method} {}", quoted(&query(url)));
    if let Some(content_type) = content_type {
        command.push_str(&format!(
            " \\\n  --header {}",
            quoted(&format!("Content-Type: {content_type}"))
        ));
    }
    match json {
        Some(json) => {
            let body = variables("", json).to_string();
            command.push_str(&format!(" \\\n  --data {}", quoted(&body)));
        }
        None if !body.is_empty() => command.push_str(&format!(" \\\n  --data {}", quoted(&pairs(body)))),
        None => {}
    }
    command
}

fn variable(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

fn variables(member: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), variables(name, value)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => items.iter().map(|item| variables(member, item)).collect(),
        Value::String(_) => redact::variable(member).map_or_else(|| value.clone(), |name| variable(name).into()),
        _ => value.clone(),
    }
}

fn query(url: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}?{}", pairs(query)),
        None => url.to_owned(),
    }
}

fn pairs(form: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() => {
            redact::variable(name).map_or_else(|| pair.to_owned(), |of| format!("{name}={}", variable(of)))
        }
        _ => pair.to_owned(),
    };
    form.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// In single quotes, with the variables outside of them.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\'', r"'\''").replace(OPEN, "'\"$").replace(CLOSE, "\"'");
    format!("'{escaped}'")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_kept_becomes_a_variable_and_quotes_hold() {
        let body = json!({"note": "it's", "session": {"accessToken": "abcdef…yz (64)"}});
        let command = command(
            "POST",
            "https://127.0.0.1:1/a?token=x&b=c",
            Some("application/json"),
            Some(&body),
            "",
        );
        assert_eq!(
            command,
            "curl --cacert ca.pem --request POST 'https://127.0.0.1:1/a?token='\"$TOKEN\"'&b=c' \\\n  \
             --header 'Content-Type: application/json' \\\n  \
             --data '{\"note\":\"it'\\''s\",\"session\":{\"accessToken\":\"'\"$ACCESS_TOKEN\"'\"}}'"
        );
    }
}
