namespace StellarPay.Frontdoor.Messages;

/// <summary>
/// Sends what waits in the outbox, each channel for itself, so that one that is away holds up no other. What could not be sent is
/// tried again, ever later, until it says nothing that is still so.
/// </summary>
internal sealed partial class MessageSender(
    MessageOutbox outbox,
    MessageTransports transports,
    MessageSeal seal,
    MessageBell bell,
    TimeProvider time,
    ILogger<MessageSender> logger) : BackgroundService
{
    private const int MostAtOnce = 64;

    // What others have left is found by looking.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // Well within the lease, so that nobody else has it by then.
    private static readonly TimeSpan AttemptEnds = TimeSpan.FromSeconds(30);

    // Of what may wait a front door sends at most fifty a second, so that the database has time for what may not.
    private const int MostBulkAtOnce = 25;
    private static readonly TimeSpan BulkPause = TimeSpan.FromMilliseconds(500);

    private enum Fate
    {
        Over,
        Later,
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(transports.All.SelectMany(transport => new[]
        {
            SendAllAsync(transport, stoppingToken), SendBulkAsync(transport, stoppingToken),
        }));

    private async Task SendAllAsync(IMessageTransport transport, CancellationToken stop)
    {
        // Each for itself: a mailbox that takes its time holds up no other.
        var underWay = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            underWay.RemoveAll(one => one.IsCompleted);
            bell.Listen(transport.Channel);
            var taken = await TakeAsync(() => outbox.TakeAsync(transport.Channel, MostAtOnce - underWay.Count, stop), stop);
            underWay.AddRange(taken.Select(message => SendAndSettleAsync(transport, message, stop)));
            var next = underWay.Count == MostAtOnce ? Task.WhenAny(underWay) : bell.WaitAsync(transport.Channel, LookAgain, stop);
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(underWay);
    }

    private async Task SendBulkAsync(IMessageTransport transport, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var taken = await TakeAsync(() => outbox.TakeBulkAsync(transport.Channel, MostBulkAtOnce, stop), stop);
            await Task.WhenAll(taken.Select(message => SendAndSettleAsync(transport, message, stop)));
            await Task.Delay(taken.Count == 0 ? LookAgain : BulkPause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<TakenMessage>> TakeAsync(
        Func<Task<IReadOnlyList<TakenMessage>>> take, CancellationToken stop)
    {
        try
        {
            return await take();
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested)
            {
                LogOutboxFailed(logger, e);
            }

            return [];
        }
    }

    private async Task SendAndSettleAsync(IMessageTransport transport, TakenMessage message, CancellationToken stop)
    {
        try
        {
            // Stored also while we stop: what was sent is not to be sent again by the next.
            await (await SendOneAsync(transport, message, stop) == Fate.Over
                ? outbox.RemoveAsync(message, CancellationToken.None)
                : outbox.PutOffAsync(message, CancellationToken.None));
        }
        catch (Exception e)
        {
            // It comes again when its lease is over.
            LogOutboxFailed(logger, e);
        }
    }

    private async Task<Fate> SendOneAsync(IMessageTransport transport, TakenMessage taken, CancellationToken stop)
    {
        if (taken.IsOver)
        {
            LogGivenUp(logger, taken.Id, transport.Channel, taken.Attempt - 1);
            MessageTelemetry.Ended(transport.Channel, "given_up");
            return Fate.Over;
        }

        if (!seal.TryOpen(taken.Id, taken.Sealed, out var message))
        {
            LogUnreadable(logger, taken.Id);
            MessageTelemetry.Ended(transport.Channel, "unreadable");
            return Fate.Over;
        }

        using var deadline = new CancellationTokenSource(AttemptEnds, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            await transport.SendAsync(message, either.Token).WaitAsync(either.Token);
            MessageTelemetry.Ended(transport.Channel, "sent");
            return Fate.Over;
        }
        catch (MessageRefusedException e)
        {
            LogRefused(logger, taken.Id, transport.Channel, e.Message);
            MessageTelemetry.Ended(transport.Channel, "refused");
            return Fate.Over;
        }
        catch (Exception e)
        {
            // By type only: what mail servers and providers say names people.
            LogLater(logger, taken.Id, transport.Channel, taken.Attempt, e.GetType().Name);
            MessageTelemetry.Ended(transport.Channel, "failed");
            return Fate.Later;
        }
    }

    [LoggerMessage(EventId = 5602, Level = LogLevel.Warning, Message = "The outbox could not be read or written.")]
    private static partial void LogOutboxFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5603, Level = LogLevel.Error, Message = "Message {Id} was given up: {Channel} took it in none of {Attempts} attempts.")]
    private static partial void LogGivenUp(ILogger logger, string id, MessageChannel channel, int attempts);

    [LoggerMessage(EventId = 5604, Level = LogLevel.Error, Message = "Message {Id} was given up: it cannot be decrypted. Do all front doors have the same TOKEN_ENCRYPTION_KEY?")]
    private static partial void LogUnreadable(ILogger logger, string id);

    [LoggerMessage(EventId = 5605, Level = LogLevel.Information, Message = "Message {Id} was refused by {Channel} for good: {Reason}")]
    private static partial void LogRefused(ILogger logger, string id, MessageChannel channel, string reason);

    [LoggerMessage(EventId = 5606, Level = LogLevel.Warning, Message = "Message {Id} could not be sent by {Channel} in attempt {Attempt} and is tried again: {Reason}")]
    private static partial void LogLater(ILogger logger, string id, MessageChannel channel, int attempt, string reason);
}
