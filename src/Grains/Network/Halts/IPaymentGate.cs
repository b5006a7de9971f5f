using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network.Halts;

/// <summary>
/// What everything that pays asks first: whether it may. Closed while a halt is in force, and while nobody can tell.
/// Asked before a quote is given, before anything is signed, and before each submission.
/// </summary>
public interface IPaymentGate
{
    /// <summary>Null where payments may go on; else the refusal. At most a second old.</summary>
    ValueTask<Error?> CheckAsync(CancellationToken cancellationToken);
}
