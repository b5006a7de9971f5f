namespace StellarPay.Grains.Failures;

/// <summary>An exception of ours that knows whether the same call may succeed in a moment.</summary>
public interface IPassingFailure
{
    /// <summary>Whether it may.</summary>
    bool Passes => true;
}
