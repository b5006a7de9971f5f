using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Limits;

/// <summary>What something is worth a market tells, which may be slow.</summary>
public sealed class SlowRateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task While_a_rate_is_asked_for_the_wallet_answers_others(int slowAt)
    {
        var rates = new SlowRates(slowAt);
        await using var world = await TestWorld.StartAsync(with: services => services.AddSingleton<IRateSource>(rates));
        var user = await world.NewUserAsync("10");
        var quote = user.QuoteAsync(world.Network.NewOutsider(), "1");
        (await Task.WhenAny(rates.IsAsked, quote)).ShouldBe(rates.IsAsked);
        var view = user.ViewAsync();

        try
        {
            (await view.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Id.Value.ShouldBe(user.Key);
        }
        finally
        {
            rates.Answer();
        }

        (await quote).Error.ShouldBeNull();
    }

    private sealed class SlowRates(int slowAt) : IRateSource
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _times;

        public Task IsAsked => _asked.Task;

        public void Answer() => _answers.SetResult();

        public async Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _times) == slowAt)
            {
                _asked.SetResult();
                await _answers.Task;
            }

            return new AssetRate(asset, 1, DateTimeOffset.MaxValue);
        }
    }
}
