//! The looks of the 3-D Secure pages: plain HTML with its style inside, for a phone's width, light and dark. What they say to a
//! cardholder is in `words`; what testers read stands apart and is English.

use url::Url;

use super::{
    challenge::{Answered, Ask, End, Notice},
    words::Words,
};

const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#f4f4f6;--card:#fff;--ink:#1b1b1f;--soft:#5b5b66;--line:#c6c6d0;--act:#0b57d0;--on-act:#fff;\
--good:#0a6b2d;--bad:#b3261e;--gone:#5b5b66;--slow:#7a4f00}\
@media(prefers-color-scheme:dark){:root{--ground:#121216;--card:#1d1d22;--ink:#ececf1;--soft:#a9a9b6;--line:#4a4a55;--act:#a8c7fa;--on-act:#062e6f;\
--good:#7fd99a;--bad:#ffb4ab;--gone:#a9a9b6;--slow:#f0c36d}}\
*{box-sizing:border-box}\
body{margin:0;padding:16px;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}\
main,aside{max-width:26rem;margin:0 auto;padding:20px;background:var(--card);border:1px solid var(--line);border-radius:12px}\
aside{margin-top:16px;border-style:dashed;background:transparent}\
h1{margin:0 0 12px;font-size:1.25rem}\
h2{margin:0;font-size:.875rem;color:var(--soft)}\
p{margin:12px 0}\
dl{margin:0 0 20px}\
dl div{display:flex;flex-wrap:wrap;gap:0 16px;justify-content:space-between;margin:4px 0}\
dt{color:var(--soft)}\
dd{margin:0 0 0 auto;text-align:end;font-variant-numeric:tabular-nums;min-width:0}\
label{display:block;margin-bottom:8px;font-weight:600}\
input,button,.button{display:block;width:100%;min-height:48px;padding:10px 14px;font:inherit;border-radius:8px}\
input{color:inherit;background:transparent;border:1px solid var(--soft)}\
input[aria-invalid]{border:2px solid var(--bad)}\
button,.button{margin-top:12px;border:1px solid var(--act);background:var(--act);color:var(--on-act);font-weight:600;text-align:center;text-decoration:none;cursor:pointer}\
.quiet{background:transparent;color:var(--act)}\
.row{display:flex;flex-wrap:wrap;gap:8px}\
.row button{width:auto;flex:1 1 calc(50% - 8px);min-height:44px;margin-top:8px;border-color:var(--line);background:transparent;color:var(--ink);font-weight:400}\
:focus-visible{outline:3px solid var(--act);outline-offset:2px}\
.hint{color:var(--soft);font-size:.875rem}\
.wrong{color:var(--bad);font-weight:600}\
.state{display:block;width:56px;height:56px;margin:0 auto 12px;fill:none;stroke:currentColor;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}\
.end{text-align:center;border-top:6px solid currentColor}\
.end>*{color:var(--ink)}.end>.state,.end>h1{color:inherit}\
.end>.button{color:var(--on-act)}\
.good{color:var(--good)}.bad{color:var(--bad)}.gone{color:var(--gone)}.slow{color:var(--slow)}\
@media(max-width:260px){body{padding:8px}main,aside{padding:10px}h1{font-size:1.05rem}}";

/// What a challenge page shows.
pub(super) struct Challenge<'a> {
    pub(super) words: &'static Words,
    pub(super) merchant: &'a str,
    pub(super) amount: &'a str,
    pub(super) last_four: &'a str,
    /// As the console names it.
    pub(super) invoice: &'a str,
    pub(super) action: &'a str,
    pub(super) ask: Ask,
    pub(super) notice: Option<Notice>,
}

pub(super) fn challenge(page: &Challenge<'_>) -> String {
    let words = page.words;
    let (merchant, action, amount) = (escape(page.merchant), escape(page.action), escape(page.amount));
    let rows: String = [
        (words.merchant, merchant.clone()),
        (words.amount, amount.clone()),
        (
            words.card,
            format!(
                "<span aria-hidden=\"true\">••••&nbsp;</span><span>{}</span>",
                escape(page.last_four)
            ),
        ),
        (words.invoice, escape(page.invoice)),
    ]
    .iter()
    .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
    .collect();
    let notice = match page.notice {
        None => String::new(),
        Some(Notice::Empty) => format!("<p role=\"alert\" class=\"wrong\" id=\"notice\">{}</p>", words.empty),
        Some(Notice::Wrong(left)) => format!(
            "<p role=\"alert\" class=\"wrong\" id=\"notice\">{} {}</p>",
            words.wrong,
            words.left.replace("{}", &left.to_string())
        ),
        Some(Notice::Silent) => format!("<p role=\"alert\" id=\"notice\">{}</p>", words.silent),
    };
    let invalid = match page.notice {
        Some(Notice::Empty | Notice::Wrong(_)) => " aria-invalid=\"true\"",
        Some(Notice::Silent) | None => "",
    };
    let described = match page.notice {
        Some(_) => " aria-describedby=\"notice\"",
        None => "",
    };
    let (label, input) = match page.ask {
        Ask::Password => (
            words.password,
            "type=\"password\" autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\"",
        ),
        Ask::OneTimeCode => (
            words.code,
            "type=\"text\" inputmode=\"numeric\" pattern=\"[0-9]*\" maxlength=\"6\" autocomplete=\"one-time-code\" \
             spellcheck=\"false\"",
        ),
    };
    let what = match page.ask {
        Ask::Password => "password",
        Ask::OneTimeCode => "code",
    };
    document(
        words,
        &format!("{merchant}: {} {amount}", words.confirm),
        "",
        &format!(
            "<main><h1>{confirm}</h1><dl>{rows}</dl>\
             <form method=\"post\" action=\"{action}\">\
             <label for=\"password\">{label}</label>\
             <input id=\"password\" name=\"password\" {input}{invalid}{described} autofocus>{notice}\
             <button type=\"submit\">{send}</button>\
             <button type=\"submit\" class=\"quiet\" name=\"cancel\" value=\"1\">{cancel}</button></form></main>\
             <aside lang=\"en\"><h2>For testers</h2>\
             <p class=\"hint\">This page is a sandbox. The {what} is <code>{answer}</code>; a wrong one may be tried \
             again twice.</p>\
             <form method=\"post\" action=\"{action}\" class=\"row\">\
             <button name=\"end\" value=\"approve\">Approve</button><button name=\"end\" value=\"fail\">Fail</button>\
             <button name=\"end\" value=\"cancel\">Cancel</button><button name=\"end\" value=\"expire\">Expire</button>\
             </form></aside>",
            confirm = words.confirm,
            send = words.send,
            cancel = words.cancel,
            answer = page.ask.answer(),
        ),
    )
}

/// The page before the challenge; it forwards by itself to `next`.
pub(super) fn fingerprint(words: &'static Words, next: &str) -> String {
    let next = escape(next);
    document(
        words,
        words.checking,
        &format!("<meta http-equiv=\"refresh\" content=\"1;url={next}\">"),
        &format!(
            "<main><h1>{}</h1><p role=\"status\">{}</p><a class=\"button\" href=\"{next}\">{}</a></main>",
            words.checking, words.checking_text, words.go_on
        ),
    )
}

/// The last page; `back` only for a scheme that is allowed.
pub(super) fn end(words: &'static Words, end: End, back: Option<&Url>) -> String {
    // Distinguished by shape, colour and words: no one of them has to be seen.
    let (look, icon, title, text) = match end {
        End::Answered(Answered::Passed) => (
            "good",
            "<path d=\"M17 29l8 8 15-17\"/>",
            words.passed,
            words.passed_text,
        ),
        End::Answered(Answered::Failed) => (
            "bad",
            "<path d=\"M20 20l16 16M36 20L20 36\"/>",
            words.failed,
            words.failed_text,
        ),
        End::Answered(Answered::Cancelled) => {
            ("gone", "<path d=\"M18 28h20\"/>", words.cancelled, words.cancelled_text)
        }
        End::Expired | End::Answered(Answered::Late) => {
            ("slow", "<path d=\"M28 16v12l8 6\"/>", words.late, words.late_text)
        }
    };
    let link = back
        .map(|back| {
            format!(
                "<a class=\"button\" href=\"{}\">{}</a>",
                escape(back.as_str()),
                words.back
            )
        })
        .unwrap_or_default();
    document(
        words,
        title,
        "",
        &format!(
            "<main class=\"end {look}\"><svg class=\"state\" viewBox=\"0 0 56 56\" aria-hidden=\"true\">\
             <circle cx=\"28\" cy=\"28\" r=\"25\"/>{icon}</svg>\
             <h1>{title}</h1><p role=\"status\">{text} {}</p>{link}</main>",
            words.close
        ),
    )
}

pub(super) fn unknown(words: &'static Words) -> String {
    document(
        words,
        "No such page",
        "",
        "<main lang=\"en\"><h1>No such page</h1><p>Go back to the app and start again.</p></main>",
    )
}

/// `title`, `head` and `body` are HTML already.
fn document(words: &Words, title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\">{head}<title>{title}</title><style>{STYLE}</style></head>\
         <body>{body}</body></html>",
        lang = words.lang
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
    use super::{super::words, *};

    fn page(notice: Option<Notice>, ask: Ask) -> String {
        challenge(&Challenge {
            words: words::of(None),
            merchant: "<script>\"'&",
            amount: "1.00 EUR",
            last_four: "1111",
            invoice: "5e0c7f5a",
            action: "/3ds/a?return=b\"c",
            ask,
            notice,
        })
    }

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let page = page(None, Ask::Password);
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;"));
        assert!(page.contains("action=\"/3ds/a?return=b&quot;c\""));
    }

    #[test]
    fn pages_fetch_nothing() {
        let page = end(words::of(None), End::Expired, None);
        assert!(!page.contains("src=") && !page.contains("http:") && !page.contains("https:") && !page.contains("<a "));
    }

    #[test]
    fn a_code_is_typed_on_a_number_pad_and_offered_from_the_message() {
        let code = page(None, Ask::OneTimeCode);
        for attribute in [
            "inputmode=\"numeric\"",
            "autocomplete=\"one-time-code\"",
            "pattern=\"[0-9]*\"",
            "type=\"text\"",
        ] {
            assert!(code.contains(attribute), "{attribute}");
        }
        let password = page(Some(Notice::Wrong(2)), Ask::Password);
        assert!(password.contains("type=\"password\"") && !password.contains("one-time-code"));
        assert!(password.contains("aria-invalid=\"true\"") && password.contains("Tries left: 2"));
    }

    #[test]
    fn each_end_has_a_look_an_icon_and_words_of_its_own() {
        let ends = [
            End::Answered(Answered::Passed),
            End::Answered(Answered::Failed),
            End::Answered(Answered::Cancelled),
            End::Expired,
        ];
        let pages: Vec<String> = ends.map(|it| end(words::of(Some("de")), it, None)).to_vec();
        for part in ["<main class=\"", "<circle", "<h1>", "role=\"status\">"] {
            let mut seen: Vec<&str> = pages
                .iter()
                .filter_map(|page| page.split_once(part)?.1.split_once("</"))
                .map(|(text, _)| text)
                .collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 4, "{part}");
        }
    }
}
