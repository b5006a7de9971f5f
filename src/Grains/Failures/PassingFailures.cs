using System.Data.Common;
using System.Net.Sockets;
using Orleans.Storage;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Grains.Failures;

/// <summary>
/// The one rule that tells trouble that passes (storage, the network, the keeper of keys or a silo is away; a race was lost)
/// from a mistake, which comes again however often it is tried.
/// </summary>
public static class PassingFailures
{
    // Data exception, integrity, wrong statement or missing right, too complex: the same statement fails again.
    private static readonly string[] Mistakes = ["22", "23", "42", "54"];

    // A statement's time is up; a server that became a replica; and another activation took those rows in first (our own
    // SP002): all pass, and no driver counts them as transient.
    private static readonly string[] AlsoPassing = ["57014", "25006", "SP002"];

    /// <summary>Whether the same call may succeed in a moment.</summary>
    /// <param name="exception">What failed; what it wraps counts too.</param>
    /// <param name="known">What adapters know of types that are not named here: yes, no, or null for the rule below.</param>
    public static bool Passes(Exception exception, Func<Exception, bool?>? known = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return known?.Invoke(exception) ?? exception switch
        {
            GrainFailedException or GrainExtensionNotInstalledException => false,
            TryAgainException or NotBegunException or InconsistentStateException => true,
            IPassingFailure own => own.Passes,
            HorizonException horizon => horizon.IsTransient,
            DbException database => Passes(database),
            FileNotFoundException or DirectoryNotFoundException or PathTooLongException or FileLoadException => false,
            TimeoutException or IOException or SocketException => true,
            // Something was cut off, or is on its way down.
            OperationCanceledException or ObjectDisposedException => true,
            AggregateException several => several.InnerExceptions.All(inner => Passes(inner, known)),
            { InnerException: { } inner } => Passes(inner, known),
            // A lost silo, a call that found none, a state that could not be stored.
            OrleansException => true,
            _ => false,
        };
    }

    // Without a SQLSTATE the server said nothing: the connection is what failed.
    private static bool Passes(DbException database) =>
        database.SqlState is not { Length: 5 } state
        || (!Mistakes.Contains(state[..2]) && (database.IsTransient || AlsoPassing.Contains(state)));
}
