using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// The only transaction by which a deposit leaves an account of the platform. Whoever signs it builds it anew from the
/// stored deposit, so that no caller can have anything else signed.
/// </summary>
internal sealed class DepositReleases(
    ISuspense suspense,
    ILedgerInbox inbox,
    TransactionFactory transactions,
    SeedCipher cipher,
    IPaymentGate gate)
{
    private static readonly Error NoSuchDeposit = Refused("There is no such deposit that waits.");

    /// <summary>Signs a release in the name of the account that has the deposit.</summary>
    public async Task<Result<byte[]>> SignAsync(
        DepositRelease release, string grainKey, EncryptedSeed seed, CancellationToken cancellationToken)
    {
        var found = await FindAsync(release, grainKey, seed.PublicKey, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var deposit = found.Value;
        var unsigned = transactions.Build(new TransactionOrder(
            release.Source, release.SequenceNumber, [OperationOf(deposit, release.Destination)],
            MemoOf(deposit, release.ToSender), release.MaxTime, PaysOwnFee: true));
        return await cipher.SignAsync(grainKey, seed, unsigned.Hash, $"suspense.release {deposit.Id}", cancellationToken);
    }

    /// <summary>The deposit that may be released so, or why it may not.</summary>
    /// <param name="release">The release.</param>
    /// <param name="grainKey">Who is to sign for it.</param>
    /// <param name="address">Its address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Result<SuspendedDeposit>> FindAsync(
        DepositRelease release, string grainKey, string address, CancellationToken cancellationToken)
    {
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        if (await suspense.FindAsync(release.DepositId, cancellationToken) is not { Status: SuspenseStatus.Open } deposit)
        {
            return NoSuchDeposit;
        }

        if (deposit.Account != address || (release.Source == address && grainKey != ISuspenseGrain.Key))
        {
            return Refused("The deposit is not this account's.");
        }

        var destination = MuxedAccount.Parse(release.Destination).AccountId.ToString();
        var rightful = release.ToSender
            ? release.Destination == (deposit.SenderMuxed ?? deposit.Sender)
            : (await inbox.FindOwnersAsync([destination], cancellationToken))
                .GetValueOrDefault(destination)?.Kind == Storage.GrainState.Wallet;
        return rightful ? deposit : Refused("A deposit goes to a wallet of ours, or back to its sender.");
    }

    /// <summary>The payment of exactly the deposit, from the account that has it.</summary>
    public static Operation OperationOf(SuspendedDeposit deposit, string destination) => new(
        AccountId.Parse(deposit.Account),
        new PaymentOperation(MuxedAccount.Parse(destination), Asset.Parse(deposit.Asset), deposit.Stroops));

    /// <summary>
    /// Back to the sender the deposit's hash is the return memo, to a user's wallet a hash memo: so either can be traced to the
    /// deposit.
    /// </summary>
    public static Memo MemoOf(SuspendedDeposit deposit, bool toSender)
    {
        var hash = Hash.FromHex(deposit.TransactionHash);
        return toSender ? new MemoReturn(hash) : new MemoHash(hash);
    }

    private static Error Refused(string message) => new(ErrorKind.Refused, "release_refused", message);
}
