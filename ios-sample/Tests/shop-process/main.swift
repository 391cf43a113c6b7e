//! The app in a process of its own, to be killed.
//!
//!     shop-process READY-FILE STORE DEVICE ORDER CODE SECONDS WORDS
//!
//! It pays, waits SECONDS for the gateway, and tells when WORDS are on the page. It fails if the sale ends without them.

import Foundation
import Sandbox
import SaleKit
import Shop
import SwiftUI
import UIKit

struct Usage: Error {}

let arguments = CommandLine.arguments
guard arguments.count == 8, let seconds = Double(arguments[6]) else { throw Usage() }
let parties = try Parties(readyFile: URL(fileURLWithPath: arguments[1]))
var config = parties.config(store: URL(fileURLWithPath: arguments[2]))
config.timeouts.processing = seconds
let model = try CheckoutModel(
    client: SaleClient(config: config), presenter: nil,
    consumer: Consumer(serialNumber: arguments[3], email: "ada@example.com"), order: .lunch(id: arguments[4]))
let stage = Stage(CheckoutView(model: model))
stage.field("number")?.type("4111111111111111")
stage.field("expiry")?.type("1240")
stage.field("security_code")?.type(arguments[5])
stage.field("printed_name")?.type("Ada Lovelace")
guard stage.tap("Pay \u{2066}10.50 EUR\u{2069}") else { throw Usage() }
let end = Date() + 60
while true {
    // Asked before the page: what the end brings is on it.
    let hasEnded = if case .ended = model.screen { true } else { false }
    if stage.text.contains(arguments[7]) { break }
    guard !hasEnded, Date() < end else { throw TestFailure("no \"\(arguments[7])\" on: \(stage.text)") }
    try await Task.sleep(for: .milliseconds(10))
}
print("there")
fflush(nil)
// Who is to kill it may be gone.
try await Task.sleep(for: .seconds(600))
