// Package channelstest proves that a driver keeps its promises, and stands in for
// providers in other tests.
//
//	func TestDriver(t *testing.T) {
//		channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
//			fake := newFakeProvider(t)
//			return channelstest.Harness{
//				Driver: mydriver.New(fake.URL), To: "+15550100",
//				Taken: fake.Taken, Fault: fake.Fault, Faults: []channelstest.Fault{channelstest.Throttle},
//			}
//		})
//	}
//
// # Ideas
//
// [TestDriver] runs one check after another, each on a fresh [Harness] and each
// explaining, when it fails, why the promise matters. What a harness leaves out is not
// checked: a driver without webhooks has no Inbound. Whatever a driver cannot do at
// its provider, it does not declare. What its limits declare is checked, though: where
// choices can be tapped, Taken.Shown tells what arrived of them, and Tap taps them.
//
// A [Fault] is one way in which a provider fails, named by what truly happened to the
// message. The suite asks the harness's fake for each declared one and compares the
// driver's cause with the truth: a message that was taken is never reported as not sent.
//
// [Recorder] is a driver that keeps what it is given, with the limits of any channel
// ([WhatsApp], [SMS], [Voice] and so on) and with faults to order, for tests of whatever
// sends. [Noise] makes delivery statuses arrive as they do in life: doubled and out of order.
//
// # Errors
//
// Failures go to the test. The kit itself has no errors.
//
// # Design
//
// The kit uses the standard library only, so that it adds nothing to a driver's
// module. Checks are functions that return an error, so that the kit's own tests can
// run each one against a driver that breaks exactly that promise. Refused: mocks with
// expectations (they prove that code calls what it calls).
package channelstest
