namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>
/// How long states wait to be stored. The storage never refuses a turn that has decided; so whoever may still refuse a call
/// looks here first.
/// </summary>
public interface IStoragePressure
{
    /// <summary>How long the oldest state has waited.</summary>
    TimeSpan Delay { get; }

    /// <summary>Whether calls from outside should be refused for a moment.</summary>
    bool IsHigh { get; }
}
