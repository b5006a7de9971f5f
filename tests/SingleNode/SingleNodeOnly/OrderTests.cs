using System.Collections.Concurrent;
using StellarPay.SingleNode.Tests.Calls;
using StellarPay.SingleNode.Tests.Observers;

namespace StellarPay.SingleNode.Tests.SingleNodeOnly;

/// <summary>What is sent first is taken first. Orleans promises no order, and does not keep one.</summary>
public sealed class OrderTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task Waiting_calls_run_in_the_order_in_which_they_came()
    {
        const string Key = "turns_fifo";
        string[] names = [.. Enumerable.Range(0, 20).Select(i => $"{i:D2}")];
        var grain = silo.Grains.GetGrain<ITurns>(Key, "StellarPay.SingleNode.Tests.Calls.OrdinaryTurnsGrain");
        var first = grain.Write("first");
        await Gates.All.HasSaid(Key, "+first");
        var rest = names.Select(grain.Write).ToList();

        foreach (var name in names.Append("first"))
        {
            Gates.All.Open($"{Key} {name}");
        }

        await Task.WhenAll(rest.Append(first));

        Gates.All.Said(Key).Where(each => each.StartsWith('+')).ShouldBe(["+first", .. names.Select(name => $"+{name}")]);
    }

    [Fact]
    public async Task An_observer_hears_what_a_grain_says_in_the_order_in_which_it_says_it()
    {
        var observer = new Listener();
        var reference = silo.Grains.CreateObjectReference<IListener>(observer);
        var grain = silo.Grains.GetGrain<ISpeaker>("observe_order");
        await grain.Subscribe(reference);

        await grain.Say("one", "two", "three");

        await Eventually.Holds(() => observer.Heard.Count == 3, "the observer heard three words");
        observer.Heard.ShouldBe(["one", "two", "three"]);
        GC.KeepAlive(observer);
    }

    private sealed class Listener : IListener
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public void Hear(string word) => Heard.Enqueue(word);

        public Task<string> Answer(string question) => Task.FromResult("yes");
    }
}
