using StellarPay.EndToEnd.Tests.Calls;

// Each class starts whole processes, and two sets of them on a small machine starve each other until calls time out.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer(typeof(LookersLast))]
