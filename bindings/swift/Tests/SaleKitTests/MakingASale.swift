import SaleKit

func pay(with form: CardForm, config: Config, device: String) async throws -> String {
    let client = try SaleClient(config: config)
    let options = SaleOptions(amount: try Money("10.50", "EUR"), consumer: Consumer(serialNumber: device))
    switch try await client.start(options, with: form).outcome {
    case .approved(let receipt): return "paid \(receipt.amountToShow)"
    case .declined(let decline): return decline.advice.message
    case .notCharged(let end): return end.reason.message
    case .unknown(let end): return end.advice.message
    }
}
