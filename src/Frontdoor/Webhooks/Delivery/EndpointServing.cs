using System.Threading.Channels;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Sends an endpoint what is new to it and what it is to be sent again, as long as there is something and for half a minute at most, so
/// that others get their turn; two seconds where it fails or is slow. Who never took anything is sent one at a time, one a second. First
/// tries of an object are in its order; what is tried again holds nobody back.
/// </summary>
internal sealed class EndpointServing(
    EndpointLease lease,
    IReadOnlyList<byte[]> secrets,
    DeliveryStore store,
    ResultStore results,
    WebhookSender sender,
    WebhookOptions options,
    TimeProvider time)
{
    private const int PageSize = 64;
    private const int MostSettled = 64;
    private const int MostFills = 8;

    private const int PerSecondUnproven = 1;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortSlice = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // At the end of what there is while something is under way, which may take its time: what is new does not wait for it.
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ReadAnyway = TimeSpan.FromMilliseconds(250);

    private readonly Channel<TriedEvent> _tried = Channel.CreateUnbounded<TriedEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FirstTries _first = new(lease.Number, lease.Ahead);
    private readonly Queue<OutgoingEvent> _again = new();
    private readonly HashSet<long> _againUnderWay = [];
    private readonly TimeSpan _slow = TimeSpan.FromMilliseconds(options.SlowMilliseconds);
    private readonly long _began = time.GetTimestamp();

    private EndpointState _state = EndpointState.Ok;
    private SendPace _pace = new(lease.IsProven ? options.PerSecondPerEndpoint : PerSecondUnproven, time);
    private bool _isProven = lease.IsProven;
    private bool _isSlow = lease.IsSuspect;
    private bool _isProbe = lease.IsProbe;
    private bool _replays = lease.Replays;
    private bool _isAtEnd;
    private long _wasAtEnd;
    private long? _lookedForDue;
    private int _underWay;
    // When it last had nothing to answer, or answered.
    private long _answeredAt;
    private long _written = lease.Number;

    // What is tried again leaves most of the places to what is new.
    private int MostAgain => Math.Max(1, options.AtOncePerEndpoint / 4);

    private bool IsOver(CancellationToken stop) =>
        stop.IsCancellationRequested || _state != EndpointState.Ok || time.GetElapsedTime(_began) > (IsSlow ? ShortSlice : Slice);

    private bool IsSlow => _isSlow || (_underWay > 0 && time.GetElapsedTime(_answeredAt) > _slow);

    /// <summary>Serves; says what has become of the endpoint.</summary>
    /// <param name="stop">Begins nothing more; what is under way is waited for.</param>
    /// <param name="abandon">Gives up what is under way, too: it is sent again by whoever is next.</param>
    public async Task<EndpointState> RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        while (true)
        {
            if (!IsOver(stop))
            {
                await ReadAsync(abandon);
                Start(abandon);
            }

            if (_underWay == 0 && (IsOver(stop) || !HasMore))
            {
                break;
            }

            await SettleAsync(await WaitAsync(abandon), abandon);
        }

        // How far it has come where nothing was tried: what it does not want.
        if (_state == EndpointState.Ok && _first.Number != _written)
        {
            await SettleAsync([], abandon);
        }

        return _state;
    }

    private bool HasMore => _first.Waiting > 0 || _again.Count > 0 || _replays || !_isAtEnd;

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_again.Count == 0 && (_lookedForDue is not { } before || time.GetElapsedTime(before) >= LookAgain))
        {
            await ReadDueAsync(cancellationToken);
        }

        _isAtEnd = _isAtEnd && (_underWay == 0 || time.GetElapsedTime(_wasAtEnd) < ReadAgain);

        // While it is only being tried whether it is back, no more is read than is sent.
        var isEnough = _first.Waiting > (_isProbe ? 0 : PageSize / 2) || (_isProbe && (_again.Count > 0 || _underWay > 0));
        while (!_isAtEnd && !isEnough && _first.HasRoom(PageSize))
        {
            var page = await store.ReadPageAsync(lease, _first.LastRead, PageSize, cancellationToken);
            var fresh = page.Wanted.Where(one => !_first.IsDone(one.Event.Number)).ToArray();
            _first.Add(await store.KeepAsync(lease, fresh, areFirst: true, cancellationToken), page.Last);
            (_isAtEnd, _wasAtEnd) = (page.IsEnd, time.GetTimestamp());
            isEnough = _first.Waiting > 0;
            // What it does not want may be much: then the place is written now and then.
            if (!isEnough && _underWay == 0 && _first.Number - _written >= FirstTries.Widest)
            {
                await SettleAsync([], cancellationToken);
                isEnough = _state != EndpointState.Ok;
            }
        }
    }

    private async Task ReadDueAsync(CancellationToken cancellationToken)
    {
        var (kept, toWrite) = await store.ReadDueAsync(lease, [.. _againUnderWay], PageSize, cancellationToken);
        // There may be much that it does not want before what it does; what is new, or has been answered, does not wait for all of it.
        for (var fill = 0; kept.Count + toWrite.Count == 0 && _replays && fill < MostFills; fill++)
        {
            _replays = await store.FillReplayAsync(lease, PageSize, cancellationToken);
            (kept, toWrite) = await store.ReadDueAsync(lease, [.. _againUnderWay], PageSize, cancellationToken);
        }

        foreach (var one in kept.Concat(await store.KeepAsync(lease, toWrite, areFirst: false, cancellationToken)))
        {
            _again.Enqueue(one);
        }

        _lookedForDue = _again.Count > 0 || _replays ? null : time.GetTimestamp();
    }

    private void Start(CancellationToken cancellationToken)
    {
        var most = _isProbe || !_isProven ? 1 : options.AtOncePerEndpoint;
        while (_underWay < most && _again.Count > 0 && (_againUnderWay.Count < MostAgain || _first.Waiting == 0) && _pace.TryTake())
        {
            var one = _again.Dequeue();
            _againUnderWay.Add(one.Number);
            Send(one, cancellationToken);
        }

        while (_underWay < most && _first.Waiting > 0 && _pace.TryTake())
        {
            if (_first.Next() is not { } one)
            {
                // Each waits for the one before it of its object.
                break;
            }

            Send(one, cancellationToken);
        }
    }

    private void Send(OutgoingEvent one, CancellationToken cancellationToken)
    {
        _answeredAt = _underWay++ == 0 ? time.GetTimestamp() : _answeredAt;
        _ = SendAsync(one, cancellationToken);
    }

    private async Task SendAsync(OutgoingEvent one, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            if (one.Problem is { } problem)
            {
                DeliveryTelemetry.PassedOver();
                _tried.Writer.TryWrite(new TriedEvent(one, WebhookAnswer.Unsendable(time.GetUtcNow(), problem)));
                return;
            }

            var answer = await sender.SendAsync(lease.Url, one.Id, one.Body, secrets, cancellationToken);
            DeliveryTelemetry.Tried(answer);
            _tried.Writer.TryWrite(new TriedEvent(one, answer));
        }
        catch (Exception e)
        {
            // Of what was given up nothing is known: it is sent again.
            _tried.Writer.TryComplete(e);
        }
    }

    // What has been tried by now, at least one of them; or nothing, where it is time to look for what is due.
    private async Task<IReadOnlyList<TriedEvent>> WaitAsync(CancellationToken cancellationToken)
    {
        var done = new List<TriedEvent>();
        var pause = _first.Waiting + _again.Count > 0 && _pace.Wait is { Ticks: > 0 } wait ? wait
            : _replays && _again.Count == 0 ? ReadAgain : _isAtEnd ? ReadAnyway : LookAgain;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = _tried.Reader.WaitToReadAsync(over.Token).AsTask();
        if (await Task.WhenAny(first, Task.Delay(pause, time, over.Token)) == first)
        {
            await first;
        }

        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        while (done.Count < MostSettled && _tried.Reader.TryRead(out var one))
        {
            done.Add(one);
        }

        return done;
    }

    private async Task SettleAsync(IReadOnlyList<TriedEvent> done, CancellationToken cancellationToken)
    {
        _answeredAt = done.Count > 0 ? time.GetTimestamp() : _answeredAt;
        _isSlow = _isSlow || done.Any(tried => tried.Answer.Took > _slow);
        foreach (var one in done.Select(tried => tried.Event))
        {
            _underWay--;
            if (one.IsFirst)
            {
                _first.Done(one);
            }
            else
            {
                _againUnderWay.Remove(one.Number);
            }
        }

        if (done.Count == 0 && _first.Number == _written)
        {
            return;
        }

        var state = await results.SettleAsync(lease, done, _first, cancellationToken);
        _written = _first.Number;
        // The first that ends it counts; what was under way then is only written down.
        _state = _state == EndpointState.Ok ? state : _state;
        var hasTaken = done.Any(tried => tried.Answer.Outcome == TryOutcome.Succeeded);
        _isProbe = _isProbe && _state == EndpointState.Ok && !hasTaken;
        if (hasTaken && !_isProven)
        {
            (_isProven, _pace) = (true, new SendPace(options.PerSecondPerEndpoint, time));
        }
    }
}
