using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Schedules;

/// <summary>What the schedule books of a silo share.</summary>
internal sealed class ScheduleServices(
    ScheduleDesk desk, IIdempotencyIndex keys, IOptions<NetworkOptions> network,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>Where books wait for their turn to ask wallets.</summary>
    public ScheduleDesk Desk { get; } = desk;

    /// <summary>The idempotency keys that were used.</summary>
    public IIdempotencyIndex Keys { get; } = keys;

    /// <summary>The assets that wallets hold besides XLM.</summary>
    public IReadOnlyList<string> Assets { get; } = network.Value.Assets;

    /// <summary>The clock of what is due.</summary>
    public TimeProvider Business { get; } = business;
}
