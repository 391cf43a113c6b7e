//! A cardholder who does by program what a person does in the browser: opens the page, types the password, confirms.
//!
//! Reads the pages as a browser would; it knows their forms and nothing of the gateway's state.

use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use url::Url;

use crate::{error::SandboxError, net::tls::client_trusting};

/// The password that the sandbox's issuer accepts.
pub const PASSWORD: &str = "hint";

/// The code that the sandbox's issuer accepts where it asks for one.
pub const ONE_TIME_CODE: &str = "123456";

/// Pages a cardholder clicks through before giving up.
const MOST_PAGES: u8 = 5;

/// Somebody with a browser that trusts the sandbox.
#[derive(Debug, Clone)]
pub struct Cardholder {
    browser: Client,
}

/// What a cardholder does on the challenge page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// Types the right password, or the right code.
    Authenticates,
    /// Types wrong ones, as long as the issuer asks.
    MistypesPassword,
    /// Types a wrong one, then the right one.
    MistypesOnce,
    /// Presses cancel.
    Cancels,
    /// Opens the page and does nothing.
    WalksAway,
}

impl Conduct {
    /// Reads a conduct's word: `authenticates`, `mistypes_password`, `mistypes_once`, `cancels` or `walks_away`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "authenticates" => Some(Self::Authenticates),
            "mistypes_password" => Some(Self::MistypesPassword),
            "mistypes_once" => Some(Self::MistypesOnce),
            "cancels" => Some(Self::Cancels),
            "walks_away" => Some(Self::WalksAway),
            _ => None,
        }
    }
}

impl Cardholder {
    /// A cardholder whose browser trusts the authorities in `ca_pem`.
    ///
    /// # Errors
    /// [`SandboxError::Tls`] if `ca_pem` holds no usable certificate.
    pub fn trusting(ca_pem: &str) -> Result<Self, SandboxError> {
        let browser = Client::builder()
            .tls_backend_preconfigured(client_trusting(ca_pem)?)
            .redirect(Policy::limited(MOST_PAGES.into()))
            .no_proxy()
            .build();
        let browser = browser.map_err(|error| SandboxError::Tls {
            reason: error.to_string(),
        })?;
        Ok(Self { browser })
    }

    /// Visits `page` and behaves as told. Answers with the title of the last page seen.
    ///
    /// # Errors
    /// [`SandboxError::Page`] if a page cannot be opened or is none that a person could go on from.
    pub async fn visit(&self, page: &str, conduct: Conduct) -> Result<String, SandboxError> {
        let mut url = Url::parse(page).map_err(page_error)?;
        for _ in 0..MOST_PAGES {
            let answer = self.browser.get(url.clone()).send().await.map_err(page_error)?;
            url = answer.url().clone();
            let html = answer.text().await.map_err(page_error)?;
            if let Some(action) = attribute(&html, "<form", "action") {
                let action = url.join(&action).map_err(page_error)?;
                return self.fill_in(action, &html, conduct).await;
            }
            match attribute(&html, "<a class=\"button\"", "href") {
                Some(next) => url = url.join(&next).map_err(page_error)?,
                None => return Ok(title(&html)),
            }
        }
        Err(page_error("too many pages"))
    }

    async fn fill_in(&self, mut action: Url, html: &str, conduct: Conduct) -> Result<String, SandboxError> {
        let right = match html.contains("inputmode=\"numeric\"") {
            true => ONE_TIME_CODE,
            false => PASSWORD,
        };
        if conduct == Conduct::WalksAway {
            return Ok(title(html));
        }
        let mut seen = title(html);
        for turn in 0..MOST_PAGES {
            let form = match conduct {
                Conduct::Cancels => "password=&cancel=1".to_owned(),
                Conduct::MistypesPassword => "password=000000".to_owned(),
                Conduct::MistypesOnce if turn == 0 => "password=000000".to_owned(),
                _ => format!("password={right}"),
            };
            let sending = self
                .browser
                .post(action.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form);
            let answer = sending.send().await.map_err(page_error)?;
            let html = answer.text().await.map_err(page_error)?;
            seen = title(&html);
            // Asked again: who typed the right one waits, as a person would.
            let mistypes =
                matches!(conduct, Conduct::MistypesPassword) || conduct == Conduct::MistypesOnce && turn == 0;
            match attribute(&html, "<form", "action") {
                Some(again) if mistypes => action = action.join(&again).map_err(page_error)?,
                _ => break,
            }
        }
        Ok(seen)
    }
}

fn page_error(reason: impl ToString) -> SandboxError {
    SandboxError::Page {
        reason: reason.to_string(),
    }
}

/// The value of `name` in the first tag that begins with `tag`.
fn attribute(html: &str, tag: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(tag)?;
    let (tag, _) = rest.split_once('>')?;
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    Some(value.split_once('"')?.0.replace("&amp;", "&"))
}

fn title(html: &str) -> String {
    let title = html
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(String::new, |(title, _)| title.to_owned())
}
