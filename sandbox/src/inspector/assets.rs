//! The page's files, in the binary. What they do is in `page/`.

use axum::{
    Router,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};

/// Path, media type, text.
const FILES: [(&str, &str, &str); 12] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_str!("page/style.css")),
    (
        "/layout.css",
        "text/css; charset=utf-8",
        include_str!("page/layout.css"),
    ),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/store.js", SCRIPT, include_str!("page/store.js")),
    ("/filter.js", SCRIPT, include_str!("page/filter.js")),
    ("/dom.js", SCRIPT, include_str!("page/dom.js")),
    ("/diagram.js", SCRIPT, include_str!("page/diagram.js")),
    ("/details.js", SCRIPT, include_str!("page/details.js")),
    ("/actions.js", SCRIPT, include_str!("page/actions.js")),
    ("/keys.js", SCRIPT, include_str!("page/keys.js")),
    ("/icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
];

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The routes of the files.
pub(crate) fn router() -> Router {
    let route = |router: Router, (path, media_type, text): (&'static str, &'static str, &'static str)| {
        router.route(path, get(move || async move { file(media_type, text) }))
    };
    FILES.into_iter().fold(Router::new(), route)
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media_type)], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        for (path, _, text) in FILES {
            let plain = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!plain.contains("http://") && !plain.contains("https://"), "{path}");
            assert!(!text.contains("innerHTML") && !text.contains("eval("), "{path}");
        }
    }
}
