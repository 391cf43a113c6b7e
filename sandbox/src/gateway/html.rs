//! The looks of the 3-D Secure pages: plain HTML with its style inside, for a phone's width, light and dark.

use url::Url;

use super::page::{Answered, End};

const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#f4f4f6;--card:#fff;--ink:#1b1b1f;--soft:#5b5b66;--line:#c6c6d0;--act:#0b57d0;--on-act:#fff}\
@media(prefers-color-scheme:dark){:root{--ground:#121216;--card:#1d1d22;--ink:#ececf1;--soft:#a9a9b6;--line:#4a4a55;--act:#a8c7fa;--on-act:#062e6f}}\
*{box-sizing:border-box}\
body{margin:0;padding:16px;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
main{max-width:26rem;margin:0 auto;padding:20px;background:var(--card);border:1px solid var(--line);border-radius:12px}\
h1{margin:0 0 12px;font-size:1.25rem}\
p{margin:12px 0}\
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 20px}\
dt{color:var(--soft)}\
dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}\
label{display:block;margin-bottom:4px;font-weight:600}\
input,button,.button{display:block;width:100%;min-height:48px;padding:10px 14px;font:inherit;border-radius:8px}\
input{color:inherit;background:transparent;border:1px solid var(--soft)}\
button,.button{margin-top:12px;border:1px solid var(--act);background:var(--act);color:var(--on-act);font-weight:600;text-align:center;text-decoration:none;cursor:pointer}\
.quiet{background:transparent;color:var(--act)}\
:focus-visible{outline:3px solid var(--act);outline-offset:2px}\
.hint{color:var(--soft);font-size:.875rem}";

/// What a challenge page shows.
pub(super) struct Challenge<'a> {
    pub(super) merchant: &'a str,
    pub(super) amount: &'a str,
    pub(super) last_four: &'a str,
    pub(super) action: &'a str,
    pub(super) password: &'a str,
    /// The form was sent, and the issuer says nothing.
    pub(super) no_reaction: bool,
}

pub(super) fn challenge(page: &Challenge<'_>) -> String {
    let Challenge {
        merchant,
        amount,
        last_four,
        action,
        password,
        no_reaction,
    } = page;
    let (merchant, action) = (escape(merchant), escape(action));
    let notice = if *no_reaction {
        "<p role=\"alert\">The bank has not reacted yet. You can wait here.</p>"
    } else {
        ""
    };
    document(
        &format!("{merchant}: confirm {}", escape(amount)),
        "",
        &format!(
            "<h1>Confirm your payment</h1>{notice}\
             <dl><dt>Merchant</dt><dd>{merchant}</dd><dt>Amount</dt><dd>{amount}</dd>\
             <dt>Card</dt><dd><span aria-hidden=\"true\">•••• </span><span>{last_four}</span></dd></dl>\
             <form method=\"post\" action=\"{action}\">\
             <label for=\"password\">Password of your bank</label>\
             <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"one-time-code\" \
             autocapitalize=\"off\" spellcheck=\"false\" aria-describedby=\"hint\" autofocus>\
             <p class=\"hint\" id=\"hint\">This is a sandbox: the password is <code>{password}</code>. \
             Any other one fails.</p>\
             <button type=\"submit\">Confirm</button>\
             <button type=\"submit\" class=\"quiet\" name=\"cancel\" value=\"1\">Cancel</button></form>",
            amount = escape(amount),
            last_four = escape(last_four),
            password = escape(password),
        ),
    )
}

/// The page before the challenge; it forwards by itself to `next`.
pub(super) fn fingerprint(next: &str) -> String {
    let next = escape(next);
    document(
        "Checking your browser",
        &format!("<meta http-equiv=\"refresh\" content=\"1;url={next}\">"),
        &format!(
            "<h1>Checking your browser</h1><p role=\"status\">Your bank is getting ready. This takes a moment.</p>\
             <a class=\"button\" href=\"{next}\">Continue</a>"
        ),
    )
}

/// The last page; `back` only for a scheme that is allowed.
pub(super) fn end(end: End, back: Option<&Url>) -> String {
    let (title, text) = match end {
        End::Answered(Answered::Passed) => ("Confirmed", "Your bank has confirmed it is you."),
        End::Answered(Answered::Failed) => ("Not confirmed", "The password was wrong. The payment will be declined."),
        End::Answered(Answered::Cancelled) => ("Cancelled", "You cancelled. The payment will be declined."),
        End::Expired | End::Answered(Answered::Late) => ("Too late", "The time for this page is over."),
    };
    let link = back
        .map(|back| {
            format!(
                "<a class=\"button\" href=\"{}\">Back to the app</a>",
                escape(back.as_str())
            )
        })
        .unwrap_or_default();
    document(
        title,
        "",
        &format!("<h1>{title}</h1><p role=\"status\">{text} You can close this page.</p>{link}"),
    )
}

pub(super) fn unknown() -> String {
    document(
        "No such page",
        "",
        "<h1>No such page</h1><p>Go back to the app and start again.</p>",
    )
}

/// `title`, `head` and `body` are HTML already.
fn document(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\">{head}<title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{body}</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let page = challenge(&Challenge {
            merchant: "<script>\"'&",
            amount: "1.00 EUR",
            last_four: "1111",
            action: "/3ds/a?return=b\"c",
            password: "hint",
            no_reaction: false,
        });
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;"));
        assert!(page.contains("action=\"/3ds/a?return=b&quot;c\""));
    }

    #[test]
    fn pages_fetch_nothing() {
        let page = end(End::Expired, None);
        assert!(!page.contains("src=") && !page.contains("http:") && !page.contains("https:") && !page.contains("<a "));
    }
}
