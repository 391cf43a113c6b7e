//! The values of the generated interface that are public, by name. Anything that is neither listed here nor declared in
//! this module is not part of SaleKit. The generated types document their members.

public import SaleKitGenerated

// MARK: What a sale is of

/// An amount: whole minor units of an ISO 4217 currency, more than zero.
public typealias Money = SaleKitGenerated.Money
/// Who pays, and with which device (`consumer`).
public typealias Consumer = SaleKitGenerated.Consumer
/// The consumer's location (`location`). Sent to the merchant's server only.
public typealias SaleLocation = SaleKitGenerated.SaleLocation
/// A sale to start, without the card.
///
/// Give an `accessToken` if you can. Your server knows the logged-in user and what they ordered, so it can issue a
/// token for one user and one order. The app passes it here. In initiate sale your server compares amount and
/// `merchantOrderId` with those of the token. So nobody can pay another amount than was ordered, or pay for another
/// user's order. Without a token SaleKit requests one from your server (`MerchantPaths.accessToken`). Such a token can
/// only say which device asks.
public typealias SaleRequest = SaleKitGenerated.SaleRequest
/// A card that the merchant keeps (`sourceOfFunds.reference`). Members that the merchant's server does not give are
/// `nil`.
public typealias StoredCard = SaleKitGenerated.StoredCard
/// The last month in which a stored card is valid.
public typealias CardExpiry = SaleKitGenerated.CardExpiry

// MARK: How a sale ends

/// Whether money moved.
public typealias Charge = SaleKitGenerated.Charge
/// What the gateway says about an approved sale. What it left out is `nil`.
public typealias SaleReceipt = SaleKitGenerated.SaleReceipt
/// What may be shown and kept of a card.
public typealias CardSummary = SaleKitGenerated.CardSummary
/// The result of the issuer's authentication (`secure3DAuthStatus`).
public typealias ThreeDSecureStatus = SaleKitGenerated.ThreeDSecureStatus
/// What the gateway says about a declined sale.
public typealias Decline = SaleKitGenerated.Decline
/// What the payer can do after a decline.
public typealias DeclineAdvice = SaleKitGenerated.DeclineAdvice
/// Why a sale ended before anything could be charged.
public typealias NotCharged = SaleKitGenerated.NotCharged
/// The reasons of ``NotCharged``.
public typealias NotChargedReason = SaleKitGenerated.NotChargedReason
/// A sale whose outcome is unknown.
public typealias UnknownOutcome = SaleKitGenerated.UnknownOutcome
/// The reasons of ``UnknownOutcome``.
public typealias UnknownReason = SaleKitGenerated.UnknownReason
/// What to do about an unknown outcome.
public typealias UnknownAdvice = SaleKitGenerated.UnknownAdvice
/// What went wrong with a request.
public typealias FailureKind = SaleKitGenerated.FailureKind
/// A stored sale whose snapshot cannot be used.
public typealias DamagedSale = SaleKitGenerated.DamagedSale
/// The gateway and the merchant's server of a client, and of each sale that it starts.
public typealias Parties = SaleKitGenerated.Parties
/// Which server of the merchant's a client asks.
public typealias MerchantServer = SaleKitGenerated.MerchantServer

// MARK: Configuration

/// Paths on the merchant's server.
public typealias MerchantPaths = SaleKitGenerated.MerchantPaths
/// The pace of status requests.
public typealias PacingProfile = SaleKitGenerated.PacingProfile

// MARK: The card

/// The payment scheme a card belongs to, by its issuer's range.
public typealias CardBrand = SaleKitGenerated.CardBrand
/// A field of a card form.
public typealias CardField = SaleKitGenerated.CardField
/// Which names a form asks for.
public typealias HolderFields = SaleKitGenerated.HolderFields
/// How much of the number a form shows.
public typealias Masking = SaleKitGenerated.Masking
/// What to show in a field: the answer to every edit.
public typealias FieldState = SaleKitGenerated.FieldState
/// How far a field is: empty, incomplete, possible, valid or invalid.
public typealias Validity = SaleKitGenerated.Validity
/// What the number typed so far says about the card.
public typealias CardHints = SaleKitGenerated.CardHints

// MARK: Ports

/// The result of requesting a lock from a store.
public typealias StoreLock = SaleKitGenerated.StoreLock
/// A line of the log.
public typealias LogLine = SaleKitGenerated.LogLine
/// How important a log line is.
public typealias LogLevel = SaleKitGenerated.LogLevel
/// The data to initiate a sale.
public typealias InitiateSaleRequest = SaleKitGenerated.InitiateSaleRequest
/// What the merchant's server knows about the gateway's session for an invoice.
public typealias SessionAnswer = SaleKitGenerated.SessionAnswer
/// A question about one of the merchant's invoices.
public typealias InvoiceRequest = SaleKitGenerated.InvoiceRequest
/// What the merchant's server gave: the invoice, and what proves to the gateway that the merchant asked for it.
public typealias InitiatedSale = SaleKitGenerated.InitiatedSale
/// An error response of the merchant's server.
public typealias ErrorResponse = SaleKitGenerated.ErrorResponse
