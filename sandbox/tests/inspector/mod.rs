//! The inspector as a browser or a program uses it: by its API alone. Every answer of it is compared with the document that
//! describes the API, and everything that it ever sent is searched for card data.

mod actions;
mod command_line;
mod document;
mod eye;
mod guard;
mod mistakes;
mod record;
mod redaction;
