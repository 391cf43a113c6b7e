//! After a sale no card data is left in the memory of the process: not in the heap, not on any stack.
//!
//! The test has a process for itself. The needles are never in memory as they are: they are held, and searched for,
//! under a mask. The gateway is a few lines here and not the sandbox, which would keep a card number of its own.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt,
    sync::Arc,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use salekit::{CardField, CardForm, HolderFields, MerchantPaths, SaleClient, SaleOutcome};
use salekit_testkit::own_process::in_own_process;

use crate::support::{config, options, wait};

const MASK: u8 = 0xa7;

/// A test number of American Express, whose codes have four digits.
const NUMBER: [u8; 15] = masked(*b"378282246310005");
const CODE: [u8; 4] = masked(*b"9073");
const OTHER_CODE: [u8; 4] = masked(*b"6852");

const fn masked<const N: usize>(mut text: [u8; N]) -> [u8; N] {
    let mut index = 0;
    while index < N {
        text[index] ^= MASK;
        index += 1;
    }
    text
}

/// The masked text as UTF-8, UTF-16 and UTF-32, as a Rust, a Java or Swift, and a `char` buffer would hold it.
fn needles(masked_text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |width: usize| {
        masked_text
            .iter()
            .flat_map(|byte| std::iter::once(*byte).chain(std::iter::repeat_n(MASK, width - 1)))
            .collect()
    };
    vec![("UTF-8", wide(1)), ("UTF-16", wide(2)), ("UTF-32", wide(4))]
}

/// Types the text key by key, as a card-entry screen does.
fn enter(form: &CardForm, field: CardField, masked_text: &[u8]) {
    for byte in masked_text {
        let end = form.state(field).unwrap().caret;
        form.insert(field, end, u32::from(byte ^ MASK)).unwrap();
    }
}

const PAGE: usize = 4_096;

/// Where each of the masked needles is in the writable memory of this process.
fn find(needles: &[&[u8]]) -> Vec<Vec<String>> {
    let memory = File::open("/proc/self/mem").unwrap();
    let mut places = vec![Vec::new(); needles.len()];
    let mut may_begin = [false; 256];
    needles
        .iter()
        .for_each(|needle| may_begin[usize::from(needle[0] ^ MASK)] = true);
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut columns = line.split_whitespace();
        let (range, access) = (columns.next().unwrap(), columns.next().unwrap());
        if !access.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let start = u64::from_str_radix(start, 16).unwrap();
        let end = u64::from_str_radix(end, 16).unwrap();
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        // What was unmapped since the list was read cannot be read any more.
        if memory.read_exact_at(&mut bytes, start).is_err() {
            continue;
        }
        let name = columns.nth(3).unwrap_or("anonymous");
        for (page, first) in bytes.chunks(PAGE).zip((0..).step_by(PAGE)) {
            if *page == [0; PAGE] {
                continue;
            }
            for (offset, byte) in (first..).zip(page) {
                if !may_begin[usize::from(*byte)] {
                    continue;
                }
                for (needle, places) in needles.iter().zip(&mut places) {
                    let window = bytes.get(offset..offset + needle.len()).unwrap_or_default();
                    if !window.is_empty() && window.iter().zip(*needle).all(|(byte, masked)| byte ^ MASK == *masked) {
                        places.push(format!("{name} {range} +{offset:#x}"));
                    }
                }
            }
        }
    }
    places
}

/// Gateway and merchant in one: approves everything, and forgets what it read.
fn serve(listener: TcpListener) {
    for stream in listener.incoming() {
        thread::spawn(move || while answer(stream.as_ref().unwrap()).is_some() {});
    }
}

static INVOICES: AtomicU32 = AtomicU32::new(1);

fn answer(mut stream: &TcpStream) -> Option<()> {
    let mut request = Vec::with_capacity(16_384);
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
        if request.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8(request.clone()).unwrap().to_ascii_lowercase();
    // The request that warms a connection has no body, and no length.
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next());
    let start = request.len();
    request.resize(start + length.map_or(0, |length| length.parse::<usize>().unwrap()), 0);
    stream.read_exact(&mut request[start..]).ok()?;
    let path = head.split(' ').nth(1).unwrap();
    let body = if path.ends_with("initiate-sale") {
        // One invoice for two sales would be refused.
        let number = INVOICES.fetch_add(1, Ordering::Relaxed);
        format!(r#"{{"endpointId":"1144","invoiceId":"invoice-{number}","session":{{"nonce":"n","signature":"s"}}}}"#)
    } else if path.ends_with("status") {
        r#"{"state":"APPROVED"}"#.to_owned()
    } else {
        r#"{"session":{"token":"session-token"}}"#.to_owned()
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\ncontent-type: application/json\r\n\r\n{body}"
    )
    .ok()
}

#[test]
fn neither_the_number_nor_the_code_is_left_after_a_sale() {
    in_own_process(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || serve(listener));
        let mut config = config(&url, &url);
        config.allows_loopback_http = true;
        config.merchant_paths = Some(MerchantPaths {
            access_token: None,
            session_token: None,
            stored_card: None,
            ..salekit::documented_merchant_paths()
        });
        let client = SaleClient::new(config, None, None, None, None).unwrap();

        // Four digits may stand anywhere by chance, in an id or a time; two codes of two sales may not.
        let mut left = [Vec::new(), Vec::new()];
        for (code, left) in [CODE, OTHER_CODE].iter().zip(&mut left) {
            sell(&client, code);
            let (number, code) = (needles(&NUMBER), needles(code));
            let wanted: Vec<&[u8]> = number
                .iter()
                .chain(&code)
                .map(|(_, needle)| needle.as_slice())
                .collect();
            let mut found = find(&wanted);
            *left = found.split_off(number.len());
            for ((encoding, _), places) in number.iter().zip(found) {
                assert_eq!(places, Vec::<String>::new(), "the number as {encoding}");
            }
        }
        let encodings = needles(&CODE).into_iter().map(|(encoding, _)| encoding);
        for ((encoding, one), other) in encodings.zip(&left[0]).zip(&left[1]) {
            assert!(
                one.is_empty() || other.is_empty(),
                "the code as {encoding}: {one:?} {other:?}"
            );
        }
    });
}

fn sell(client: &SaleClient, code: &[u8]) {
    let form = Arc::new(CardForm::new(HolderFields::PrintedName).unwrap());
    form.paste(CardField::Expiry, b"12/39").unwrap();
    form.paste(CardField::PrintedName, b"ADA LOVELACE").unwrap();
    enter(&form, CardField::Number, &NUMBER);
    enter(&form, CardField::SecurityCode, code);
    // The search finds what is there: the form holds both.
    let found = find(&[&NUMBER, code]);
    assert!(found.iter().all(|places| !places.is_empty()), "{found:?}");

    let mut options = options("device-1");
    options.access_token = Some("t".repeat(40));
    let sale = client.start(options, form).unwrap();
    let outcome = wait(sale.outcome()).unwrap();
    assert!(matches!(outcome, SaleOutcome::Approved { .. }), "{outcome:?}");
}
