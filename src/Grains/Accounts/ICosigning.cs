using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// Others whose signatures a transaction needs besides its owner's. They sign first, so that nothing can be applied before the
/// owner has stored it.
/// </summary>
internal interface ICosigning
{
    /// <summary>
    /// Has the others sign. Beside the turns, and may take its time. Null where some did not, and it is to be planned anew
    /// without them; or why it cannot be sent at all.
    /// </summary>
    /// <param name="transaction">What is to be signed.</param>
    /// <param name="maxTime">Its last moment, by the network's clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Result<IReadOnlyList<Cosignature>>?> SignAsync(
        UnsignedTransaction transaction, DateTimeOffset maxTime, CancellationToken cancellationToken);

    /// <summary>
    /// Why the transaction is not to be sent any more, or null: things may have changed while others signed. In the turn that
    /// signs and stores it.
    /// </summary>
    Task<Error?> ConfirmAsync();
}

/// <summary>A signature of somebody else.</summary>
/// <param name="Signer">Whose it is: a public key in StrKey form.</param>
/// <param name="Signature">Its 64 bytes.</param>
internal sealed record Cosignature(string Signer, byte[] Signature);
