using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// Takes in what became of invoices' sessions, and tells once of each that it is overdue. Any number of front doors may run it: what one
/// has done the next one sees in the row, and what one leaves is there later.
/// </summary>
internal sealed partial class InvoiceSweep(
    InvoiceStore store, InvoiceTurns turns, InvoiceAcceptance acceptance, TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business, ILogger<InvoiceSweep> logger)
    : UpkeepWorker(TimeSpan.FromSeconds(2), time)
{
    private const int AtOnce = 100;

    /// <summary>Does it once.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await store.UnsettledAsync(AtOnce, cancellationToken))
        {
            await TakeAsync(id, (_, _) => InvoiceStep.Stays, cancellationToken);
        }

        // Of what is younger somebody does the rest right now.
        foreach (var invoice in await store.AcceptingAsync(AtOnce, cancellationToken))
        {
            await OneAsync(invoice.Id, () => acceptance.RepairAsync(invoice), cancellationToken);
        }

        foreach (var id in await store.OverdueAsync(business.GetUtcNow(), AtOnce, cancellationToken))
        {
            await TakeAsync(id, (invoice, _) => InvoiceSteps.Remind(invoice, business.GetUtcNow()), cancellationToken);
        }
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => SettleAsync(cancellationToken);

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    private Task TakeAsync(InvoiceId id, Func<Invoice, PaymentSessionId?, InvoiceStep> decide, CancellationToken cancellationToken) =>
        OneAsync(id, () => turns.TakeAsync(id, merchant: null, prefix: null, decide, key: null, cancellationToken), cancellationToken);

    // One that cannot be written keeps none of the others.
    private async Task OneAsync(InvoiceId id, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogOneFailed(logger, e, id.Value);
        }
    }

    [LoggerMessage(EventId = 3310, Level = LogLevel.Warning, Message = "What became of invoices could not be looked at; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3311, Level = LogLevel.Warning, Message = "What became of {Invoice} could not be taken in; it is tried again.")]
    private static partial void LogOneFailed(ILogger logger, Exception exception, string invoice);
}
