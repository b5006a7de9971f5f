using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;

namespace StellarPay.Grains.Costs;

/// <summary>
/// What an operation costs the platform now, as far as this silo has heard: what is bid for it at first, or what the network
/// asked for of late, if that is more. It costs no question. For one silo, and in memory: another finds it out by itself.
/// </summary>
internal sealed class OperationPrices(IOptions<NetworkOptions> network, IOptions<PlatformOptions> platform, TimeProvider time)
{
    /// <summary>How long what the network asked for counts. While it is full, each payment that is outbid tells it anew.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private Heard? _heard;

    /// <summary>The network refused a transaction for its fee.</summary>
    /// <param name="neededStroops">What it would have taken for the whole; null where it did not say.</param>
    /// <param name="operations">How many operations the transaction has; its fee-bump counts as one more.</param>
    public void Note(long? neededStroops, int operations)
    {
        if (neededStroops is { } needed and > 0)
        {
            _heard = new Heard(((needed - 1) / (operations + 1)) + 1, time.GetTimestamp());
        }
    }

    /// <summary>The most, in stroops of XLM, that so many operations cost as a transaction of their own with a fee-bump.</summary>
    public long CostOf(int operations) => checked(EachStroops() * (operations + 1));

    // More than the platform allows is never paid, whatever the network says.
    private long EachStroops()
    {
        var usual = (long)network.Value.FeeBidStroops;
        return _heard is { } heard && time.GetElapsedTime(heard.At) < Remembered
            ? Math.Max(usual, Math.Min(heard.Stroops, platform.Value.MaxFeeStroopsPerOperation))
            : usual;
    }

    private sealed record Heard(long Stroops, long At);
}
