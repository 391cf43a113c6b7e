//! 3-D Secure by its pages: fetched, filled in and sent as a browser does.

use std::time::Duration;

use reqwest::header;
use salekit_sandbox::{Cardholder, Conduct, Direction, EntryState, Outcome, SandboxConfig, Script};

use crate::app::{App, Begun, Got, card, pass};

impl App {
    /// The redirect URL, once the sale asks for it; `but_not` one that is known.
    async fn redirect(&self, sale: &Begun, but_not: Option<&str>) -> String {
        loop {
            let got = self.status(sale).await;
            match got.text("/state") {
                "PROCESSING" => tokio::task::yield_now().await,
                "REDIRECT_REQUEST" if Some(got.text("/redirectUrl")) == but_not => tokio::task::yield_now().await,
                "REDIRECT_REQUEST" => return got.text("/redirectUrl").to_owned(),
                other => panic!("{other}"),
            }
        }
    }

    async fn fill_in(&self, url: &str, field: (&str, &str)) -> Got {
        let page = self.get(url).await;
        let html = page.body.as_str().unwrap();
        let action = between(html, "action=\"", "\"").replace("&amp;", "&");
        assert!(html.contains(&format!("name=\"{}\"", field.0)), "{html}");
        let target = reqwest::Url::parse(url).unwrap().join(&action).unwrap();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(field.0, field.1)
            .finish();
        let request = self
            .http
            .post(target)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Got::read(request.body(body).send().await.unwrap()).await
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).unwrap().0
}

#[tokio::test]
async fn the_right_password_gives_approved() {
    let mut app = App::with(SandboxConfig::default().merchant_name("Beans & Co")).await;
    let sale = app.sell(card("321")).await;
    let url = app.redirect(&sale, None).await;
    assert_eq!(app.redirect(&sale, None).await, url, "the same page at every poll");
    assert_eq!(app.entry(&sale).state, EntryState::Redirect);

    let response = app.http.get(&url).send().await.unwrap();
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.contains("default-src 'none'"));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let html = response.text().await.unwrap();
    for shown in [
        "Beans &amp; Co",
        "10.50 EUR",
        "1111",
        "<code>hint</code>",
        "<label for=\"password\">",
        "Cancel",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("411111") && !html.contains("<script"));

    let end = app.fill_in(&url, ("password", "hint")).await;
    assert!(end.body.as_str().unwrap().contains("close this page"));
    let got = app.outcome(&sale).await;
    assert_eq!(
        (got.text("/state"), got.text("/secure3DAuthStatus")),
        ("APPROVED", "AUTHENTICATED")
    );
    assert_eq!(app.entry(&sale).charges, 1);
    let steps = app.steps(&sale);
    for step in [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22] {
        assert!(steps.contains(&step), "{step} in {steps:?}");
    }
    let place = |step| steps.iter().position(|seen| *seen == step);
    assert!(
        place(15) < place(18) && place(18) < place(19) && place(19) < place(21),
        "{steps:?}"
    );
}

#[tokio::test]
async fn an_empty_password_is_asked_for_again_and_a_wrong_one_twice() {
    let mut app = App::start().await;
    let sale = app.sell(card("321")).await;
    let url = app.redirect(&sale, None).await;
    for (typed, said) in [
        ("", "Please enter it first."),
        ("  ", "Please enter it first."),
        ("guess", "Tries left: 2"),
        ("", "Please enter it first."),
        ("guess", "Tries left: 1"),
    ] {
        let page = app.fill_in(&url, ("password", typed)).await;
        let html = page.body.as_str().unwrap();
        assert!(
            html.contains(said) && html.contains("aria-invalid=\"true\""),
            "{typed:?}: {html}"
        );
        assert_eq!(app.status(&sale).await.text("/state"), "REDIRECT_REQUEST");
    }
    let end = app.fill_in(&url, ("password", "guess")).await;
    assert!(end.body.as_str().unwrap().contains("wrong too often"), "{end:?}");
    app.assert_declined(&sale, 1008).await;
    assert_eq!(app.status(&sale).await.text("/secure3DAuthStatus"), "NOT_AUTHENTICATED");
    // There is no fourth try, and the page says how the third one ended.
    let again = app.get(&url).await;
    assert!(!again.body.as_str().unwrap().contains("<form"));

    let sale = app.sell(card("321")).await;
    let url = app.redirect(&sale, None).await;
    app.fill_in(&url, ("password", "guess")).await;
    app.fill_in(&url, ("password", "hint")).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
}

#[tokio::test]
async fn cancel_declines() {
    let mut app = App::start().await;
    let sale = app.sell(card("321")).await;
    let url = app.redirect(&sale, None).await;
    app.fill_in(&url, ("cancel", "1")).await;
    app.assert_declined(&sale, 1008).await;
    assert!(!app.get(&url).await.body.as_str().unwrap().contains("<form"));
}

#[tokio::test]
async fn testers_end_a_challenge_as_they_like() {
    let mut app = App::start().await;
    for (code, end, error_code, said) in [
        ("321", "approve", None, "Confirmed"),
        ("321", "fail", Some(1008), "Not confirmed"),
        ("321", "cancel", Some(1008), "Cancelled"),
        ("321", "expire", Some(1015), "Too late"),
        // Also one that the issuer never reacts to.
        ("324", "approve", None, "Confirmed"),
    ] {
        let sale = app.sell(card(code)).await;
        let url = app.redirect(&sale, None).await;
        let page = app.fill_in(&url, ("end", end)).await;
        let html = page.body.as_str().unwrap();
        assert!(html.contains(&format!("<title>{said}</title>")), "{html}");
        match error_code {
            Some(error_code) => app.assert_declined(&sale, error_code).await,
            None => assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED"),
        }
    }
}

#[tokio::test]
async fn a_one_time_code_is_asked_for_and_a_cardholder_may_mistype() {
    let mut app = App::start().await;
    let cardholder = Cardholder::trusting(app.sandbox.ca_pem()).unwrap();
    for (code, conduct, state) in [
        ("325", Conduct::Authenticates, "APPROVED"),
        ("325", Conduct::MistypesOnce, "APPROVED"),
        ("321", Conduct::MistypesOnce, "APPROVED"),
        ("325", Conduct::MistypesPassword, "DECLINED"),
        ("321", Conduct::MistypesPassword, "DECLINED"),
    ] {
        let sale = app.sell(card(code)).await;
        let url = app.redirect(&sale, None).await;
        let html = app.get(&url).await.body.as_str().unwrap().to_owned();
        assert_eq!(html.contains("autocomplete=\"one-time-code\""), code == "325");
        cardholder.visit(&url, conduct).await.unwrap();
        assert_eq!(app.outcome(&sale).await.text("/state"), state, "{code} {conduct:?}");
    }
}

#[tokio::test]
async fn the_page_speaks_the_browsers_language_and_names_invoice_and_amount_as_the_console() {
    let app = App::start().await;
    let sale = app.sell(card("321")).await;
    let url = app.redirect(&sale, None).await;
    for (accepted, lang, said) in [
        ("de-AT,de;q=0.9", "de", "Zahlung bestätigen"),
        ("uk", "uk", "Підтвердьте оплату"),
        ("ja", "en", "Confirm your payment"),
    ] {
        let request = app.http.get(&url).header(header::ACCEPT_LANGUAGE, accepted);
        let html = request.send().await.unwrap().text().await.unwrap();
        assert!(
            html.contains(&format!("<html lang=\"{lang}\">")) && html.contains(said),
            "{html}"
        );
        assert!(html.contains(&format!("<dd>{}</dd>", &sale.invoice_id[..8])), "{html}");
        assert!(html.contains("<dd>10.50 EUR</dd>"), "{html}");
    }
}

#[tokio::test]
async fn a_fingerprint_page_comes_before_the_challenge() {
    let mut app = App::start().await;
    let sale = app.sell(card("322")).await;
    let first = app.redirect(&sale, None).await;
    let page = app.get(&first).await;
    let refresh = between(page.body.as_str().unwrap(), "content=\"1;url=", "\"");
    let forward = reqwest::Url::parse(&first).unwrap().join(refresh).unwrap();
    let response = app.http.get(forward).send().await.unwrap();
    assert_eq!(response.status(), 303);
    let location = response.headers()[header::LOCATION].to_str().unwrap().to_owned();

    let second = app.redirect(&sale, Some(&first)).await;
    assert!(
        second.ends_with(&location),
        "the browser is led to the page that the app gets"
    );
    app.fill_in(&second, ("password", "hint")).await;
    assert_eq!(app.outcome(&sale).await.text("/secure3DAuthStatus"), "AUTHENTICATED");
}

#[tokio::test]
async fn the_issuer_may_decline_after_a_good_challenge() {
    let mut app = App::start().await;
    let sale = app.sell(card("323")).await;
    let url = app.redirect(&sale, None).await;
    app.fill_in(&url, ("password", "hint")).await;
    app.assert_declined(&sale, 100).await;
    assert_eq!(app.status(&sale).await.text("/secure3DAuthStatus"), "AUTHENTICATED");
}

#[tokio::test]
async fn a_challenge_nobody_answers_times_out() {
    let limit = Duration::from_secs(600);
    let mut app = App::with(SandboxConfig::default().short_challenge_timeout(limit)).await;
    let sale = app.sell(card("324")).await;
    let url = app.redirect(&sale, None).await;
    let page = app.fill_in(&url, ("password", "hint")).await;
    assert!(page.body.as_str().unwrap().contains("not reacted"), "{page:?}");
    pass(limit).await;
    app.assert_declined(&sale, 1015).await;
    assert!(
        app.get(&url)
            .await
            .body
            .as_str()
            .unwrap()
            .contains("time for this page is over")
    );

    let script = Script::new().outcome(Outcome::fingerprint_then_challenge());
    app.sandbox
        .script(&app.serial, script.challenge_timeout(Duration::from_millis(1)));
    let sale = app.sell(card("123")).await;
    app.assert_declined(&sale, 1015).await;
}

#[tokio::test]
async fn page_ids_are_random_and_unknown_ones_show_nothing() {
    let app = App::start().await;
    let one = app.sell(card("321")).await;
    let two = app.sell(card("321")).await;
    let (one, two) = (app.redirect(&one, None).await, app.redirect(&two, None).await);
    assert_ne!(one, two);
    assert_eq!(one.rsplit('/').next().unwrap().len(), 32);
    let foreign = format!("{}/3ds/{}", app.sandbox.gateway_url(), "0".repeat(32));
    assert_eq!(app.get(&foreign).await.status, 404);
    assert_eq!(
        app.get(&format!("{one}/forward")).await.status,
        404,
        "a challenge cannot be skipped"
    );
}

#[tokio::test]
async fn only_an_allowed_scheme_is_linked_back_to() {
    let app = App::with(SandboxConfig::default().return_schemes(vec!["myshop".to_owned()])).await;
    for (back, linked) in [
        ("myshop://paid?a=1%26b=2", true),
        ("javascript:alert(1)", false),
        ("https://example.com/", false),
        ("not a url", false),
    ] {
        let sale = app.sell(card("321")).await;
        let mut url = reqwest::Url::parse(&app.redirect(&sale, None).await).unwrap();
        url.query_pairs_mut().append_pair("return", back);
        let end = app.fill_in(url.as_str(), ("password", "hint")).await;
        let html = end.body.as_str().unwrap();
        assert_eq!(html.contains("Back to the app"), linked, "{back}: {html}");
        assert_eq!(html.contains("href="), linked);
        if linked {
            assert!(html.contains(&format!("href=\"{back}\"")), "{html}");
        }
    }
}

#[tokio::test]
async fn the_page_is_under_the_host_the_app_calls() {
    let config = SandboxConfig::default().host_names(vec!["10.0.2.2".to_owned()]);
    let mut app = App::with(config).await;
    let sale = app.sell(card("321")).await;
    app.redirect(&sale, None).await;
    let own = app.sandbox.gateway_url().authority().to_owned();
    for (host, expected) in [("10.0.2.2:8443", "10.0.2.2:8443"), ("evil.example", own.as_str())] {
        let request = app
            .http
            .post(app.status_url(&sale))
            .header(header::HOST, host)
            .json(&App::status_body(&sale));
        let got = Got::read(request.send().await.unwrap()).await;
        let url = reqwest::Url::parse(got.text("/redirectUrl")).unwrap();
        assert_eq!((url.scheme(), url.authority()), ("https", expected));
    }
    app.wait(&sale, "sale status", Direction::Response).await;
}
