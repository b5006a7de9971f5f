using StellarPay.Adapters.Postgres.Upkeep;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>
/// Counts pieces whose sessions have ended. Who takes one counts those of its link himself: this is for what is shown. Any number of front
/// doors may run it.
/// </summary>
internal sealed partial class PaymentLinkSweep(PaymentLinkStore store, TimeProvider time, ILogger<PaymentLinkSweep> logger)
    : UpkeepWorker(TimeSpan.FromSeconds(10), time)
{
    private const int LinksAtOnce = 100;

    /// <summary>Counts them once.</summary>
    public Task<int> SettleAsync(CancellationToken cancellationToken) =>
        store.SettleAsync(LinksAtOnce, PaymentLinkStore.Lost, cancellationToken);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        await store.ForgetAsync(cancellationToken);
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5700, Level = LogLevel.Warning, Message = "The pieces of payment links could not be counted; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
