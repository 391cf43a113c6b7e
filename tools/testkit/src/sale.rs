//! A sale that tests of the flow drive step by step through the public state machine.

use salekit_core::{
    Failure, FailureKind, MerchantServer, Money, Parties, SaleId, SaleOutcome, SaleState, Secret, Timestamp,
    flow::{Commit, Effect, Event, Invoice, Jitter, Order, Plan, Request, State, Unanswered, step},
    wire::{
        Reply,
        initiate::{InitiateAnswer, Initiated},
        merchant::SessionAnswer,
        perform::{self, PerformAnswer},
        status::{self, StatusAnswer},
    },
};

/// When every test begins.
pub const START: Timestamp = Timestamp(1_800_000_000_000);
/// The invoice of every test.
pub const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";
/// The session token of every test.
pub const TOKEN: &str = "session-token-0123456789";

/// The parties of every test's sale.
pub fn parties() -> Parties {
    Parties {
        gateway_url: "https://gateway.example/paynet".to_owned(),
        merchant: MerchantServer::At {
            url: "https://shop.example".to_owned(),
        },
    }
}

/// A sale and all its effects.
#[derive(Clone)]
pub struct Sale {
    /// The present state.
    pub state: State,
    /// The present time.
    pub now: Timestamp,
    /// The effects of the last step.
    pub effects: Vec<Effect>,
    /// All effects.
    pub history: Vec<Effect>,
}

impl Sale {
    /// A sale that has not begun, with an access token.
    pub fn new(plan: Plan) -> Self {
        Self::with_token(plan, Some(Secret::new("t".repeat(64))))
    }

    /// A sale that has not begun.
    pub fn with_token(plan: Plan, token: Option<Secret>) -> Self {
        Self::at(START, plan, token)
    }

    fn at(now: Timestamp, plan: Plan, token: Option<Secret>) -> Self {
        let order = Order {
            amount: Money::from_minor_units(1_050, "EUR").unwrap(),
            serial_number: "device-0001".to_owned(),
            card: None,
            merchant_order_id: None,
        };
        let state = State::new(
            SaleId::from_random([7; 16]),
            parties(),
            order,
            plan,
            token,
            Jitter(0),
            now,
        );
        Self {
            state,
            now,
            effects: Vec::new(),
            history: Vec::new(),
        }
    }

    /// A sale whose perform request is under way.
    pub fn performing(plan: Plan) -> Self {
        Self::new(plan).sent()
    }

    /// A sale whose first status request is under way, since [`START`].
    pub fn polling(plan: Plan) -> Self {
        let accepted = Timestamp(START.0 - plan.pacing.aim_after_perform);
        let mut sale = Self::at(accepted, plan, Some(Secret::new("t".repeat(64)))).sent();
        sale.accepted().timer();
        sale
    }

    /// From the start to perform sale.
    fn sent(mut self) -> Self {
        self.handle(Event::Start).initiated().saved();
        self
    }

    /// Perform sale is answered with a session token.
    pub fn accepted(&mut self) -> &mut Self {
        self.performed(Ok(PerformAnswer::Accepted {
            session_token: Secret::new(TOKEN),
        }))
    }

    /// Passes `event` to the sale: takes one step.
    pub fn handle(&mut self, event: Event) -> &mut Self {
        let (state, effects) = step(self.state.clone(), event, self.now);
        self.state = state;
        self.history.extend(effects.iter().cloned());
        self.effects = effects;
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, milliseconds: u64) -> &mut Self {
        self.now = self.now.plus(milliseconds);
        self
    }

    /// Lets time pass until the timer is due, and fires it.
    pub fn timer(&mut self) -> &mut Self {
        let at = self.timer_at().expect("a timer is set");
        self.now = self.now.max(at);
        self.handle(Event::Timer)
    }

    /// When the timer that was set last is due.
    pub fn timer_at(&self) -> Option<Timestamp> {
        self.history.iter().rev().find_map(|effect| match effect {
            Effect::SetTimer { at } => Some(*at),
            _ => None,
        })
    }

    /// The number of the last effect that `select` selects.
    pub fn last(&self, select: fn(&Effect) -> Option<Request>) -> Request {
        self.history.iter().rev().find_map(select).expect("such an effect")
    }

    /// How many effects `select` selects.
    pub fn count(&self, select: fn(&Effect) -> bool) -> usize {
        self.history.iter().filter(|effect| select(effect)).count()
    }

    /// Initiate sale is answered.
    pub fn initiated(&mut self) -> &mut Self {
        let request = self.last(initiate);
        self.handle(Event::Initiate(
            request,
            Ok(InitiateAnswer::Initiated(Initiated {
                endpoint_id: "1144".to_owned(),
                invoice_id: INVOICE.to_owned(),
                nonce: Secret::new("n".repeat(64)),
                signature: Secret::new("s".repeat(40)),
            })),
        ))
    }

    /// The sale gets the result of the commit.
    pub fn committed(&mut self, became: Commit) -> &mut Self {
        let request = self.last(commit);
        self.handle(Event::Committed(request, became))
    }

    /// The merchant's server answers the request for the session token.
    pub fn session(&mut self, answer: Result<SessionAnswer, Unanswered>) -> &mut Self {
        let request = self.last(session_token);
        self.handle(Event::SessionToken(request, answer))
    }

    /// No other sale has the invoice, and the snapshot is stored.
    pub fn saved(&mut self) -> &mut Self {
        self.committed(Commit::Done)
    }

    /// Perform sale is answered, or the request fails.
    pub fn performed(&mut self, answer: Result<PerformAnswer, Failure>) -> &mut Self {
        let request = self.last(perform);
        self.handle(Event::Perform(request, answer))
    }

    /// Perform sale is answered with this.
    pub fn perform_reply(&mut self, status: u16, body: &str) -> &mut Self {
        self.performed(Ok(perform::read(&Reply::new(status, body), INVOICE)))
    }

    /// The newest status request is answered with this JSON.
    pub fn status(&mut self, json: &str) -> &mut Self {
        self.status_reply(200, json)
    }

    /// The newest status request is answered with this.
    pub fn status_reply(&mut self, status: u16, body: &str) -> &mut Self {
        let answer = read_status(&Reply::new(status, body));
        self.status_answer(Ok(answer))
    }

    /// The newest status request is answered, or it fails.
    pub fn status_answer(&mut self, answer: Result<StatusAnswer, Failure>) -> &mut Self {
        let request = self.last(poll);
        self.handle(Event::Status(request, answer))
    }

    /// The outcome that the sale has reported.
    pub fn outcome(&self) -> Option<SaleOutcome> {
        self.history.iter().rev().find_map(|effect| match effect {
            Effect::Finish(outcome) => Some((**outcome).clone()),
            _ => None,
        })
    }

    /// The state's name, as an observer sees it.
    pub fn shows(&self) -> &'static str {
        match self.state.view() {
            SaleState::Finished(outcome) => outcome.name(),
            state => state.name(),
        }
    }
}

/// The meaning of `reply` as an answer to a status request.
pub fn read_status(reply: &Reply) -> StatusAnswer {
    status::read(reply, INVOICE, &Secret::new(TOKEN))
}

/// A failure after which the request may have arrived.
pub const LOST: Failure = Failure::after_sending(FailureKind::ConnectionLost);
/// A failure before the first byte.
pub const UNREACHABLE: Failure = Failure::before_sending(FailureKind::NotConnected);

/// Selects initiate sale.
pub fn initiate(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::Initiate { request, .. } => Some(*request),
        _ => None,
    }
}

/// Selects the commit.
pub fn commit(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::Commit { request, .. } => Some(*request),
        _ => None,
    }
}

/// Selects perform sale.
pub fn perform(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::Perform { request, .. } => Some(*request),
        _ => None,
    }
}

/// Selects sale status.
pub fn poll(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::PollStatus { request, .. } => Some(*request),
        _ => None,
    }
}

/// Selects the request for an access token.
pub fn access_token(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::RequestAccessToken(request) => Some(*request),
        _ => None,
    }
}

/// Selects the request for the session token.
pub fn session_token(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::AskSessionToken { request, .. } => Some(*request),
        _ => None,
    }
}

/// Selects opening the browser.
pub fn opened(effect: &Effect) -> Option<Request> {
    matches!(effect, Effect::OpenBrowser { .. }).then_some(0)
}

/// The invoice for which perform sale and sale status are sent.
pub fn invoice(effect: &Effect) -> Option<&Invoice> {
    match effect {
        Effect::Perform { invoice, .. } | Effect::PollStatus { invoice, .. } => Some(invoice),
        _ => None,
    }
}
