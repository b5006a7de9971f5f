namespace StellarPay.SingleNode.Tests.Life;

public sealed class TimerTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_timer_ticks_until_it_is_disposed_with_the_state_it_was_given()
    {
        var grain = silo.Grains.GetGrain<ITicking>("timer_ticks");
        await grain.Start(TimeSpan.FromMilliseconds(20), keepAlive: false);

        await Eventually.Holds(async () => await grain.Ticks() >= 3, "the timer ticked three times");
        await grain.Stop();
        var stopped = await grain.Ticks();
        await grain.Start(TimeSpan.FromMilliseconds(20), keepAlive: false);

        await Eventually.Holds(async () => await grain.Ticks() > stopped, "a second timer ticks after the first was disposed");
    }

    [Fact]
    public async Task A_tick_does_not_interleave_with_a_call()
    {
        var grain = silo.Grains.GetGrain<ITicking>("timer_turns");
        await grain.Start(TimeSpan.FromMilliseconds(10), keepAlive: false);

        (await grain.TicksDuring(TimeSpan.FromMilliseconds(200))).ShouldBe(0);
    }

    [Fact]
    public async Task A_tick_that_throws_is_followed_by_the_next()
    {
        var grain = silo.Grains.GetGrain<ITicking>("timer_throws");
        await grain.StartThrowing(TimeSpan.FromMilliseconds(20));

        await Eventually.Holds(async () => await grain.Ticks() >= 2, "the timer ticked again after it threw");
    }

    [Fact]
    public async Task A_timer_is_cancelled_when_its_grain_leaves()
    {
        var grain = silo.Grains.GetGrain<ITicking>("timer_leaves");
        await grain.StartWaiting();
        await Gates.All.HasSaid("timer_leaves", "tick waits");

        await grain.Leave();

        await Gates.All.HasSaid("timer_leaves", "tick cancelled");
    }

    [Fact]
    public async Task A_timer_with_a_negative_due_time_is_refused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => silo.Grains.GetGrain<ITicking>("timer_negative").Start(TimeSpan.FromSeconds(-5), keepAlive: false));
}

[Alias("tests.ITicking")]
public interface ITicking : IGrainWithStringKey
{
    [Alias("Start")]
    Task Start(TimeSpan period, bool keepAlive);

    [Alias("StartThrowing")]
    Task StartThrowing(TimeSpan period);

    [Alias("StartWaiting")]
    Task StartWaiting();

    [Alias("Stop")]
    Task Stop();

    [Alias("Leave")]
    Task Leave();

    [Orleans.Concurrency.AlwaysInterleave, Alias("Ticks")]
    Task<int> Ticks();

    [Alias("TicksDuring")]
    Task<int> TicksDuring(TimeSpan span);
}

public sealed class TickingGrain : Grain, ITicking
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task Start(TimeSpan period, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(
            static (self, _) =>
            {
                self._ticks++;
                return Task.CompletedTask;
            },
            this,
            new GrainTimerCreationOptions(period, period) { KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task StartThrowing(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                _ticks++;
                throw new InvalidOperationException("A tick that fails.");
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task StartWaiting()
    {
        var log = this.GetPrimaryKeyString();
        _timer = this.RegisterGrainTimer(
            async cancelled =>
            {
                Gates.All.Say(log, "tick waits");
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
                }
                catch (OperationCanceledException)
                {
                    Gates.All.Say(log, "tick cancelled");
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromMinutes(1)) { Interleave = true });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        _timer?.Dispose();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public async Task<int> TicksDuring(TimeSpan span)
    {
        var before = _ticks;
        using var timer = new PeriodicTimer(span);
        await timer.WaitForNextTickAsync();
        return _ticks - before;
    }
}
