//! The security code of a stored card while it is typed. It is the only card detail that is asked for again.

#if canImport(UIKit)
    public import Foundation
    import SaleKit

    /// A security code for a sale with a ``StoredCard``. The digits are stored separately from the text field, which
    /// holds bullets. They are overwritten when they are taken or wiped, or when this object is released.
    @MainActor public final class StoredCardCode: FieldSource, CustomStringConvertible, CustomReflectable {
        /// Called when ``isComplete`` may have changed.
        public var onChange: (@MainActor () -> Void)?
        /// The language of the label.
        public let locale: Locale

        let fields = ShownFields()
        private let digits = Digits()

        /// An empty code.
        public init(locale: Locale = .current) { self.locale = locale }

        /// Whether the code has three or four digits.
        public var isComplete: Bool { digits.count >= 3 }

        /// The code for `SaleClient.start(_:with:securityCode:)`, which wipes it; `nil` if it is not complete. After
        /// this call the object is empty.
        public func take() -> [UInt8]? {
            guard isComplete else { return nil }
            defer { wipe() }
            return digits.bytes
        }

        /// Empties and wipes it.
        public func wipe() {
            digits.wipe()
            changed(caret: 0)
        }

        /// A text without anything of the code.
        public nonisolated var description: String { "StoredCardCode(…)" }
        /// The same as `description`.
        public nonisolated var customMirror: Mirror { Mirror(self, children: [:]) }

        // MARK: What the field shows

        private var caret = 0

        var state: FieldState {
            FieldState(
                field: .securityCode, display: String(repeating: "•", count: digits.count), caret: UInt32(clamping: caret),
                validity: digits.count == 0 ? .empty : isComplete ? .possible : .incomplete, brand: .unknown)
        }
        var problem: String? { nil }
        var brandName: String { "" }
        var longestCode: Int { 3 }
        var next: CardTextField? { nil }
        func focusChanged(_ isFocused: Bool) {}

        func edit(_ edit: FieldEdit) -> EditResult {
            switch edit {
            case .replace(let range, let text):
                guard digits.replace(range, with: text) else { return .refused }
                changed(caret: range.lowerBound + text.utf8.count)
            case .delete(let range), .deleteForward(let range):
                guard digits.replace(range, with: "") else { return .refused }
                changed(caret: range.lowerBound)
            }
            return .made
        }

        private func changed(caret: Int) {
            self.caret = caret
            fields.show()
            onChange?()
        }
    }

    /// Up to four digits in their own memory, which is overwritten.
    private final class Digits {
        private static let most = 4
        private let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: most)
        private(set) var count = 0

        init() { memory.initialize(repeating: 0) }

        deinit {
            wipe()
            memory.deallocate()
        }

        var bytes: [UInt8] { Array(memory[0..<count]) }

        func replace(_ range: Range<Int>, with text: String) -> Bool {
            let typed = text.utf8, next = count - range.count + typed.count
            guard range.lowerBound >= 0, range.upperBound <= count, next <= Self.most else { return false }
            guard typed.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return false }
            var after = Array(memory[range.upperBound..<count])
            for (place, digit) in typed.enumerated() { memory[range.lowerBound + place] = digit }
            for (place, digit) in after.enumerated() { memory[range.lowerBound + typed.count + place] = digit }
            for place in next..<Self.most { memory[place] = 0 }
            for place in after.indices { after[place] = 0 }
            count = next
            return true
        }

        func wipe() {
            // With a function that no optimiser removes.
            #if canImport(Darwin)
                if let start = memory.baseAddress { _ = memset_s(start, memory.count, 0, memory.count) }
            #else
                if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
            #endif
            count = 0
        }
    }
#endif
