using Microsoft.Extensions.Logging;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network.Halts;

/// <summary>Asks the stored halt, once a second for all who ask in this process.</summary>
internal sealed partial class PaymentGate(INetworkHalts halts, TimeProvider time, ILogger<PaymentGate> logger) : IPaymentGate
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private static readonly Error Halted = new(ErrorKind.Unavailable, "network_halted",
        "Payments are stopped until an operator has looked at the Stellar network. Nothing was changed.");

    private static readonly Error Unknown = new(ErrorKind.Unavailable, "network_halt_unknown",
        "It cannot be told at the moment whether payments may go on. Nothing was changed. Please try again.");

    private readonly Lock _lock = new();
    private Answer? _answer;
    private Task<Error?>? _asking;

    public ValueTask<Error?> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_answer is { } answer && time.GetElapsedTime(answer.At) < GoodFor)
            {
                return ValueTask.FromResult(answer.Refusal);
            }

            if (_asking is null)
            {
                // For all who ask, so without the context and the patience of the one who happens to be first.
                using (ExecutionContext.SuppressFlow())
                {
                    _asking = Task.Run(AskAsync, CancellationToken.None);
                }
            }

            return new ValueTask<Error?>(_asking.WaitAsync(cancellationToken));
        }
    }

    private async Task<Error?> AskAsync()
    {
        // Before the question: an answer is as old as its question.
        var at = time.GetTimestamp();
        Answer? answer = null;
        try
        {
            var halt = await halts.FindAsync(CancellationToken.None);
            answer = new Answer(halt is null ? null : Halted, at);
            return answer.Refusal;
        }
        catch (Exception exception)
        {
            LogUnknown(exception);
            return Unknown;
        }
        finally
        {
            lock (_lock)
            {
                _answer = answer;
                _asking = null;
            }
        }
    }

    [LoggerMessage(1390, LogLevel.Error, "It cannot be read whether payments are halted; until it can, nothing is paid.")]
    private partial void LogUnknown(Exception exception);

    private sealed record Answer(Error? Refusal, long At);
}
