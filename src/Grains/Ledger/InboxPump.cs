using Microsoft.Extensions.Logging;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Has an owner drain its inbox once it was poked: one turn for each step, so that what others call comes between. For one
/// activation.
/// </summary>
/// <param name="activation">The owner's activation.</param>
/// <param name="step">Takes some rows in, in a turn. Whether there may be more.</param>
/// <param name="pokeAgain">Pokes the owner by its reference: whichever activation is there then.</param>
/// <param name="time">The runtime's clock.</param>
/// <param name="logger">Where to log.</param>
internal sealed partial class InboxPump(
    IActivation activation, Func<Task<bool>> step, Func<Task> pokeAgain, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What the owner looks at of the outside before each step, beside its turns; null for nothing.</summary>
    public Func<Task>? Beside { get; init; }

    /// <summary>From where it drains; null where only few owners of its kind are.</summary>
    public DrainPlaces? Places { get; init; }

    /// <summary>With whom it waits in one line for a place; by itself where it is not said.</summary>
    public Func<string?>? Group { get; init; }

    /// <summary>Is told that there is nothing to drain: until the next poke this is not needed.</summary>
    public Action? Drained { get; init; }

    private bool _poked;
    private bool _draining;

    /// <summary>There may be something in the inbox. Only sets a flag.</summary>
    public void Poke()
    {
        _poked = true;
        Resume();
    }

    /// <summary>Goes on where the owner was poked and is not drained.</summary>
    public void Resume()
    {
        if (_poked && !_draining)
        {
            _draining = true;
            activation.RunBeside(DrainAsync);
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            while (_poked)
            {
                await (Beside?.Invoke() ?? Task.CompletedTask);
                using var place = Places is { } places ? await places.EnterAsync(Group?.Invoke() ?? activation.Key) : null;
                // A trace of its own: what it learns ends the traces of others, which are linked with it.
                using var span = StellarPayTelemetry.Source.StartActivity("inbox drain");
                await activation.InTurnAsync(StepAsync);
            }
        }
        catch (Exception exception)
        {
            // Whichever activation is there then tries again; should this process be gone, the sweep pokes.
            LogFailed(exception, activation.Key);
            await Task.Delay(Pause, time);
            pokeAgain().Ignore();
        }
        finally
        {
            _draining = false;
            if (!_poked)
            {
                Drained?.Invoke();
            }
        }
    }

    private async Task StepAsync()
    {
        _poked = false;
        if (await step())
        {
            // Not "|= await", which reads the flag first and loses a poke that comes meanwhile.
            _poked = true;
        }
    }

    [LoggerMessage(1054, LogLevel.Warning, "{Owner} could not drain its inbox; it is poked again")]
    private partial void LogFailed(Exception exception, string owner);
}
