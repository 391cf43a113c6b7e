//! Drives the sandbox as an app would: real HTTPS on loopback, its public API, nothing else.

mod authority;
mod checks;
mod command_line;
mod faults;
mod fields;
mod merchant;
mod own_server;
mod pages;
mod repeat;
mod sale_command;
mod sales;
mod void;
