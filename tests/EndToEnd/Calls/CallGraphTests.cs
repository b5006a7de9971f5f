using StellarPay.Tests.Shared.Calls;
using Xunit.Sdk;
using Xunit.v3;

namespace StellarPay.EndToEnd.Tests.Calls;

/// <summary>
/// The calls between grains of whole systems, in one process and in several, against the graph of docs/decisions/0003.
/// </summary>
[Collection(nameof(AfterAllOthers))]
public sealed class CallGraphTests
{
    [Fact]
    public void No_grain_of_a_running_system_called_another_in_a_way_that_is_not_drawn()
    {
        Assert.SkipWhen(SeenCalls.All.IsEmpty, "Run with other tests: this one compares what their processes did.");
        var drawn = CallGraph.Read().Calls;

        SeenCalls.All.Where(call => !drawn.Contains(call.Key)).Select(call => $"{call.Key} by {call.Value}").ShouldBeEmpty();
        // Without this one the log was not read, and nothing was compared.
        SeenCalls.All.Keys.ShouldContain(new GrainCall("wallet", "sponsor", Waits: true));
    }
}

/// <summary>Tests that look at what all others did.</summary>
[CollectionDefinition(nameof(AfterAllOthers))]
public sealed class AfterAllOthers;

/// <summary>Has <see cref="AfterAllOthers"/> run last; the collections of this assembly run one after another.</summary>
public sealed class LookersLast : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(AfterAllOthers))];
}
