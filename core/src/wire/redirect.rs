//! Which addresses may be shown to the cardholder, and which ones SaleKit may call.

use url::{Host, Url};

use crate::value::{InputError, Rule};

/// The longest address that is opened. The protocol says 128, but real addresses exceed that; browsers accept this
/// length.
const LONGEST: usize = 8_192;

/// Checks a `redirectUrl` and returns it in the form to open: https only (and http on a loopback address if that is
/// allowed), with a host, without user info, and with international names in ASCII form (punycode), so that look-alike
/// names are visible.
///
/// As in browsers (URL Standard, section 4.4), white space around the address is removed, and so are tabs and line
/// breaks in its query, because Base64 may be wrapped. Before the query there is no legitimate reason for them, so such
/// an address is refused as deceptive.
///
/// # Errors
/// [`InputError`] for `redirectUrl`; it does not repeat the address.
pub fn check(address: &str, allows_loopback_http: bool) -> Result<String, InputError> {
    let fits = |address: &str| {
        if address.len() <= LONGEST {
            return Ok(());
        }
        Err(InputError::new("redirectUrl", Rule::Length { min: 1, max: LONGEST }))
    };
    let address = address
        .trim_matches(|character: char| character.is_whitespace() || character.is_control() || character == '\u{feff}');
    fits(address)?;
    let query = address.find('?').unwrap_or(address.len());
    let (before, query) = address.split_at(query);
    let address = before.to_owned() + &query.replace(['\t', '\r', '\n'], "");
    let checked = String::from(server("redirectUrl", &address, allows_loopback_http)?);
    // Escaping a character triples its length, so check the length again.
    fits(&checked)?;
    Ok(checked)
}

/// Checks that `address` is a server that SaleKit may call. `field` names it in errors.
pub(crate) fn server(field: &'static str, address: &str, allows_loopback_http: bool) -> Result<Url, InputError> {
    let refuse = |requirement| InputError::new(field, Rule::Address { requirement });
    // The URL parser drops tabs and line breaks, so an address that contains them may be deceptive.
    if address
        .chars()
        .any(|character| character.is_control() || character.is_whitespace())
    {
        return Err(refuse("it must not contain spaces or control characters"));
    }
    let url = Url::parse(address).map_err(|_| refuse("it must be absolute, like https://example.com/path"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it must not contain a user name or password"));
    }
    match (url.scheme(), url.host()) {
        (_, None) => Err(refuse("it must name a host")),
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if allows_loopback_http && is_loopback(&host) => Ok(url),
        _ => Err(refuse("it must begin with https://")),
    }
}

/// Whether the address can only be this machine's, whatever a name server says.
pub(crate) fn is_on_this_machine(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_plain_https_reaches_the_browser() {
        assert_eq!(
            check("https://acs.example/3ds?id=1", false).unwrap(),
            "https://acs.example/3ds?id=1"
        );
        assert_eq!(
            check("https://bücher.example/", false).unwrap(),
            "https://xn--bcher-kva.example/"
        );
        for refused in [
            "",
            "acs.example",
            "//acs.example/",
            "http://acs.example/",
            "http://127.0.0.1/",
            "javascript:alert(1)",
            "intent://scan/#Intent;scheme=x;end",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://user@acs.example/",
            "https://user:pass@acs.example/",
            "https://acs.example@evil.example/",
            "https://",
            "https://acs.example/a b",
            "https://acs.example/a\nb",
            "https://acs.exam\tple/",
            "ht\ntps://acs.example/",
            "https://acs.example/?a b",
            "https://acs.example/?a\0b",
            "\u{feff} java\tscript:alert(1)?\n",
            " http://acs.example/\n",
            "blob:https://acs.example/1",
            "about:blank",
        ] {
            assert!(check(refused, false).is_err(), "{refused}");
        }
        assert!(check(&format!("https://acs.example/{}", "x".repeat(9_000)), false).is_err());
        assert!(check(&format!("https://acs.example/{}", "ü".repeat(3_000)), false).is_err());
    }

    #[test]
    fn white_space_that_browsers_leave_out_is_left_out() {
        for (address, opened) in [
            (" https://acs.example/", "https://acs.example/"),
            ("https://acs.example/3ds\r\n\0", "https://acs.example/3ds"),
            ("\u{feff}https://acs.example/\u{a0}\u{2028}", "https://acs.example/"),
            (
                "\thttps://acs.example/?creq=ab\r\ncd\n",
                "https://acs.example/?creq=abcd",
            ),
            ("https://acs.example/?a\tb#c\nd", "https://acs.example/?ab#cd"),
        ] {
            assert_eq!(check(address, false).unwrap(), opened, "{address:?}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_and_only_if_allowed() {
        for allowed in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]:1/"] {
            assert!(check(allowed, true).is_ok(), "{allowed}");
            assert!(check(allowed, false).is_err(), "{allowed}");
        }
        assert!(check("http://localhost.evil.example/", true).is_err());
        assert!(check("http://10.0.0.1/", true).is_err());
    }
}
