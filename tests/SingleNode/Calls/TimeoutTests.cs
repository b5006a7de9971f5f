namespace StellarPay.SingleNode.Tests.Calls;

public sealed class TimeoutTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_call_without_an_answer_ends_in_a_timeout_and_the_grain_serves_others_afterwards()
    {
        var grain = silo.Grains.GetGrain<ITurns>("timeout_slow", "StellarPay.SingleNode.Tests.Calls.OrdinaryTurnsGrain");

        await Should.ThrowAsync<TimeoutException>(() => grain.Write("never"));

        Gates.All.Open("timeout_slow never");
        Gates.All.Open("timeout_slow next");
        await grain.Write("next");
    }
}
