// Package deliverytest proves that a queue keeps the contract of delivery.Queue, and
// holds a queue in memory for tests of whatever sends.
//
//	func TestOutbox(t *testing.T) {
//		deliverytest.TestQueue(t, func(t *testing.T) deliverytest.Harness {
//			store := open(t)
//			return deliverytest.Harness{Queue: store.Outbox(), Add: store.add, State: store.state}
//		})
//	}
//
// # Ideas
//
// A queue is where a crash is survived: what it forgets is never sent, and what it gives
// twice is told twice. [TestQueue] checks each promise on a fresh queue, and says why it
// matters when it is broken. [Memory] keeps every promise except durability.
//
// # Errors
//
// Failures go to the test.
//
// # Design
//
// The suite uses the standard library and the queue's own clock: [Harness].Later lets
// time pass for a queue that has a clock of its own, and waits in earnest for others. Checks
// return errors, so that the kit's own tests can run each against a queue that breaks
// exactly that promise.
package deliverytest
