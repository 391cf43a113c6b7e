//! An app in a process of its own, for tests that kill one or weigh one.
//!
//!     sale-process abandon READY-FILE STORE DEVICE     begins a challenge, tells the sale's id, waits to be killed
//!     sale-process mute READY-FILE STORE DEVICE        makes a sale while a log sink does not come back, tells its end
//!     sale-process lock FILE                           holds a lock on a file, tells when it does, waits to be killed
//!     sale-process callbacks READY-FILE STORE DEVICE   makes a sale, watches it 2 × 10,000 times, tells how many states
//!                                                      it saw in each round and by how many bytes the second made it grow

import Fixtures
import Foundation
import SaleKit

struct Usage: Error {}

func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    guard pages.count > 1, let resident = Int(pages[1]) else { throw Usage() }
    return resident * Int(sysconf(Int32(_SC_PAGESIZE)))
}

/// Watches a finished sale: each watcher is called once, with its outcome.
func watch(_ sale: Sale, times: Int) async -> Int {
    var seen = 0
    for _ in 0..<times {
        for await _ in sale.states { seen += 1 }
    }
    return seen
}

/// Does not come back. Whether it was called is printed once.
final class StuckLog: LogSink {
    func log(_ line: LogLine) {
        print("stuck")
        fflush(nil)
        DispatchSemaphore(value: 0).wait()
    }
}

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "lock" {
    guard flock(open(arguments[2], O_RDWR | O_CREAT, 0o600), LOCK_EX | LOCK_NB) == 0 else { throw Usage() }
    print("held")
    fflush(nil)
    pause()
}
guard arguments.count == 5 else { throw Usage() }
var config = try Parties(readyFile: URL(fileURLWithPath: arguments[2])).config
config.storeDirectory = URL(fileURLWithPath: arguments[3])
let client = try SaleClient(config: config)
let options = try SaleRequest.lunch(device: arguments[4])

switch arguments[1] {
case "abandon":
    let sale = try client.start(options, with: Typed(code: "321").form())
    for await state in sale.states {
        guard case .challenge = state else { continue }
        print(sale.id)
        fflush(nil)
    }
case "mute":
    // Were it held up, it would be for ever.
    alarm(120)
    try SaleKitLibrary.log(to: StuckLog(), from: .debug)
    for _ in 0..<2 {
        let sale = try client.start(options, with: Typed().form())
        for await state in sale.states {
            if case .finished(let outcome) = state { print(outcome.charge == .charged ? "charged" : "\(outcome)") }
        }
    }
    fflush(nil)
    exit(0)
case "callbacks":
    let sale = try client.start(options, with: Typed().form())
    guard case .approved = await sale.outcome else { throw Usage() }
    let first = await watch(sale, times: 10_000)
    let before = try residentBytes()
    let second = await watch(sale, times: 10_000)
    print(first, second, try residentBytes() - before)
default:
    throw Usage()
}
