using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using StellarPay.Adapters.Failures;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>
/// Found by bench chaos on two silos: an activation whose state could not be read was answered with 500, for the bare
/// exception had no codec.
/// </summary>
public sealed class FailureTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    // It takes milliseconds; the machine may be busy. What is told to nobody is waited for until the call's time is over.
    private static readonly TimeSpan Soon = TwoSilos.ResponseTimeout / 3;

    public static TheoryData<string> Kinds => [.. Trouble.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task What_a_method_throws_is_told_as_what_it_is(string kind) =>
        ToldAsync(kind, (grains, key) => grains.GetGrain<IMethodTroubleGrain>(key).CallAsync());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task What_an_activation_throws_is_told_as_what_it_is(string kind) =>
        ToldAsync(kind, (grains, key) => grains.GetGrain<IActivationTroubleGrain>(key).CallAsync());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task What_a_read_of_the_state_throws_is_told_as_what_it_is(string kind) =>
        ToldAsync(kind, (grains, key) => grains.GetGrain<IReadTroubleGrain>(key).CallAsync());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task What_a_grain_hears_from_another_it_passes_on(string kind) =>
        ToldAsync(kind, (grains, key) => grains.GetGrain<IPassOnGrain>(TroubleKey.New(kind)).CallAsync(key, silos.There), here: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_grain_that_cannot_be_made_is_told_as_what_it_is(string kind)
    {
        // No filter and no storage of ours is on this way, only the codec.
        var failure = await silos.FailureOfAsync(
            "req_made", () => silos.Client.GetGrain<IConstructorTroubleGrain>(TroubleKey.New(kind)).CallAsync());

        AdapterFailures.Passes(failure).ShouldBe(Trouble.Passes(kind), failure.ToString());
    }

    [Fact]
    public async Task Calls_that_wait_for_an_activation_that_fails_are_all_told()
    {
        var key = TroubleKey.New("connection cut");
        var grain = silos.Client.GetGrain<IReadTroubleGrain>(key);

        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => silos.FailureOfAsync($"req_{i}", grain.CallAsync)));

        failures.ShouldAllBe(failure => failure is TryAgainException);
    }

    [Fact]
    public async Task A_call_right_after_one_that_failed_is_told_as_soon()
    {
        var grain = silos.Client.GetGrain<IReadTroubleGrain>(TroubleKey.New("connection cut"));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3; i++)
        {
            (await silos.FailureOfAsync("req_again", grain.CallAsync)).ShouldBeOfType<TryAgainException>();
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Soon);
    }

    private async Task ToldAsync(string kind, Func<IGrainFactory, string, Task> call, bool here = false)
    {
        foreach (var (from, grains) in new[] { ("client", silos.Client), ("silo", silos.Here) })
        {
            var request = $"req_{Guid.NewGuid():N}";
            var started = Stopwatch.GetTimestamp();

            var failure = await silos.FailureOfAsync(request, () => call(grains, TroubleKey.New(kind)), here);

            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Soon, $"{kind} from the {from}");
            AdapterFailures.Passes(failure).ShouldBe(Trouble.Passes(kind), failure.ToString());
            if (failure is not InconsistentStateException)
            {
                failure.GetType().ShouldBe(Trouble.Passes(kind) ? typeof(TryAgainException) : typeof(GrainFailedException));
                failure.ToString().ShouldNotContain(Trouble.Secret);
                failure.Message.ShouldContain(request);
            }

            var cause = Trouble.Of(kind).GetType();
            silos.Log.Lines.ShouldContain(line =>
                line.Level >= LogLevel.Warning && line.Exception != null
                && line.Exception.GetType() == cause && line.Scopes.Contains(request));
        }
    }
}
