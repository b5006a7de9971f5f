using StellarPay.Grains.Failures;

namespace StellarPay.Grains.Network;

/// <summary>Tells trouble that passes from trouble that is in the operation itself.</summary>
internal static class FollowerTrouble
{
    /// <summary>
    /// Whether trying again later may help whatever the operation is: storage, the network, the keeper of keys or
    /// another silo is away. Nothing is ever parked for that.
    /// </summary>
    public static bool Passes(Exception exception) => PassingFailures.Passes(exception);
}

/// <summary>Payments are halted, and so is reading.</summary>
internal sealed class NetworkHaltedException() : Exception("The network is halted.");
