namespace StellarPay.Grains.Failures;

/// <summary>Turns what failed in a grain into what may leave its silo.</summary>
public interface ICallFailures
{
    /// <summary>
    /// Logs the cause under the request that brought it about, and gives what the caller hears:
    /// <see cref="TryAgainException"/> or <see cref="GrainFailedException"/>.
    /// </summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="what">What failed, for the log: a call, an activation, a read.</param>
    Exception Report(Exception cause, string what);
}
