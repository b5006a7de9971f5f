using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A timer whose ticks are turns of its activation; the next is due a period after the last has ended.</summary>
internal abstract partial class GrainTimer : IGrainTimer
{
    private static readonly MethodInfo TickMethod =
        typeof(GrainTimer).GetMethod(nameof(TickAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly GrainMethod Ordinary = new(TickMethod);
    private static readonly GrainMethod Interleaving = new(TickMethod, alwaysInterleave: true);

    private readonly CancellationTokenSource _disposed = new();
    private readonly Activation _activation;
    private readonly GrainTimerCreationOptions _options;
    private readonly ITimer _timer;
    private TimeSpan _period;
    private int _changes;

    protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, nameof(options.DueTime));
        Check(options.Period, nameof(options.Period));
        _activation = activation;
        _options = options;
        _period = options.Period;
        using (new FlowSuppression())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static self => ((GrainTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        activation.Add(this);
        _timer.Change(options.DueTime, Timeout.InfiniteTimeSpan);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        _period = period;
        Interlocked.Increment(ref _changes);
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (!_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _timer.Dispose();
            _activation.Remove(this);
        }
    }

    protected abstract Task TickAsync(CancellationToken cancellationToken);

    private static void Check(TimeSpan span, string name)
    {
        if (span != Timeout.InfiniteTimeSpan && span < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(name, span, "A timer's times are not negative, or infinite.");
        }
    }

    private void Fire()
    {
        if (!_disposed.IsCancellationRequested)
        {
            var tick = new Tick(this);
            tick.AddressTick(_options.Interleave ? Interleaving : Ordinary);
            _activation.Receive(tick);
        }
    }

    private async Task RunTickAsync()
    {
        var changes = _changes;
        try
        {
            if (!_disposed.IsCancellationRequested)
            {
                await TickAsync(_disposed.Token);
            }
        }
        catch (Exception error)
        {
            LogTickFailed(_activation.Silo.Logger, error, _activation.GrainId.ToString());
        }

        if (!_disposed.IsCancellationRequested && changes == _changes && _period != Timeout.InfiniteTimeSpan)
        {
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(105, LogLevel.Error, "A timer of {GrainId} failed; its next tick comes as planned.")]
    private static partial void LogTickFailed(ILogger logger, Exception error, string grainId);

    private sealed class Tick(GrainTimer timer) : GrainCall<Nothing>
    {
        public override bool KeepsActivationAlive => timer._options.KeepAlive;

        public override Task InvokeAsync(object grain) => timer.RunTickAsync();
    }
}

/// <summary>A timer with the state that its callback gets.</summary>
internal sealed class GrainTimer<TState>(
    Activation activation,
    Func<TState, CancellationToken, Task> callback,
    TState state,
    GrainTimerCreationOptions options) : GrainTimer(activation, options)
{
    protected override Task TickAsync(CancellationToken cancellationToken) => callback(state, cancellationToken);
}
