//! The sequence diagram of a sale: its lifelines, and what an exchange between two of them is called.

/// One of the four in the sequence diagram of a mobile device sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// The cardholder, in front of a browser.
    Consumer,
    /// The app on the device.
    App,
    /// The merchant's server ("connecting party").
    Merchant,
    /// The payment gateway.
    Gateway,
}

/// Which half of an exchange was seen, or an event inside one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A request arrived or was sent.
    Request,
    /// Its answer.
    Response,
    /// Something a party did by itself.
    Internal,
}

/// What an exchange is called and where it stands in the sequence diagram.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange {
    pub(crate) name: &'static str,
    pub(crate) asks: Party,
    pub(crate) answers: Party,
    /// Step of the request; that of the answer is the next. None outside the diagram.
    pub(crate) step: Option<u8>,
}
