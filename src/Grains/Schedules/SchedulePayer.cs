using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// Asks the wallet for what is due, one payment after the other, beside the book's turns. What comes of it is judged in a turn,
/// which also says what is next.
/// </summary>
internal sealed partial class SchedulePayer(
    IActivation activation, ScheduleDesk desk, Func<ScheduleAnswer?, Task<ScheduleStep>> step, ILogger logger)
{
    /// <summary>How an attempt ends of which nobody knows the outcome, and which may not be made again.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    private static readonly Error Unknown =
        new(ErrorKind.Conflict, OutcomeUnknown, "What became of the payment could not be learned.");

    private CancellationTokenSource? _underWay;

    /// <summary>Goes on with what a turn decided and stored.</summary>
    public void Start(ScheduleStep first)
    {
        var stop = new CancellationTokenSource();
        _underWay = stop;
        activation.RunBeside(() => PayAsync(first, stop));
    }

    /// <summary>Calls it off: what the wallet still says is asked again under the same key.</summary>
    public void Stop()
    {
        _underWay?.Cancel();
        _underWay = null;
    }

    private async Task PayAsync(ScheduleStep next, CancellationTokenSource stop)
    {
        try
        {
            while (next.GoesOn)
            {
                var answer = next.Order is { } order ? await AskAsync(order, stop.Token) : null;
                next = await activation.InTurnAsync(
                    () => stop.IsCancellationRequested ? Task.FromResult(ScheduleStep.None) : step(answer));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogCalledOff(activation.Key);
        }
        catch (Exception exception)
        {
            LogStopped(exception, activation.Key);
        }
        finally
        {
            if (ReferenceEquals(_underWay, stop))
            {
                _underWay = null;
            }

            stop.Dispose();
        }
    }

    private async Task<ScheduleAnswer> AskAsync(ScheduleOrder order, CancellationToken stop)
    {
        using var place = await desk.EnterAsync(stop);
        try
        {
            return new ScheduleAnswer(order, await AskWalletAsync(order));
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception, order.ScheduleId, order.Number);
            return new ScheduleAnswer(order, Payment: null);
        }
    }

    // Asks, or asks again what became of it.
    private async Task<Result<PaymentView>> AskWalletAsync(ScheduleOrder order)
    {
        var wallet = activation.Grains.GetGrain<IWalletGrain>(WalletId.Of(order.Owner).Value);
        if (order.Known is { } known)
        {
            var found = await wallet.GetPaymentAsync(order.Owner, known);
            if (found.IsSuccess && found.Value.Status != PaymentStatus.Pending)
            {
                return found;
            }
        }

        return order.Request is { } request ? await wallet.QuoteAsync(order.Owner, request) : Unknown;
    }

    [LoggerMessage(1702, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number}: the wallet gave no answer.")]
    private partial void LogNoAnswer(Exception exception, string schedule, int number);

    [LoggerMessage(1705, LogLevel.Debug, "Paying what is due of {Book} was called off")]
    private partial void LogCalledOff(string book);

    [LoggerMessage(1704, LogLevel.Warning, "What is due of {Book} is paid no further for now; it is woken again")]
    private partial void LogStopped(Exception exception, string book);
}
