using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Faults;

namespace StellarPay.Adapters.Faults;

/// <summary>Fault points that can be armed in a running process: in development, for the demo and for tests.</summary>
public sealed partial class ArmedFaults(ILogger<ArmedFaults> logger) : IFaultPoints
{
    /// <summary>The form of the setting, as a sentence.</summary>
    internal static readonly string SettingRule =
        $"STELLARPAY_FAULT must be POINT:kill or POINT:throw, with POINT one of {string.Join(", ", FaultPoint.All)}.";

    private readonly ConcurrentDictionary<string, FaultAction> _armed = new(StringComparer.Ordinal);

    /// <summary>Arms a point, once.</summary>
    /// <param name="point">One of <see cref="FaultPoint.All"/>.</param>
    /// <param name="action">What happens there.</param>
    /// <exception cref="ArgumentException">There is no such point.</exception>
    public void Arm(string point, FaultAction action)
    {
        if (!FaultPoint.All.Contains(point))
        {
            throw new ArgumentException($"There is no fault point '{point}'; there are {string.Join(", ", FaultPoint.All)}.", nameof(point));
        }

        _armed[point] = action;
        LogArmed(point, action);
    }

    /// <summary>Arms what a setting of the form <c>POINT:kill</c> or <c>POINT:throw</c> says.</summary>
    /// <exception cref="ArgumentException">The setting has another form, or there is no such point.</exception>
    public void Arm(string setting)
    {
        if (!TryRead(setting, out var point, out var action))
        {
            throw new ArgumentException(SettingRule, nameof(setting));
        }

        Arm(point, action);
    }

    /// <summary>Reads a setting of the form <c>POINT:kill</c> or <c>POINT:throw</c>.</summary>
    internal static bool TryRead(string setting, out string point, out FaultAction action)
    {
        var colon = setting.LastIndexOf(':');
        point = colon < 0 ? "" : setting[..colon];
        action = setting[(colon + 1)..].Equals(nameof(FaultAction.Throw), StringComparison.OrdinalIgnoreCase)
            ? FaultAction.Throw
            : FaultAction.Kill;
        return FaultPoint.All.Contains(point)
            && setting[(colon + 1)..].Equals(action.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc />
    public async Task HitAsync(string point, string subject)
    {
        if (!_armed.TryRemove(point, out var action))
        {
            return;
        }

        if (action == FaultAction.Throw)
        {
            LogHit(point, subject, action);
            throw new FaultInjectedException(point);
        }

        // The log is written by another thread, which dies with us; this is not.
        await Console.Error.WriteLineAsync($"Fault point {point} was reached by {subject}: {action}");
        // SIGKILL: nothing of this process runs after it, no finally and no flush.
        using var self = Process.GetCurrentProcess();
        self.Kill();
        await Task.Delay(Timeout.Infinite);
    }

    [LoggerMessage(5001, LogLevel.Warning, "Fault point {Point} is armed: {Action}")]
    private partial void LogArmed(string point, FaultAction action);

    [LoggerMessage(5002, LogLevel.Warning, "Fault point {Point} was reached by {Subject}: {Action}")]
    private partial void LogHit(string point, string subject, FaultAction action);
}

/// <summary>What happens at an armed fault point.</summary>
public enum FaultAction
{
    /// <summary>The process is killed with SIGKILL.</summary>
    Kill,

    /// <summary>A <see cref="FaultInjectedException"/> flies.</summary>
    Throw,
}

/// <summary>What an armed fault point throws.</summary>
public sealed class FaultInjectedException(string point) : Exception($"The fault armed at {point}."), IPassingFailure;
